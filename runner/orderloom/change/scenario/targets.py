"""A compiled flow in; what the names of `world:`, of paths and of values can mean in it, out.

A step within a subflow is called by its whole name, `express/quote`; of a subflow that runs once an item, the number of
the item may stand there or not: `parcels[2]/label`, `parcels/label`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from orderloom.declare import Node
from orderloom.run.machine.events import Call
from orderloom.run.machine.program import Program, StepProgram
from orderloom.shapes import Schema

UNDO = "undo "
_ITEM = re.compile(r"\[[0-9]+\](?=/)")


@dataclass(frozen=True)
class Target:
    """A step of the flow, or of a flow within it, or what takes that step back."""

    name: str  # the whole name
    step: StepProgram
    program: Program  # of the flow that it stands in
    undo: bool = False

    @property
    def node(self) -> Node:
        return self.step.undo.node if self.undo and self.step.undo else self.step.node

    @property
    def outcomes(self) -> tuple[str, ...]:
        """As the node declares them, for these settings."""
        return self.step.undo.outcomes if self.undo and self.step.undo else self.step.planned.outcomes

    @cached_property
    def schemas(self) -> Mapping[str, Schema]:
        """What each outcome gives."""
        planned = self.step.planned
        return self.node.outcomes(planned.undo.settings if self.undo and planned.undo else planned.settings)

    @property
    def label(self) -> str:
        return f"{UNDO}{self.name}" if self.undo else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """What its formulas may read: the steps of its flow, and its `let`."""
        flow = self.program.plan.flow
        return (*flow.steps, *flow.let)


@dataclass(frozen=True)
class Targets:
    """All of a flow, found by name."""

    program: Program
    steps: Mapping[str, Target] = field(init=False)
    undos: Mapping[str, Target] = field(init=False)

    def __post_init__(self) -> None:
        found = list(_all(self.program, ""))
        object.__setattr__(self, "steps", {one.name: one for one in found if not one.undo})
        object.__setattr__(self, "undos", {one.name: one for one in found if one.undo})

    def step(self, name: str) -> Target | None:
        """The step of that name, with the number of an item in it or without."""
        return self.steps.get(unnumbered(name))

    def meant(self, name: str) -> list[Target]:
        """What an answer under that name stands for: a step, what takes one back, or all that use a node."""
        bare = unnumbered(name.removeprefix(UNDO))
        found = self.undos.get(bare) if name.startswith(UNDO) else self.steps.get(bare)
        if found is not None:
            return [found] if found.node.kind != "trigger" else []
        return [one for one in self._called if name in node_names(one.node)]

    @property
    def known(self) -> list[str]:
        """Every name that an answer may stand under."""
        called = self._called
        nodes = {one.node.name: None for one in called if one.node.name not in self.steps}
        return [*(one.label for one in called), *nodes]

    @property
    def _called(self) -> list[Target]:
        """All but the trigger, which is not called for an answer."""
        return [one for one in (*self.steps.values(), *self.undos.values()) if one.node.kind != "trigger"]


def unnumbered(name: str) -> str:
    """The name without the numbers of items."""
    return _ITEM.sub("", name)


def node_names(node: Node) -> tuple[str, ...]:
    """How `use:` may call it (rule 31), the exact way first."""
    whole = f"{node.pack}/{node.name}"
    return (f"{whole}@{node.version}", whole, f"{node.name}@{node.version}", node.name)


def names_of(call: Call, targets: Targets) -> Iterator[str]:
    """The names under which an answer to this call may stand, the nearest first. A step's name is no node's."""
    mark = UNDO if call.undo else ""
    yield from dict.fromkeys((f"{mark}{call.name}", f"{mark}{unnumbered(call.name)}"))
    yield from (name for name in node_names(call.node) if name not in targets.steps)


def _all(program: Program, prefix: str) -> Iterator[Target]:
    for step in program.steps[1 if prefix else 0 :]:  # the trigger of a subflow is not called
        name = f"{prefix}{step.name}"
        yield Target(name, step, program)
        if step.undo:
            yield Target(name, step, program, undo=True)
        if step.inner:
            yield from _all(step.inner, f"{name}/")
