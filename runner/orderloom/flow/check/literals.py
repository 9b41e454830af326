"""Findings about plain texts that look like formulas whose sign was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orderloom.flow.check.subject import Subject
from orderloom.problems import Problem
from orderloom.source import Path

_REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\.[A-Za-z_][A-Za-z0-9_]*)+")


def forgotten_signs(subject: Subject) -> Iterator[Problem]:
    """S008 (warning): a text such as `capture.order` in an input would be passed on letter by letter."""
    for bound in (*subject.bound.values(), *subject.undos.values()):
        for name, value in bound.inputs.items():
            yield from _texts(subject, value, (*bound.path, "with", name))


def _texts(subject: Subject, value: Any, path: Path) -> Iterator[Problem]:
    if isinstance(value, str):
        match = _REFERENCE.fullmatch(value)
        if match and (match[1] in subject.flow.steps or match[1] in subject.flow.let or match[1] in ("item", "result")):
            message = f"`{value}` is a plain text here, and no formula"
            yield Problem("S008", message, subject.place(*path), f"did you mean `={value}`?", "warning")
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(subject, member, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(subject, item, (*path, number))
