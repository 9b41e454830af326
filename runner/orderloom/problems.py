"""What is wrong, where, and how to mend it: the one form in which orderloom refuses anything.

ProblemsError(Exception)    carries one or more Problem
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


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


@dataclass(frozen=True)
class Problem:
    """One finding: a stable code (`orderloom explain CODE`), one sentence, a place, at most one help."""

    code: str
    message: str
    place: Place
    help: str | None = None
    severity: Severity = "error"

    def sort_key(self) -> tuple[Place, str, str]:
        """Findings are told in the order of the file."""
        return (self.place, self.code, self.message)


class ProblemsError(Exception):
    """A file or a request was refused; `problems` holds every finding, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=Problem.sort_key))
        super().__init__("; ".join(f"{problem.place}: {problem.message}" for problem in self.problems))


def refuse(code: str, message: str, place: Place, help: str | None = None) -> ProblemsError:  # noqa: A002 (the word users see)
    """A refusal with a single finding, to be raised."""
    return ProblemsError([Problem(code, message, place, help)])


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """`did you mean 'order.capture'?` for the nearest known word, or None where nothing is near."""
    candidates = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), candidates, n=1, cutoff=0.6)
    return f"did you mean `{candidates[near[0]]}`?" if near else None
