"""What runs have taken in; of all branches of their flows those that were taken and those that were not, out.

A branch is an outcome of a step, a class of errors that it routes, or that its `when` was not true. A flow within a
flow has branches of its own, whichever run took them. Undos are none: what takes a step back is no way on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program, StepProgram

NOT_WHEN = "not when"


@dataclass(frozen=True)
class Branch:
    """One way that a step can go on: by an outcome, by `!class`, or not at all, since its `when` was not true."""

    step: str
    word: str
    line: int  # where the flow says so
    only: bool = False  # the step has no other outcome

    def __str__(self) -> str:
        if self.only:
            return self.step
        return f"{self.step}{self.word}" if self.word.startswith("!") else f"{self.step}:{self.word}"


@dataclass
class FlowCoverage:
    """The branches of one flow; `taken` are those that some run took."""

    flow: str
    file: Path
    branches: tuple[Branch, ...]
    taken: set[Branch] = field(default_factory=set)

    @property
    def missing(self) -> list[Branch]:
        """In the order of the flow."""
        return [branch for branch in self.branches if branch not in self.taken]

    @property
    def percent(self) -> float:
        return 100.0 * len(self.taken) / len(self.branches) if self.branches else 100.0


@dataclass
class Coverage:
    """Of all flows that were run, and of those that were to be."""

    _flows: dict[Path, FlowCoverage] = field(default_factory=dict)

    @property
    def flows(self) -> list[FlowCoverage]:
        """In the order in which they were met."""
        return list(self._flows.values())

    def flow(self, program: Program) -> FlowCoverage:
        """That of one flow; nothing of it was taken yet where it is met first."""
        source = Path(program.plan.flow.source.file)
        key = source.resolve()
        if key not in self._flows:
            self._flows[key] = FlowCoverage(program.plan.flow.name, source, tuple(branches(program)))
        return self._flows[key]

    def add(self, runs: Iterable[Interpreter]) -> None:
        """What one run has taken, with those of the flows within it."""
        for run in runs:
            cover = self.flow(run.program)
            taken = {(step.name, word) for step in run.program.steps for word in _words(run, step)}
            cover.taken |= {branch for branch in cover.branches if (branch.step, branch.word) in taken}


def branches(program: Program) -> Iterator[Branch]:
    """All of a flow, in its order. The trigger is what the cases begin with, and is left out."""
    source = program.plan.flow.source
    for step in program.steps[1:]:
        outcomes, path = step.planned.outcomes, ("steps", step.name)
        for word in outcomes:
            line = source.key_place((*path, "next", word)).line
            yield Branch(step.name, word, line, only=len(outcomes) == 1)
        for word in step.planned.step.on_error:
            yield Branch(step.name, f"!{word}", source.key_place((*path, "on_error", word)).line)
        if step.when is not None:
            yield Branch(step.name, NOT_WHEN, source.key_place((*path, "when")).line)


def _words(run: Interpreter, step: StepProgram) -> Iterator[str]:
    """The branches that the step took; what was recorded after an end took no route."""
    yield from run.outcomes[step.index]
    if run.states[step.index] == "skipped" and step.when is not None and _was_asked(run, step):
        yield NOT_WHEN


def _was_asked(run: Interpreter, step: StepProgram) -> bool:
    """Whether nothing but its `when` kept the step from running (rule 7)."""
    if any(run.states[index] != "done" for index in step.hard):
        return False
    routes = step.routes_in
    return not routes or any(word in run.outcomes[index] for index, word in routes)
