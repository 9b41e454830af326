"""Findings about one cell: each names the row and the column, and points into the cell where it can."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.problems import Fix, Place, did_you_mean, exchanged, stutter
from orderloom.rules.kinds import TEXT, Kind
from orderloom.rules.reading.findings import Findings, one_of
from orderloom.rules.reading.literals import listed, plain
from orderloom.rules.reading.sources import Spot

_BARE = re.compile(r"[^\W_][\w-]*(?: [\w-]+)*")  # needs no quotes that it has not got
_BOOLEANS = {**dict.fromkeys(("yes", "y", "on"), "true"), **dict.fromkeys(("no", "n", "off"), "false")}
_NOTHINGS = dict.fromkeys(("none", "nothing", "nil", "n/a", "na", "empty"), "null")


@dataclass(slots=True)
class CellReport:
    """Adds findings that begin with where the cell is; `clean` while there are none."""

    findings: Findings
    spot: Spot
    where: str
    text: str
    elsewhere: Callable[[str], bool] | None = None  # whether another row has that word in the same column
    clean: bool = True

    def add(self, code: str, message: str, help: str | None = None) -> None:  # noqa: A002 (the word users see)
        self._tell(code, message, self.spot.place, help)

    def warn(self, code: str, message: str, help: str) -> None:  # noqa: A002 (the word users see)
        """About a cell that is read all the same."""
        self.findings.add(code, f"{self.where}: {message}", self.spot.place, help, "warning")

    def inside(
        self,
        start: int,
        end: int,
        code: str,
        message: str,
        help: str | None,  # noqa: A002
        meant: str | None = None,
    ) -> None:
        """About `text[start:end]` of the cell; `meant` is what that was for certain to be."""
        place = self.spot.within(self.text, start, end)
        self._tell(code, message, place, help, exchanged(place, self.text[start:end], meant))

    def unknown_name(self, start: int, end: int, name: str, names: Sequence[str], kind: Kind) -> None:
        message = f"`{name}` is not {kind.wanted}, and no column has that name"
        if kind is TEXT:
            message = f"no column is named `{name}`; a text needs quotes here"
        otherwise = f"write {kind.wanted}, or a column: {listed(names)}"
        self.inside(start, end, "D015", message, did_you_mean(name, names) or self._mend(kind, name) or otherwise)

    def _mend(self, kind: Kind, word: str) -> str | None:
        """Quotes that FEEL is to see have to come through the quotes of the file."""
        if kind is not TEXT or word != self.text:
            return mend_word(kind, word)
        in_sheet = self.spot.place.file.endswith(".csv")
        return f'write `"""{word}"""`' if in_sheet else f"write `'\"{word}\"'`"

    def not_allowed(self, value: Any, allowed: Sequence[Any]) -> None:
        words = [plain(word) for word in allowed]
        near = did_you_mean(plain(value), words)
        start = max(self.text.find(plain(value)), 0)
        message = f"`{plain(value)}` is none of the column's values"
        meant = self._meant(plain(value), words)
        self.inside(start, start + len(plain(value)), "D012", message, near or one_of(words), meant)

    def _meant(self, word: str, words: Sequence[str]) -> str | None:
        """The value that a slip was to be, for certain: the slip is in this cell, and not among the values, where
        another row has the value too."""
        meant = stutter(word, words)
        if meant is None or self.elsewhere is None or not _BARE.fullmatch(meant):
            return None
        return meant if self.elsewhere(meant) else None

    def _tell(self, code: str, message: str, place: Place, help: str | None, fix: Fix | None = None) -> None:  # noqa: A002
        self.clean = False
        self.findings.add(code, f"{self.where}: {message}", place, help, fix=fix)


class Silence(CellReport):
    """Only notes whether there is anything to tell: of most cells there is nothing, and no matter where they stand."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Findings(), Spot(Place("")), "", "")

    def hears_nothing(self, check: Callable[[CellReport], object]) -> bool:
        self.clean = True
        check(self)
        return self.clean

    def _tell(self, *_: object, **__: object) -> None:
        self.clean = False


def mend_word(kind: Kind, word: str) -> str | None:
    """What a bare word was meant to be in a column of that type."""
    if kind is TEXT:
        return f'write `"{word}"`'
    spelt = {"boolean": _BOOLEANS}.get(kind.name, {}) | _NOTHINGS
    return f"write `{spelt[word.casefold()]}`" if word.casefold() in spelt else None
