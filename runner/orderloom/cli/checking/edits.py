"""Fixes in, the text with those edits out; all else stays as it is: comments, line ends, the byte order mark."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace

from orderloom.problems import Fix, Place, Problem
from orderloom.source.document import Lines


def edited(content: bytes, fixes: Iterable[Fix]) -> bytes:
    """The content of a UTF-8 file after fixes that do not overlap."""
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    text = content.removeprefix(mark).decode("utf-8")
    lines = Lines(text, "")
    for fix in sorted(set(fixes), key=lambda fix: fix.place, reverse=True):
        start = lines.start_of(fix.place.line)
        before, after = text[: start + fix.place.column - 1], text[start + fix.place.end_column - 1 :]
        text = before + fix.replacement + after
    return mark + text.encode("utf-8")


def without_overlaps(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The findings whose fixes can be made in one go: of those that overlap the first."""
    last: Fix | None = None
    with_places = [(one.fix.place, one.fix, one) for one in problems if one.fix]
    for _, fix, problem in sorted(with_places, key=lambda one: one[0]):
        if last is None or fix == last or not overlap(last.place, fix.place):
            yield problem
            last = fix


def spans_after(fixes: Iterable[Fix]) -> Iterator[Place]:
    """Where what was put in stands afterwards."""
    moved: dict[tuple[str, int], int] = {}
    for fix in sorted(set(fixes), key=lambda fix: fix.place):
        place, line = fix.place, (fix.place.file, fix.place.line)
        start = place.column + moved.get(line, 0)
        yield replace(place, column=start, end_column=start + len(fix.replacement))
        moved[line] = moved.get(line, 0) + len(fix.replacement) - (place.end_column - place.column)


def overlap(one: Place, other: Place) -> bool:
    """Whether two spans share a column."""
    if (one.file, one.line) != (other.file, other.line):
        return False
    return one.column < other.end_column and other.column < one.end_column
