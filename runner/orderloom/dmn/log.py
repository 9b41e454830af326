"""What happened while a model was evaluated: what could not be decided and why, and what each table answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orderloom.problems import Place, Problem

if TYPE_CHECKING:
    from orderloom.dmn.answers import TableAnswer

LOG = "\0log"  # no name of FEEL begins so
MOST_NOTES = 200
MOST_LOOKS = 10  # for the reason of a null, by formula


@dataclass
class Log:
    """Grows during one evaluation. Loops may say the same many times: it is kept once."""

    problems: dict[Problem, None] = field(default_factory=dict)
    tables: list[TableAnswer] = field(default_factory=list)
    _looked: Counter[int] = field(default_factory=Counter)

    def note(self, code: str, message: str, place: Place, help_: str | None = None) -> None:
        self.add([Problem(code, message, place, help_, "warning")])

    def looks_for_reason(self, of: int) -> bool:
        """Whether to look for the reason of a null once more: a loop would do it for every round. `of` is a formula."""
        self._looked[of] += 1
        return len(self.problems) < MOST_NOTES and self._looked[of] <= MOST_LOOKS

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.problems) < MOST_NOTES:
                self.problems.setdefault(problem)

    def table(self, answer: TableAnswer) -> None:
        if len(self.tables) < MOST_NOTES:
            self.tables.append(answer)


def log_of(scope: Mapping[str, Any]) -> Log:
    found: Log = scope[LOG]
    return found
