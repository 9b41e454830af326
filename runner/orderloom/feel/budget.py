"""What one evaluation may still spend, for the loops that a formula writes and for walks through nested values.

Values may share parts, so that a short formula can describe a list whose walk would never end: whoever walks through
nested values pays from the budget of the evaluation that is under way in this thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orderloom.feel.errors import (
    MAX_CALLS,
    MAX_NESTING,
    MAX_STEPS,
    too_deep_a_value,
    too_many_calls,
    too_many_steps,
)


class Budget:
    """Steps and nested calls that are left. Use it as a context manager around an evaluation.

    An evaluation within another, as where a formula calls a function that is made of formulas, spends from the outer.
    """

    __slots__ = ("_outer", "calls", "steps")

    def __init__(self) -> None:
        self.steps, self.calls = MAX_STEPS, MAX_CALLS
        self._outer: Budget | None = None

    def __enter__(self) -> Budget:
        outer = self._outer = getattr(_thread, "budget", None)
        if outer is not None:
            self.steps, self.calls = outer.steps, outer.calls
        _thread.budget = self
        return self

    def __exit__(self, *_: object) -> None:
        outer = self._outer
        if outer is not None:
            outer.steps = self.steps
        _thread.budget = outer

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise too_many_steps()

    def enter(self) -> None:
        """One function of the formula calls another."""
        self.spend(1)
        self.calls -= 1
        if self.calls < 0:
            raise too_many_calls()


_thread = threading.local()


@contextmanager
def deeper() -> Iterator[None]:
    """Around the body of a host's function: it counts among the calls that may stand within one another."""
    budget: Budget | None = getattr(_thread, "budget", None)
    if budget is None:
        yield
        return
    budget.enter()
    try:
        yield
    finally:
        budget.calls += 1


@contextmanager
def aside(steps: int) -> Iterator[None]:
    """Around an evaluation that only explains another: it may cost so much, and the one under way pays nothing."""
    outer: Budget | None = getattr(_thread, "budget", None)
    _thread.budget = None
    try:
        with Budget() as budget:
            budget.steps = steps
            yield
    finally:
        _thread.budget = outer


def spend(steps: int) -> None:
    """Pay for a walk through so many items; outside an evaluation it costs nothing."""
    budget: Budget | None = getattr(_thread, "budget", None)
    if budget is not None:
        budget.spend(steps)


def spend_on(value: Any) -> None:
    """Pay for everything inside a value that a formula has made, level by level."""
    level, depth = [value], 0
    while level:
        inner: list[Any] = []
        for part in level:
            members = part if isinstance(part, list | tuple) else part.values() if type(part) is dict else ()
            if members:
                spend(len(members))
                inner.extend(members)
        level, depth = inner, depth + 1
        if depth > MAX_NESTING:
            raise too_deep_a_value()
