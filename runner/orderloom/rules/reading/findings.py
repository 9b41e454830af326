"""Problems gathered while a table is read, so that all of them are told at once."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.problems import Fix, Place, Problem, ProblemsError, Severity, did_you_mean, respelt


class Findings:
    """A list of problems that grows."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        help: str | None = None,  # noqa: A002 (the word users see)
        severity: Severity = "error",
        fix: Fix | None = None,
    ) -> None:
        self.problems.append(Problem(code, message, place, help, severity, fix))

    def unknown(self, code: str, message: str, place: Place, word: str, known: Iterable[str], fewest: int = 4) -> None:
        """A word that is none of those of the language: the nearest, or all of them, as help. Where those are few and
        unlike one another, one of `fewest` letters can be told too."""
        known = tuple(known)
        help_ = did_you_mean(word, known) or one_of(known)
        self.add(code, message, place, help_, fix=respelt(place, word, known, fewest))

    def raise_errors(self) -> None:
        if any(problem.severity == "error" for problem in self.problems):
            raise ProblemsError(self.problems)


def one_of(known: Iterable[str]) -> str | None:
    known = tuple(known)
    return f"it can be: {', '.join(known)}" if known else None
