"""The only clock of a case: it stands still while anything is due, and then jumps to what comes next."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count


@dataclass
class Agenda:
    """What is still to happen, by its time; of two things of one time, what was put down first."""

    moment: datetime
    _due: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def now(self) -> datetime:
        return self.moment

    def at(self, moment: datetime, happen: Callable[[], None]) -> None:
        """Put something down; what lies in the past happens next."""
        heapq.heappush(self._due, (moment, next(self._order), happen))

    def jump(self) -> bool:
        """Let the next thing happen, at its time; False where there is none."""
        if not self._due:
            return False
        moment, _, happen = heapq.heappop(self._due)
        self.moment = max(self.moment, moment)
        happen()
        return True
