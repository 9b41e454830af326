"""JSON text or bytes in, a Document out: exact numbers, no key twice, no NaN; faults are told with path and place.

A text without a fault is read by the standard library's scanner; places, and faults, are found by our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from orderloom.problems import Place, ProblemsError
from orderloom.source.document import Document, Path
from orderloom.source.encoding import decode, too_large
from orderloom.source.json_scanner import JSON_DEPTH_LIMIT, Scan, exact, scan

JSON_LIMIT_BYTES = 64_000_000
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # perhaps half of a surrogate pair


def parse_json(text: str | bytes, file: str, *, limit_bytes: int = JSON_LIMIT_BYTES) -> Document:
    """The document of a JSON text; ProblemsError with every finding otherwise. Places are looked up on first use."""
    if len(text) > limit_bytes:
        raise too_large(file, limit_bytes)
    text = decode(text, file) if isinstance(text, bytes) else text.removeprefix("\ufeff")
    places = _LatePlaces(text, file)
    data, sound = None, False
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_float=exact, parse_int=exact, parse_constant=_no_number)
        sound = not _perhaps_halved(text) and not _deep(text, data)
    except (ValueError, RecursionError):
        pass  # the scanner below finds out what is wrong, and where
    if not sound:
        data = _refuse_or_read(places)
    return Document(file, text, data, _View(places, "keys"), _View(places, "values"))


def _refuse_or_read(places: _LatePlaces) -> Any:
    if places.found.problems:
        raise ProblemsError(places.found.problems)
    return places.found.data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _no_number(word: str) -> Decimal:
    raise ValueError(word)


def _perhaps_halved(text: str) -> bool:
    if "\\u" in text and _HALF.search(text):
        return True
    text.encode()  # UnicodeEncodeError is a ValueError
    return False


def _deep(text: str, data: Any) -> bool:
    if text.count("[") + text.count("{") <= JSON_DEPTH_LIMIT:
        return False
    level, depth = [data], 0
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return depth > JSON_DEPTH_LIMIT


class _LatePlaces:
    """The scan of a text, done when first asked for."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file

    @cached_property
    def found(self) -> Scan:
        return scan(self._text, self._file)


class _View(Mapping[Path, Place]):
    def __init__(self, places: _LatePlaces, which: str) -> None:
        self._places = places
        self._which = which

    def _mapping(self) -> Mapping[Path, Place]:
        found = self._places.found
        return found.keys if self._which == "keys" else found.values

    def __getitem__(self, path: Path) -> Place:
        return self._mapping()[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._mapping())

    def __len__(self) -> int:
        return len(self._mapping())
