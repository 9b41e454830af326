"""What passes between the interpreter and a driver: calls out, what became of them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from orderloom.declare import Node, Wait

if TYPE_CHECKING:
    from orderloom.flow.model import Retry as RetryRule
    from orderloom.run.machine.interpreter import Interpreter
    from orderloom.run.machine.program import StepProgram

StepState = Literal["open", "running", "done", "failed", "skipped", "parked"]


@dataclass(slots=True)  # not frozen, as the other two of which every step makes one: that takes five times as long
class Call:
    """One call of a node that a driver is to make. `item` counts from 0 in a for_each, else None.

    `name` is the step's whole name, with that of each subflow it stands in: `express/quote`, `parcels[2]/label`.
    """

    owner: Interpreter  # who is told its fate
    program: StepProgram
    name: str
    inputs: Mapping[str, Any]
    item: int | None = None
    attempt: int = 1
    undo: bool = False
    state: Mapping[str, Any] | None = None  # what the node's last `Later` kept
    in_doubt: bool = False  # an attempt before this one may have taken effect, and nobody knows

    @property
    def step(self) -> int:
        """The step's index in its own flow."""
        return self.program.index

    @property
    def node(self) -> Node:
        undo = self.program.undo if self.undo else None
        return undo.node if undo else self.program.node

    @property
    def retry(self) -> RetryRule | None:
        """How often it is tried again, where it is."""
        return self.program.undo.retry if self.undo and self.program.undo else self.program.planned.retry

    @property
    def timeout(self) -> timedelta | None:
        """How long it may take; of a wait, how long it waits."""
        return self.program.undo.timeout if self.undo and self.program.undo else self.program.planned.timeout

    @property
    def is_late(self) -> bool:
        """An end has come before it is made. What takes back is made all the same, and what is in doubt."""
        return self.owner.end is not None and not self.undo and not self.in_doubt

    @property
    def label(self) -> str:
        """The name with the item's number, counted from 1 as formulas do."""
        return self.name if self.item is None else f"{self.name}[{self.item + 1}]"


@dataclass(frozen=True, slots=True)
class Failure:
    """A call, or a step, that failed; `message` is for people.

    `environment`: this machine lacks something. `in_doubt`: it may have taken effect all the same. `final`: it is not
    tried again by itself. `held_back`: it was not made, which counts as no attempt.
    """

    error_class: str
    message: str
    item: int | None = None
    retry_after_s: float | None = None
    environment: bool = False
    in_doubt: bool = False
    final: bool = False
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """The call is to be made again: after `delay_s`, which is spread, and never before `not_before_s`."""

    call: Call
    delay_s: float
    not_before_s: float = 0.0
    after: Failure | None = None  # what the attempt before it failed with

    @property
    def longest_s(self) -> float:
        return max(self.delay_s, self.not_before_s)

    def spread_s(self, chance: float) -> float:
        """When to make it, by a chance from 0 to 1: those who failed together do not come back together."""
        return max(self.delay_s * (0.5 + chance / 2), self.not_before_s * (1 + chance / 10))


@dataclass(frozen=True, slots=True)
class Open:
    """A call that waits for a person, for an event, or for its time."""

    call: Call
    wait: Wait


@dataclass(slots=True)
class Settled:
    """An entry of the run's path: a step and how it settled."""

    step: int
    name: str
    outcomes: tuple[str, ...] = ()  # named where the node has several
    failure: Failure | None = None

    def __str__(self) -> str:
        if self.failure:
            return f"{self.name}!{self.failure.error_class}"
        return f"{self.name}:{','.join(self.outcomes)}" if self.outcomes else self.name
