"""Offsets into a scalar's text in, places in the file out: quotes, escapes and folded lines are looked through."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from orderloom.problems import Place
from orderloom.source import Document

_BREAK = re.compile(r"\r\n|\n|\r")


def span(document: Document, scalar: Place, text: str, start: int, end: int) -> Place:
    """The place of `text[start:end]`, where `text` is the value of the scalar that stands at `scalar`.

    One line only: a span that runs over the end of a line is told to that end.
    """
    where = _positions(document.text, _offset(document, scalar), text)
    if not where or start > len(where):
        return scalar
    if start == len(where):  # right behind the text: an end that came too early
        where.append(where[-1] + 1)
    first, last = where[start], where[min(max(end, start + 1), len(where)) - 1] + 1
    starts = _line_starts(document)
    line = bisect_right(starts, first)
    line_end = (
        len(document.text[first:last].splitlines()[0]) if last > first and document.text[first:last].strip() else 1
    )
    column = first - starts[line - 1] + 1
    return Place(scalar.file, line, column, column + line_end)


@lru_cache(maxsize=8)
def _line_starts(document: Document) -> tuple[int, ...]:
    return (0, *(found.end() for found in _BREAK.finditer(document.text)))


def _offset(document: Document, place: Place) -> int:
    return _line_starts(document)[place.line - 1] + max(place.column - 1, 0) if place.line else 0


def _positions(source: str, offset: int, text: str) -> list[int]:
    """The offset in the source of each character, or nothing where the two cannot be brought together."""
    if source.startswith(text, offset):
        return list(range(offset, offset + len(text)))
    if source[offset : offset + 1] in {"|", ">"}:
        offset = source.find("\n", offset) + 1
    found, at, limit = [], offset, min(len(source), offset + 4 * len(text) + 400)
    for character in text:
        while at < limit and not _stands(character, source[at]):
            at += 1  # a quote, a backslash, the indentation of a folded line
        if at >= limit:
            return []
        found.append(at)
        at += 1
    return found


def _stands(character: str, source: str) -> bool:
    return character == source or (character in " \n" and source in " \n")
