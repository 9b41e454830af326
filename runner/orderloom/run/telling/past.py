"""A run whose values are no longer kept, as far as the journal still tells of it: how it ended and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from orderloom.journal import GONE, Journal, Run
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.telling.report import RunReport


@dataclass(frozen=True)
class PastReport(RunReport):
    """The report of such a run: no values, no reasons. `went` are the steps in the order in which they settled."""

    name: str = ""
    of_version: int = 0  # 0: not known any more
    came_to: str = ""
    went: Sequence[str] = ()

    def output(self, name: str) -> Any:  # noqa: ARG002 (what the step gave is not kept)
        return None

    @property
    def exit_code(self) -> int:
        return 0  # only runs that have ended are forgotten

    @property
    def flow(self) -> str:
        return self.name

    @property
    def version(self) -> int:
        return self.of_version

    @cached_property
    def status(self) -> str:
        return self.came_to

    @cached_property
    def path(self) -> tuple[str, ...]:
        return tuple(self.went)

    @cached_property
    def outputs(self) -> Mapping[str, Any]:
        return {}

    @cached_property
    def waiting(self) -> tuple[Mapping[str, Any], ...]:
        return ()

    @cached_property
    def problems(self) -> tuple[Mapping[str, Any], ...]:
        return ()

    @cached_property
    def parked(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def undone(self) -> tuple[str, ...]:
        return ()


def past_report(journal: Journal, run: Run) -> PastReport:
    """What the journal still tells of the run."""
    version = 0 if run.number == GONE else journal.pin(run.pin)[1]
    nobody = cast("Interpreter", None)  # it cannot be played back
    went = _went(journal, run)
    return PastReport(run.id, run.key, nobody, (), name=run.flow, of_version=version, came_to=run.status, went=went)


def _went(journal: Journal, run: Run) -> tuple[str, ...]:
    last = {event.step: place for place, event in enumerate(journal.events(run.number))}
    steps = journal.steps(run).splitlines()
    return tuple(sorted(steps, key=lambda step: (last.get(_name(step), -1), step)))


def _name(step: str) -> str:
    return step.partition(":")[0].partition("!")[0]
