"""What became of the items of one for_each step (rules 19 to 22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orderloom.run.events import Failure


class Items:
    """What is given, how many have begun, and by number what each came to."""

    __slots__ = ("failures", "given", "outcomes", "started", "values")

    def __init__(self, given: Sequence[Any]) -> None:
        self.given = given
        self.started = 0
        self.values: dict[int, Any] = {}
        self.outcomes: dict[int, str] = {}
        self.failures: dict[int, Failure] = {}
