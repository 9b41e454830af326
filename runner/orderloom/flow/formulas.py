"""Scalars of a flow file in; parsed formulas, and texts with holes, out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from orderloom.feel import FeelSyntaxError, parse
from orderloom.flow.model import Formula, Text
from orderloom.flow.places import span
from orderloom.problems import Place, Problem, ProblemsError, refuse
from orderloom.source import Document

_MUSTACHE = re.compile(r"\{\{([^{}]*)\}\}")
_N8N = re.compile(r"\s*\{\{\s*\$(?:json)?((?:\.[A-Za-z_][A-Za-z0-9_]*)*)[^{}]*\}\}")  # `{{ $json.order }}`


def is_formula(value: Any) -> bool:
    """Whether what stands in the file is a formula: a text that begins with `=`."""
    return isinstance(value, str) and value.startswith("=")


def read_formula(document: Document, scalar: Place, text: str, names: Collection[str]) -> Formula:
    """The formula in `text`, which begins with `=` and stands at `scalar`. Raises `ProblemsError`."""
    return _parsed(document, scalar, text, 1, len(text), names)


def read_text(document: Document, scalar: Place, text: str, names: Collection[str]) -> tuple[Text, list[Problem]]:
    """A template: each hole `{…}` is one formula, `{{` is a brace. Holes that cannot be read are left out and told."""
    parts: list[str | Formula] = []
    problems: list[Problem] = _suspicions(document, scalar, text, names)
    literal, at = "", 0
    while at < len(text):
        if text.startswith("{{", at):
            literal, at = literal + "{", at + 2
        elif text[at] == "{":
            end = _hole_end(text, at)
            try:
                if end is None:
                    raise refuse(
                        "F017",
                        "this hole is not closed",
                        span(document, scalar, text, at, at + 1),
                        "close it by `}`; a brace that is meant as such is written `{{`",
                    )
                parts += [literal, _parsed(document, scalar, text, at + 1, end, names)]
            except ProblemsError as error:
                problems += error.problems
            literal, at = "", (len(text) if end is None else end + 1)
        else:
            literal, at = literal + text[at], at + 1
    return Text(tuple(part for part in (*parts, literal) if part != ""), scalar), problems


def of_n8n(text: str, names: Collection[str]) -> str | None:
    """What to write instead of n8n's `{{ $json.order }}`: a path from the first of the names, the trigger."""
    match = _N8N.search(text)
    return None if match is None else f"{next(iter(names), 'capture')}{match[1] or '.…'}"


def narrow(document: Document, formula: Formula, start: int, end: int) -> Place:
    """The place of a piece of a formula."""
    return span(document, formula.place, formula.expression.text, start, end)


def formulas_in(value: Any) -> Iterator[Formula]:
    """Every formula in a value, however deep."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, Text):
        yield from (part for part in value.parts if isinstance(part, Formula))
    elif isinstance(value, (Mapping, list, tuple)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from formulas_in(item)


def _parsed(document: Document, scalar: Place, text: str, start: int, end: int, names: Collection[str]) -> Formula:
    formula = text[start:end]
    place = span(document, scalar, text, start, end) if formula else scalar
    if not formula.strip():
        raise refuse(
            "F014",
            "a formula is missing here",
            scalar,
            'write one behind the sign; a literal `=` is the formula `="="`',
        )
    try:
        return Formula(parse(formula, tuple(names)), place)
    except FeelSyntaxError as error:
        if mend := of_n8n(formula, names):
            message = f"`{formula.strip()}` is n8n's way and no formula here"
            raise refuse(error.code, message, place, f"write `={mend}`") from error
        where = span(document, scalar, text, start + error.start, start + max(error.end, error.start + 1))
        raise refuse(error.code, error.message, where, error.help) from error


def _suspicions(document: Document, scalar: Place, text: str, names: Collection[str]) -> list[Problem]:
    """S001 (warning): double braces around what a hole could hold; around any other words they are just braces."""
    for match in _MUSTACHE.finditer(text):
        mend = of_n8n(match[0], names) or (match[1].strip() if _reads_any(match[1], names) else None)
        if mend is not None:
            message = f"`{match[0]}` is no hole: `{{{{` stands for a brace"
            place = span(document, scalar, text, *match.span())
            return [Problem("S001", message, place, f"write `{{{mend}}}`", "warning")]
    return []


def _reads_any(text: str, names: Collection[str]) -> bool:
    try:
        reads = parse(text, tuple(names)).reads
    except FeelSyntaxError:
        return False
    return any(read.path[0] in {*names, "item", "result"} for read in reads)


def _hole_end(text: str, start: int) -> int | None:
    """The offset of the brace that closes the hole; braces and quotes of the formula are stepped over."""
    depth, quoted, at = 0, False, start
    while at < len(text):
        character = text[at]
        if quoted:
            at += character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return at
        at += 1
    return None
