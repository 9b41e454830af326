"""Where a value of a table stands: its place, the text as it is written there, and how to point inside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from orderloom.problems import Place, ProblemsError, did_you_mean
from orderloom.source import Document, Path, read_document

HEAD_KEYS = ("table", "summary", "needs", "hit", "inputs", "outputs", "on_missing", "rows", "cases")


class Spot:
    """A place and what is written there; `within` narrows it to a part of the value's text.

    The place may be given as a function: most cells of a long table are never pointed at.
    """

    __slots__ = ("_place", "_written")

    def __init__(self, place: Place | Callable[[], Place], written: str = "") -> None:
        self._place = place
        self._written = written

    @property
    def written(self) -> str:
        return self._written

    @property
    def place(self) -> Place:
        if not isinstance(self._place, Place):
            self._place = self._place()
        return self._place

    def within(self, text: str, start: int, end: int) -> Place:
        """The place of `text[start:end]`; the whole where the text is written with escapes or over several lines."""
        offset = self.written.find(text) if text else -1
        if offset < 0 or "\n" in text:
            return self.place
        first = self.place.column + offset + start
        return replace(self.place, column=first, end_column=max(first + 1, self.place.column + offset + end))


class Source:
    """Plain data with places: a whole document, a part of one, or data that stands at one place."""

    def __init__(self, data: Any, document: Document | None, root: Path, place: Place) -> None:
        self.data = data
        self.file = place.file
        self._document, self._root, self._place = document, root, place
        self._lines = document.text.splitlines() if document else []

    @classmethod
    def of(cls, document: Document) -> Source:
        return cls(document.data, document, (), Place(document.file))

    @classmethod
    def inline(cls, value: Mapping[str, Any], place: Place) -> Source:
        """Data that stands in another file at `place`; the file is read again for the places inside it."""
        document = _reread(place.file)
        if document is not None:
            for path, there in document.values.items():
                if there == place and _at(document.data, path) == value:
                    return cls(value, document, path, place)
        return cls(value, None, (), place)

    def columns(self, part: str) -> tuple[str, ...] | None:
        """The names under `inputs` or `outputs`; None where that part cannot be read: then none is unknown."""
        there = self.data.get(part)
        return tuple(map(str, there)) if isinstance(there, dict) and there else None

    def types(self) -> Mapping[str, str] | None:
        """The word that stands for the type of each input and output; None where the columns cannot be read."""
        if self.columns("inputs") is None or self.columns("outputs") is None:
            return None
        specs = {**self.data["inputs"], **self.data["outputs"]}
        return {str(name): str(spec.get("type")) if isinstance(spec, dict) else "" for name, spec in specs.items()}

    def misspells(self, part: str) -> bool:
        """Whether a part that is missing stands there under nearly its name, which is a finding of its own."""
        meant = did_you_mean(part, [part])
        near = (did_you_mean(str(key), HEAD_KEYS) for key in self.data if key not in HEAD_KEYS)
        return part not in self.data and meant in near

    def spot(self, *path: str | int) -> Spot:
        return self._spot(self._document.place((*self._root, *path)) if self._document else self._place)

    def key_spot(self, *path: str | int) -> Spot:
        return self._spot(self._document.key_place((*self._root, *path)) if self._document else self._place)

    def is_blank(self, *path: str | int) -> bool:
        """Whether the value there is nothing at all, rather than a written `null`."""
        return self._document is not None and self.spot(*path).written not in {"null", "~"}

    def _spot(self, place: Place) -> Spot:
        if self._document is None or not 0 < place.line <= len(self._lines):
            return Spot(place)
        return Spot(place, self._lines[place.line - 1][place.column - 1 : place.end_column - 1])


def _reread(file: str) -> Document | None:
    path = File(file)
    try:
        return read_document(path) if path.is_file() else None
    except ProblemsError:
        return None


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data
