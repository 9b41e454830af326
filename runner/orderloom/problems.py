"""What is wrong, where, and how to mend it: the one form in which orderloom refuses anything.

ProblemsError(Exception)    carries one or more Problem
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]

_ALIKE = 0.75  # difflib's ratio: a word of four letters with one slip in it has no less
_FEWEST_LETTERS = 4
_SHORT = 3


@dataclass(frozen=True, order=True)
class Place:
    """A span of one line in a file; line and columns count from 1, `end_column` is exclusive.

    Line 0 means the file as a whole. In a workbook line and column are those of the sheet, and `cell` is `Sheet!B7`.
    """

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}:{self.cell}"
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


COMMAND_LINE = Place("the command line")  # where a name stands that is in no file


@dataclass(frozen=True)
class Fix:
    """An edit that mends a finding for certain: what stands at `place` gives way to `replacement`."""

    place: Place
    replacement: str


@dataclass(frozen=True)
class Problem:
    """One finding: a stable code (`orderloom explain CODE`), one sentence, a place, at most one help and fix."""

    code: str
    message: str
    place: Place
    help: str | None = None
    severity: Severity = "error"
    fix: Fix | None = None

    def sort_key(self) -> tuple[Place, str, str]:
        """Findings are told in the order of the file."""
        return (self.place, self.code, self.message)


class ProblemsError(Exception):
    """A file or a request was refused; `problems` holds every finding, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__("; ".join(f"{problem.place}: {problem.message}" for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each finding once, in the order of the files."""
    return sorted(set(problems), key=Problem.sort_key)


def refuse(code: str, message: str, place: Place, help: str | None = None) -> ProblemsError:  # noqa: A002 (the word users see)
    """A refusal with a single finding, to be raised."""
    return ProblemsError([Problem(code, message, place, help)])


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """`did you mean 'order.capture'?` for the nearest known word, or None where nothing is near."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    candidates = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), candidates, n=1, cutoff=0.6)
    return candidates[near[0]] if near else None


def slip(word: str, known: Iterable[str], fewest: int = _FEWEST_LETTERS) -> str | None:
    """The known word that is meant for certain: one slip of the keyboard away, and the only one that is like it.

    Shorter words than four letters are one slip away from too many others, where anybody may name things.
    """
    near = difflib.get_close_matches(word, set(known), n=2, cutoff=_ALIKE)
    if len(near) != 1 or len(near[0]) < fewest:
        return None
    return near[0] if _one_slip(word, near[0]) else None


def stutter(word: str, known: Iterable[str]) -> str | None:
    """The same, of slips that make no other word of one: a letter typed twice, or once for twice, two swapped, other
    capitals or dashes. A wrong letter may be meant where words are a person's own: boots are no books."""
    meant = slip(word, known)
    if meant is None:
        return None
    swapped = len(word) == len(meant) and sorted(word) == sorted(meant)
    return meant if swapped or _plain(word) == _plain(meant) or _once(word) == _once(meant) else None


def key_slip(word: str, known: Collection[str], needed: str | None = None) -> str | None:
    """The same of keys that are ours, with two certainties more, however short they are.

    The only other word that is there must be `needed`, the one that lacks; and a word of three letters has them all,
    two of them swapped or as capitals.
    """
    if needed and _one_slip(word, needed):
        return needed
    same = [one for one in known if len(one) == len(word) == _SHORT and sorted(one) == sorted(word.casefold())]
    return slip(word, known) or (same[0] if len(same) == 1 and _one_slip(word, same[0]) else None)


def respelt(place: Place, word: str, known: Iterable[str], fewest: int = _FEWEST_LETTERS) -> Fix | None:
    """The known word in the place of a slip, where that is certain."""
    return exchanged(place, word, slip(word, known, fewest))


def exchanged(place: Place, word: str, meant: str | None) -> Fix | None:
    """What is meant in the place of a word; None where nothing is, or `place` holds more than the word in quotes.

    Nor are the cells of a workbook, which is no text, edited.
    """
    quotes = (place.end_column - place.column - len(word)) / 2
    if meant is None or place.cell or quotes not in (0, 1):
        return None
    inside = replace(place, column=place.column + int(quotes), end_column=place.end_column - int(quotes))
    return Fix(inside, meant)


def _one_slip(word: str, known: str) -> bool:
    """A letter too many, too few or wrong, two letters swapped, or other capitals and dashes."""
    if _plain(word) == _plain(known):
        return True
    start = _alike(word, known)
    end = _alike(word[start:][::-1], known[start:][::-1])
    left, right = word[start : len(word) - end], known[start : len(known) - end]
    return max(len(left), len(right)) == 1 or (len(left) == 2 and left == right[::-1])


def _alike(word: str, other: str) -> int:
    """With how many of the same letters they begin."""
    shorter = min(len(word), len(other))
    return next((at for at in range(shorter) if word[at] != other[at]), shorter)


def _once(word: str) -> str:
    """Without letters that repeat the one before."""
    return "".join(letter for letter, before in zip(word, f"\0{word}", strict=False) if letter != before)


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
