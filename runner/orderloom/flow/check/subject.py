"""What the checks look at: a flow whose steps are bound to nodes, and its edges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderloom.flow.bind import Bound
from orderloom.flow.edges import Edge
from orderloom.flow.model import Flow, Step
from orderloom.problems import Place
from orderloom.source import Path


@dataclass(frozen=True)
class Subject:
    """A bound flow. Findings are told with the places of its document."""

    flow: Flow
    bound: Mapping[str, Bound]
    undos: Mapping[str, Bound]
    edges: tuple[Edge, ...]

    def place(self, *path: str | int) -> Place:
        return self.flow.source.place(path)

    def key_place(self, *path: str | int) -> Place:
        return self.flow.source.key_place(path)

    def triggers(self) -> list[str]:
        """The steps whose node is a trigger, in the order of the file."""
        return [name for name, bound in self.bound.items() if bound.node is not None and bound.node.kind == "trigger"]

    def routes(self) -> Iterator[tuple[Step, str, str, str, Path]]:
        """Every route that leads to a name: step, `next` or `on_error`, outcome or class, target, path."""
        for step in self.flow.steps.values():
            for key, routes in (("next", step.next), ("on_error", step.on_error)):
                for word, target in routes.items():
                    if target is not None:
                        yield step, key, word, target, ("steps", step.name, key, word)
