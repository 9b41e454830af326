"""A parsed template and data in, text out. Data is only ever looked up and written, never read as a template."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderloom_nodes.notify.template import Each, Hole, If, Literal, Part, Path
from orderloom_nodes.notify.values import is_there, items_of, member, spoken

LONGEST = 1_000_000
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


@dataclass
class Pen:
    """Collects what is written, and the names that were not there."""

    escapes: bool = False
    missing: dict[str, None] = field(default_factory=dict)
    too_long: bool = False
    _written: list[str] = field(default_factory=list)
    _length: int = 0

    def write(self, text: str) -> None:
        self._length += len(text)
        self.too_long |= self._length > LONGEST
        if not self.too_long:
            self._written.append(text)

    @property
    def text(self) -> str:
        return "".join(self._written)


def render(parts: tuple[Part, ...], scope: Mapping[str, Any], pen: Pen) -> None:
    """Write the parts with these names in scope. Never raises; text beyond a million letters is cut off."""
    for part in parts:
        if pen.too_long:
            return
        if isinstance(part, Literal):
            pen.write(part.text)
        elif isinstance(part, Hole):
            _hole(part, scope, pen)
        elif isinstance(part, If):
            render(part.body if is_there(_value(part.path, scope)) else part.otherwise, scope, pen)
        else:
            _each(part, scope, pen)


def holes(parts: tuple[Part, ...]) -> Iterator[Path]:
    """Every path that is read, in the order of the text."""
    for part in parts:
        if isinstance(part, Literal):
            continue
        yield part.path
        if isinstance(part, If):
            yield from holes((*part.body, *part.otherwise))
        elif isinstance(part, Each):
            yield from holes(part.body)


def _hole(hole: Hole, scope: Mapping[str, Any], pen: Pen) -> None:
    text = spoken(_value(hole.path, scope))
    if text is None:
        pen.missing[".".join(hole.path)] = None
        return
    if hole.link and not _may_be_followed(text):
        text = "#"
    pen.write(html.escape(text) if pen.escapes else text)


def _each(each: Each, scope: Mapping[str, Any], pen: Pen) -> None:
    for item in items_of(_value(each.path, scope)):
        if pen.too_long:
            return
        render(each.body, {**scope, each.name: item}, pen)


def _value(path: Path, scope: Mapping[str, Any]) -> Any:
    value: Any = scope.get(path[0])
    for name in path[1:]:
        value = member(value, name)
    return value


def _may_be_followed(text: str) -> bool:
    # browsers drop blanks and control characters inside a scheme, so `java\tscript:` must not slip through
    return text.lower().startswith(_SCHEMES) and all(letter.isprintable() and letter != " " for letter in text)
