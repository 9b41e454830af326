"""A long CSV in, how it is written out: its encoding, its separator, and how many lines stand above its header.

Only the beginning of the file is looked at; what does not fit it further down shows when it is read.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from orderloom.problems import Problem
from orderloom.source.encoding import exported_encoding
from orderloom.source.separators import NAMED, separator_of

_BEGINNING = 16_000_000
_HEADER = 100_000


@dataclass(frozen=True)
class CsvForm:
    """`note` says that the file is not UTF-8, and was converted."""

    encoding: str
    separator: str
    above: int = 0
    note: Problem | None = None


def csv_form(path: Path) -> CsvForm:
    """Raises `ProblemsError` (Y003) where the encoding stays open, and OSError."""
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    if len(beginning) == _BEGINNING:
        beginning = beginning[: beginning.rfind(b"\n") + 1] or beginning  # no letter is cut in two
    encoding, note = exported_encoding(beginning, str(path))
    text = io.TextIOWrapper(io.BytesIO(beginning), encoding, "replace", newline="").read(_HEADER)
    text = text.removeprefix("\ufeff")
    if named := NAMED.match(text):
        return CsvForm(encoding, named[1], 1, note)
    return CsvForm(encoding, separator_of(text), 0, note)
