"""Options that are used in, the cheapest way to fill them out: who sends which units, and what is left for later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orderloom_nodes.route.search.options import Option, Problem

Flow = dict[tuple[int, int], int]  # option's index and item → units


@dataclass(frozen=True)
class Filled:
    """What is sent and what it costs, fixed sums of the options that send something included."""

    cost: int
    options: tuple[Option, ...]
    flow: Flow
    left: tuple[int, ...]  # per item, units that are not sent


def fill(problem: Problem, options: Sequence[Option]) -> Filled | None:
    """None where the options cannot send all that must be sent, or are more shipments than there may be."""
    filled = _by_queue(problem, options)
    if filled is None or not any(_is_over(option, filled[1]) for option in options):
        pass
    else:
        filled = _by_paths(problem, options)
    if filled is None:
        return None
    cost, flow, left = filled
    used_indexes = {index for index, _ in flow}
    used = tuple(option for option in options if option.index in used_indexes)
    if problem.most is not None and sum(len(option.legs) for option in used) > problem.most:
        return None
    return Filled(cost + sum(option.fixed for option in used), used, flow, tuple(left))


def _by_queue(problem: Problem, options: Sequence[Option]) -> tuple[int, Flow, list[int]] | None:
    """Each item from the cheapest options first: right where no site's room is too narrow for that."""
    queues: list[list[tuple[int, int, int]]] = [[] for _ in problem.wanted]
    for option in options:
        for item, cost, units in option.offers:
            queues[item].append((cost, option.index, units))
    total, flow, rest = 0, {}, [0] * len(problem.wanted)
    for item, queue in enumerate(queues):
        left = problem.wanted[item]
        limit = problem.unsent[item]
        for cost, index, units in sorted(queue):
            if limit is not None and cost >= limit:
                break
            taken = min(left, units)
            flow[index, item] = taken
            total += taken * cost
            left -= taken
            if not left:
                break
        if left:
            if limit is None:
                return None
            total += left * limit
            rest[item] = left
    return total, flow, rest


def _is_over(option: Option, flow: Flow) -> bool:
    if option.room is None:
        return False
    return sum(flow.get((option.index, item), 0) for item, _, _ in option.offers) > option.room


def _by_paths(problem: Problem, options: Sequence[Option]) -> tuple[int, Flow, list[int]] | None:
    """A flow of least cost, unit by unit along shortest paths: with rooms, what one item takes another cannot."""
    state = _Paths([*options, *_later(problem)])
    total = 0
    for item, wanted in enumerate(problem.wanted):
        left = wanted
        while left:
            found = state.cheapest(item)
            if found is None:
                return None
            cost, path = found
            pushed = state.push(path, left)
            total += cost * pushed
            left -= pushed
    rest = [state.flow.get((-1 - item, item), 0) for item in range(len(problem.wanted))]
    return total, {key: units for key, units in state.flow.items() if units and key[0] >= 0}, rest


def _later(problem: Problem) -> Iterator[Option]:
    """To leave units for later, as an option of its own for each item that may be left."""
    for item, (limit, wanted) in enumerate(zip(problem.unsent, problem.wanted, strict=True)):
        if limit is not None:
            yield Option(-1 - item, -1 - item, (), 0, ((item, limit, wanted),), (), None)


class _Paths:
    """The residual network: a path goes from an item into an option, out by an item that gives way, and so on."""

    def __init__(self, options: Sequence[Option]) -> None:
        self.flow: Flow = {}
        self._cost = {(option.index, item): cost for option in options for item, cost, _ in option.offers}
        self._free = {(option.index, item): units for option in options for item, _, units in option.offers}
        self._spare = {
            option.index: option.room if option.room is not None else sum(units for _, _, units in option.offers)
            for option in options
        }

    def cheapest(self, item: int) -> tuple[int, list[tuple[int, int]]] | None:
        """The cheapest path for one more unit of the item, as (option, item) steps, and its cost (Bellman-Ford)."""
        reached = {
            index: (cost, [(index, item)])
            for (index, what), cost in self._cost.items()
            if what == item and self._free[index, what] > 0
        }
        changed = True
        while changed:
            changed = False
            for (index, other), units in sorted(self.flow.items()):
                if not units or index not in reached:
                    continue
                base, path = reached[index]
                for (target, what), cost in self._cost.items():
                    if what != other or target == index or self._free[target, what] <= 0:
                        continue
                    through = base + cost - self._cost[index, other]
                    if target not in reached or through < reached[target][0]:
                        reached[target] = (through, [*path, (target, other)])
                        changed = True
        ends = [(cost, index, path) for index, (cost, path) in reached.items() if self._spare[index] > 0]
        if not ends:
            return None
        cost, _, path = min(ends)
        return cost, path

    def push(self, path: Sequence[tuple[int, int]], left: int) -> int:
        """Send as many units along the path as it takes; each step's item leaves the option of the step before."""
        amount = min(left, self._spare[path[-1][0]])
        for step, (index, what) in enumerate(path):
            amount = min(amount, self._free[index, what])
            if step:
                amount = min(amount, self.flow[path[step - 1][0], what])
        for step, (index, what) in enumerate(path):
            self.flow[index, what] = self.flow.get((index, what), 0) + amount
            self._free[index, what] -= amount
            if step:
                before = path[step - 1][0]
                self.flow[before, what] -= amount
                self._free[before, what] += amount
        self._spare[path[-1][0]] -= amount
        return amount
