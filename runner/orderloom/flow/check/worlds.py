"""Steps in topological order in; for each what is true in every world in which it is looked at, out.

One forward pass over possible worlds. A world says of every step that matters later how it settled: the outcomes of a
done step (several for a for_each), `!class` of a failed one, nothing for a skipped one. What no step further down asks
for is forgotten at once, so that a long flow has few worlds; where they become too many all the same, states are
forgotten as `UNKNOWN`, and nothing is proven of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

State = frozenset[str]  # also used for sets of step names
World = tuple[State, ...]
Slot = tuple[str, str]  # ("state" | "taken" | "ran", step)

SKIPPED: State = frozenset()
UNKNOWN: State = frozenset({"?"})
MOST_WORLDS = 256
MOST_MIXED = 4  # outcomes of a for_each of which every mixture is a world of its own


@dataclass(frozen=True)
class StepShape:
    """What the pass needs of a step."""

    name: str
    outcomes: tuple[str, ...]
    failures: tuple[str, ...]  # `!class` for each class in `on_error`
    hard: tuple[str, ...]  # steps that must be done
    routes_in: tuple[tuple[str, str], ...]  # (step, outcome or `!class`)
    many: bool  # for_each
    may_skip: bool  # when


@dataclass
class Looked:
    """What is known of a step, over all worlds in which it is looked at."""

    runs: bool = False
    seen: dict[str, set[str]] = field(default_factory=dict)  # step it reads hard → outcomes where it runs, `?` for any
    routed_without: set[str] = field(default_factory=set)  # it may be routed to while these are not done
    clashes: set[tuple[str, str]] = field(default_factory=set)  # (took a route to it, may still be open then)


def explore(shapes: Sequence[StepShape], above: Mapping[str, frozenset[str]]) -> dict[str, Looked]:
    """Walk the steps in order. `above` holds for each step all those that settle before it."""
    return _Walk(shapes, above).walk()


class _Walk:
    """Worlds are tuples over `live`: states that somebody further down reads hard, and what became of routes.

    For a step with routes, `taken` are the steps that took one, and `ran` those that ran and may still matter.
    """

    def __init__(self, shapes: Sequence[StepShape], above: Mapping[str, frozenset[str]]) -> None:
        self.shapes = {shape.name: shape for shape in shapes}
        self.position = {shape.name: number for number, shape in enumerate(shapes)}
        self.above = above
        self.looked = {shape.name: Looked() for shape in shapes}
        self.last_use = {source: shape.name for shape in shapes for source in shape.hard}
        self.targets: dict[str, list[str]] = {}
        for shape in shapes:
            for source in dict.fromkeys(source for source, _ in shape.routes_in):
                self.targets.setdefault(source, []).append(shape.name)
        self.live: tuple[Slot, ...] = ()
        self.worlds: set[World] = {()}

    def walk(self) -> dict[str, Looked]:
        for shape in self.shapes.values():
            self._step(shape)
        return self.looked

    def _step(self, shape: StepShape) -> None:
        opened = self._opened(shape.name)
        slots = (*self.live, ("state", shape.name), *opened)
        number_of = {slot: number for number, slot in enumerate(slots)}
        kept = [number for number, slot in enumerate(slots) if self._needed(slot, shape.name)]
        worlds: set[World] = set()
        for world in self.worlds:
            for state in self._states(shape, world, number_of):
                whole = [*world, state, *[SKIPPED] * len(opened)]
                if state != SKIPPED:
                    self._take_routes(shape.name, state, whole, number_of)
                worlds.add(tuple(whole[number] for number in kept))
        self.live, self.worlds = tuple(slots[number] for number in kept), worlds
        while len(self.worlds) > MOST_WORLDS and self._forget_one():
            pass

    def _opened(self, name: str) -> list[Slot]:
        """The routes to a step are followed from the first step that has one."""
        targets = [target for target in self.targets.get(name, ()) if ("taken", target) not in self.live]
        return [(kind, target) for target in targets for kind in ("taken", "ran")]

    def _needed(self, slot: Slot, now: str) -> bool:
        kind, name = slot
        last = self.last_use.get(name, now) if kind == "state" else name
        return self.position[last] > self.position[now]

    def _states(self, shape: StepShape, world: World, number_of: Mapping[Slot, int]) -> Iterator[State]:
        """How the step can settle in that world."""
        looked = self.looked[shape.name]
        states = {source: world[number_of["state", source]] for source in shape.hard}
        undone = {source for source, state in states.items() if not _is_done(state)}
        if shape.routes_in:
            taken = world[number_of["taken", shape.name]]
            if not taken or taken == UNKNOWN:
                yield SKIPPED
            if not taken:
                return
            looked.routed_without |= undone if taken != UNKNOWN else set()
        if undone:
            yield SKIPPED
            return
        looked.runs = True
        for source, state in states.items():
            looked.seen.setdefault(source, set()).update(state)
        yield from _endings(shape)

    def _take_routes(self, name: str, state: State, world: list[State], number_of: Mapping[Slot, int]) -> None:
        for target in self.targets.get(name, ()):
            taken, ran = number_of["taken", target], number_of["ran", target]
            if world[taken] == UNKNOWN:
                continue
            clashes = self.looked[target].clashes
            clashes |= {(other, name) for other in world[taken] if not self._comes_together(other, name)}
            if any(source == name and word in state for source, word in self.shapes[target].routes_in):
                clashes |= {(name, other) for other in world[ran] if other not in self.above[name]}
                world[taken] |= {name}
            if self._may_overlap(name, target):
                world[ran] |= {name}

    def _comes_together(self, source: str, later: str) -> bool:
        """Items of one list went different ways and meet again: that wait is meant."""
        return self.shapes[source].many and source in self.above[later]

    def _may_overlap(self, name: str, target: str) -> bool:
        others = {source for source, _ in self.shapes[target].routes_in}
        return any(self.position[other] > self.position[name] and name not in self.above[other] for other in others)

    def _forget_one(self) -> bool:
        """Make what is told apart most often unknown in all worlds."""
        varied = [(len({world[number] for world in self.worlds}), number) for number in range(len(self.live))]
        most, number = max(varied, default=(0, 0))
        if most > 1:
            forgotten = SKIPPED if self.live[number][0] == "ran" else UNKNOWN
            self.worlds = {(*world[:number], forgotten, *world[number + 1 :]) for world in self.worlds}
        return most > 1


def _is_done(state: State) -> bool:
    return bool(state) and not next(iter(state)).startswith("!")


def _endings(shape: StepShape) -> Iterator[State]:
    """How a step that may run can settle."""
    if shape.may_skip:
        yield SKIPPED
    yield from (frozenset({failure}) for failure in shape.failures)
    mixed = len(shape.outcomes) if shape.many and len(shape.outcomes) <= MOST_MIXED else 1
    for size in range(1, mixed + 1):
        yield from (frozenset(words) for words in combinations(shape.outcomes, size))
    if shape.many and len(shape.outcomes) > MOST_MIXED:
        yield frozenset(shape.outcomes)
