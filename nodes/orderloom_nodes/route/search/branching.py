"""A plan and its bound in, a plan that is proven or the best within so many nodes out: branch and bound.

An option whose use alone would cost more than the plan that is known is never looked at again; in practice that
leaves a handful of sites of fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orderloom_nodes.route.search.bounding import Bound, Node, Prices, raised
from orderloom_nodes.route.search.filling import Filled, fill
from orderloom_nodes.route.search.improving import improved
from orderloom_nodes.route.search.options import Option, Problem

STEPS = 8  # of the prices, in each node below the first


@dataclass
class Branching:
    """The state of one search. `open_bound` is the least bound of the nodes that were not looked at."""

    problem: Problem
    best: Filled | None
    nodes: int  # left to look at
    open_bound: int | None = None

    def run(self, node: Node, prices: Prices) -> None:
        """Look through the node, children first that are likely to hold a cheap plan."""
        if not _is_enough(self.problem, node):
            return
        self.nodes -= 1
        found = raised(self.problem, node, prices, self.goal(node), STEPS)
        if self._is_hopeless(found.value):
            return
        self._try((*node.opened, *found.picked))
        free = self.kept(node, found)
        if not free:
            self._try(node.opened)
            return
        if self.nodes <= 0:
            self.open_bound = min(found.value, self.open_bound if self.open_bound is not None else found.value)
            return
        self._split(Node(node.opened, free), found)

    def _split(self, node: Node, found: Bound) -> None:
        picked = {option.site for option in found.picked}
        at = next((n for n, options in enumerate(node.free) if options[0].site in picked), 0)
        rest = node.free[:at] + node.free[at + 1 :]
        children = [Node((*node.opened, option), rest) for option in node.free[at]]
        for child in (*children, Node(node.opened, rest)):
            self.run(child, found.prices)

    def _try(self, options: Sequence[Option]) -> None:
        filled = fill(self.problem, options)
        if filled is not None and (self.best is None or filled.cost < self.best.cost):
            self.best = improved(self.problem, filled, filled.options)

    def _is_hopeless(self, value: int) -> bool:
        return self.best is not None and value >= self.best.cost

    def goal(self, node: Node) -> int:
        if self.best is not None:
            return self.best.cost
        every = (*node.opened, *(option for options in node.free for option in options))
        return sum(option.fixed + sum(cost * units for _, cost, units in option.offers) for option in every)

    def kept(self, node: Node, found: Bound) -> tuple[tuple[Option, ...], ...]:
        """The free options that could still be part of a cheaper plan, the sites that earn most first."""
        kept: list[tuple[int, int, tuple[Option, ...]]] = []
        reduced = iter(found.reduced)
        for options in node.free:
            costs = [next(reduced) for _ in options]
            without = found.value - min(0, *costs)
            able = [o for o, cost in zip(options, costs, strict=True) if not self._is_hopeless(without + cost)]
            if able:
                kept.append((min(costs), options[0].site, tuple(able)))
        return tuple(options for _, _, options in sorted(kept, key=lambda found: found[:2]))


def _is_enough(problem: Problem, node: Node) -> bool:
    """Whether what must be sent can be sent at all, rooms apart."""
    there = [0] * len(problem.wanted)
    for option in node.opened:
        for item, _, units in option.offers:
            there[item] += units
    for options in node.free:
        most: dict[int, int] = {}
        for option in options:
            for item, _, units in option.offers:
                most[item] = max(most.get(item, 0), units)
        for item, units in most.items():
            there[item] += units
    return all(
        limit is not None or have >= wanted
        for have, wanted, limit in zip(there, problem.wanted, problem.unsent, strict=True)
    )
