"""The tokenizer: text and its separators in, numbered segments out. It never fails: any text is some segments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .separators import Separators

_LAYOUT = "\r\n\t \x1a\x00"  # what stands between segments and means nothing


class Segment:
    """One segment. Elements count from 1, components too; what is not there is an empty text."""

    __slots__ = ("number", "offset", "parts", "raw", "separators", "tag")

    def __init__(self, raw: str, offset: int, number: int, separators: Separators) -> None:
        self.raw, self.offset, self.number, self.separators = raw, offset, number, separators
        body = raw
        if separators.tag:
            self.tag, _, body = raw.partition(separators.tag)
            self.parts = ["", *_split(body, separators.element, separators.release)]
        else:
            self.parts = _split(raw, separators.element, separators.release)
            self.tag = self.parts[0].partition(separators.component)[0] if separators.release else self.parts[0]

    def __repr__(self) -> str:
        return f"Segment({self.raw!r})"

    def __len__(self) -> int:
        """How many elements there are."""
        return len(self.parts) - 1

    def get(self, element: int, component: int = 0) -> str:
        """An element, or one of its components; of an element that repeats the first."""
        if element >= len(self.parts):
            return ""
        found = self.parts[element]
        if not found:
            return ""
        if component:
            pieces = _split(self._first(found), self.separators.component, self.separators.release)
            found = pieces[component - 1] if component <= len(pieces) else ""
        return _plain(found, self.separators.release).strip()

    def components(self, element: int) -> list[str]:
        """All components of an element."""
        found = self.parts[element] if element < len(self.parts) else ""
        pieces = _split(self._first(found), self.separators.component, self.separators.release)
        return [_plain(piece, self.separators.release).strip() for piece in pieces]

    def elements(self) -> Iterator[str]:
        """The elements from the first on, whole."""
        return (self.get(number) for number in range(1, len(self.parts)))

    def _first(self, element: str) -> str:
        mark = self.separators.repetition
        return _split(element, mark, self.separators.release)[0] if mark and mark in element else element


def tokenize(text: str, separators: Separators, offset: int = 0) -> Iterator[Segment]:
    """The segments from `offset` on, empty ones left out. What stands behind the last terminator is a segment too."""
    number = 0
    for start, raw in _pieces(text, separators, offset):
        bare = raw.strip(_LAYOUT) if separators.segment not in _LAYOUT else raw.strip(_LAYOUT.replace("\t", ""))
        if bare:
            number += 1
            yield Segment(bare, start + raw.find(bare[0]), number, separators)


def _pieces(text: str, separators: Separators, start: int) -> Iterator[tuple[int, str]]:
    if separators.release and separators.release in text:
        for found in _until(separators.segment, separators.release).finditer(text, start):
            if found[0]:
                yield found.start(), found[1]
        return
    for piece in text[start:].split(separators.segment):
        yield start, piece
        start += len(piece) + 1


def _split(text: str, mark: str, release: str) -> list[str]:
    if release and release in text and mark:
        return [found[1] for found in _until(mark, release).finditer(text + mark) if found[0]]
    return text.split(mark) if mark else [text]


def _plain(text: str, release: str) -> str:
    return _released(release).sub(r"\1", text) if release and release in text else text


@cache
def _until(mark: str, release: str) -> re.Pattern[str]:
    quoted, free = re.escape(mark), re.escape(release)
    return re.compile(f"((?:{free}.|[^{quoted}{free}])*+(?:{free}$)?)(?:{quoted}|$)", re.DOTALL)


@cache
def _released(release: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(release)}(.)", re.DOTALL)
