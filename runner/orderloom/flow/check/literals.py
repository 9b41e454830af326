"""Findings about plain texts that were to be formulas: the sign was forgotten, or braces stand where none are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from orderloom.declare import Parameter
from orderloom.flow.check.subject import Subject
from orderloom.flow.formulas import of_n8n
from orderloom.problems import Problem
from orderloom.source import Path

_REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\.[A-Za-z_][A-Za-z0-9_]*)+")
_HOLE = re.compile(r"\{ *([A-Za-z_][A-Za-z0-9_]*)((?:\.[A-Za-z_][A-Za-z0-9_]*)*) *\}")


def forgotten_signs(subject: Subject) -> Iterator[Problem]:
    """S008 (warning): a text such as `capture.order` in an input would be passed on letter by letter."""

    def sign(value: str, path: Path) -> Problem | None:
        match = _REFERENCE.fullmatch(value)
        if match is None or match[1] not in {*subject.flow.steps, *subject.flow.let, "item", "result"}:
            return None
        message = f"`{value}` is a plain text here, and no formula"
        return Problem("S008", message, subject.place(*path), f"did you mean `={value}`?", "warning")

    for bound in (*subject.bound.values(), *subject.undos.values()):
        for name, value in bound.inputs.items():
            yield from _texts(sign, value, (*bound.path, "with", name))


def braces_without_a_template(subject: Subject) -> Iterator[Problem]:
    """S010 (warning): `{capture.order.order_id}` where no template is would be passed on with its braces."""
    steps = subject.flow.steps
    uses = [(bound, steps[name].given) for name, bound in subject.bound.items()]
    uses += [(bound, undo.given) for name, bound in subject.undos.items() if (undo := steps[name].undo)]
    for bound, given in uses:
        for name, value in given.items():
            parameter = bound.node.parameter(name) if bound.node else None
            if parameter is not None and parameter.role in {"input", "setting"}:
                yield from _texts(_braces(subject, parameter), value, (*bound.path, "with", name))


def _braces(subject: Subject, parameter: Parameter) -> Callable[[str, Path], Problem | None]:
    def found(value: str, path: Path) -> Problem | None:
        if mend := of_n8n(value, subject.flow.steps):
            message = f"`{value}` is a plain text here: braces with `$` are n8n's way"
        elif any(_names(subject, match) for match in _HOLE.finditer(value)):
            message = f"`{parameter.name}` is not a template: `{value}` stays as it is, with its braces"
            mend = _as_formula(value)
        else:
            return None
        help_ = f"a formula here begins with `=`: write `={mend}`"
        if parameter.role == "setting":
            help_ = "it must be known before anything runs: write the value itself"
        return Problem("S010", message, subject.place(*path), help_, "warning")

    return found


def _names(subject: Subject, match: re.Match[str]) -> bool:
    return match[1] in subject.flow.let or bool(match[2] and match[1] in {*subject.flow.steps, "item", "result"})


def _as_formula(text: str) -> str:
    """`desk {a.b}` as the formula `"desk " + string(a.b)`."""
    hole = _HOLE.fullmatch(text)
    if hole:
        return hole[1] + hole[2]
    pieces, at = [], 0
    for match in _HOLE.finditer(text):
        pieces += [f'"{text[at : match.start()]}"', f"string({match[1]}{match[2]})"]
        at = match.end()
    return " + ".join(piece for piece in (*pieces, f'"{text[at:]}"') if piece != '""')


def _texts(told: Callable[[str, Path], Problem | None], value: Any, path: Path) -> Iterator[Problem]:
    """What is to be told of each plain text in a value, however deep."""
    if isinstance(value, str):
        if problem := told(value, path):
            yield problem
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(told, member, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(told, item, (*path, number))
