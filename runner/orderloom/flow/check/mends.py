"""A formula of the wrong type in; what to write instead, where that is plain, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.feel import parse
from orderloom.feel.types import ANY, BOOLEAN, NUMBER, STRING, ListOf, OneOf, Record, Type, accepts
from orderloom.flow.check.scopes import Scopes
from orderloom.flow.check.subject import Subject
from orderloom.flow.model import Formula
from orderloom.source import Path


def of_type(
    subject: Subject,
    scopes: Scopes,
    value: Any,
    kinds: tuple[Type, Type],
    where: tuple[Path, str, Mapping[str, Type]],
) -> str | None:
    """The mend where `kinds`, what is given and what is wanted, do not go together."""
    (given, wanted), (path, reader, extra) = kinds, where
    if not isinstance(value, Formula):
        return None
    text = value.expression.text
    if isinstance(given, ListOf) and not isinstance(wanted, ListOf) and _same_kind(wanted, given.item):
        many = subject.flow.steps[reader].for_each is not None or "undo" in path[2:]
        return f"one of them is `={text}[1]`" if many else f"for each of them: `for_each: ={text}`, and `=item` here"
    if wanted.word == STRING.word and given.word in {NUMBER.word, BOOLEAN.word}:
        return f"write `=string({text})`"
    near = _member(given, wanted, text) or _above(scopes, value, wanted, reader, extra)
    return f"did you mean `={near}`?" if near else None


def _member(given: Type, wanted: Type, text: str) -> str | None:
    """The member that would fit, where there is exactly one such."""
    variants = list(given.variants.values()) if isinstance(given, OneOf) else [given]
    if not all(isinstance(record, Record) for record in variants):
        return None
    first = variants[0]
    assert isinstance(first, Record)
    fits = [name for name, kind in first.fields.items() if name != "outcome" and _same_kind(wanted, kind)]
    return f"{text}.{fits[0]}" if len(fits) == 1 else None


def _above(scopes: Scopes, value: Formula, wanted: Type, reader: str, extra: Mapping[str, Type]) -> str | None:
    """What the path leads through on its way, where that is the document that is wanted."""
    reads = value.expression.reads
    path = value.expression.text.strip()
    if len(reads) != 1 or path != ".".join(reads[0].path) or not isinstance(wanted, Record):
        return None
    names = (*scopes.subject.flow.steps, *scopes.subject.flow.let, *extra)
    while "." in path:
        path = path.rpartition(".")[0]
        kind = scopes.type_of(Formula(parse(path, names), value.place), reader, extra)
        if isinstance(kind, Record) and kind.fields.keys() == wanted.fields.keys() and accepts(wanted, kind):
            return path
    return None


def _same_kind(wanted: Type, kind: Type) -> bool:
    return kind != ANY and not (isinstance(kind, Record) and kind.open) and accepts(wanted, kind)
