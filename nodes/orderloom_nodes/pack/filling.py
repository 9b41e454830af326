"""One box and units in; where in it each lies, and those that found no room, out.

Several ways are tried, always in the same order: by which measure the units are sorted, from which side the box is
filled, and how a unit is turned. The first that packs all of them is taken, else the one that packs the most volume.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, product
from typing import NamedTuple

from orderloom_nodes.pack.spaces import Space, at_corner, without
from orderloom_nodes.pack.units import Size, Unit, turns, volume

_ORDERS: tuple[Callable[[Unit], tuple[int, ...]], ...] = (
    lambda unit: (-unit.volume,),
    lambda unit: tuple(-side for side in sorted(unit.kind.size, reverse=True)),
    lambda unit: (-min(unit.kind.size), -unit.volume),
)
_FILLED_FROM = ((2, 1, 0), (0, 1, 2), (1, 0, 2), (2, 0, 1), (0, 2, 1), (1, 2, 0))


class Placed(NamedTuple):
    """A unit and the cuboid that it takes, from the box's near lower left corner."""

    unit: Unit
    at: Space


class Filled(NamedTuple):
    placed: tuple[Placed, ...]
    left: tuple[Unit, ...]

    @property
    def volume(self) -> int:
        return sum(one.unit.volume for one in self.placed)


def fill(inside: Size, room_mg: int, units: Sequence[Unit], *, thorough: bool = True) -> Filled:
    """`room_mg` is what the units in it may weigh together. Not `thorough`: the first two ways only."""
    best: Filled | None = None
    ways = product(_FILLED_FROM, _ORDERS, (True, False))
    for axes, order, by_rows in islice(ways, _tries(len(units)) if thorough else 2):
        ordered = sorted(units, key=lambda unit: (*order(unit), unit.kind.line_id, unit.number))
        found = _filled(inside, room_mg, ordered, axes, by_rows)
        if not found.left:
            return found
        if best is None or found.volume > best.volume:
            best = found
    assert best is not None
    return best


def _tries(units: int) -> int:
    """Many units fill a box well by any way, and each way takes longer."""
    return min(36, max(6, 1_500 // max(1, units)))


def _filled(inside: Size, room_mg: int, units: Sequence[Unit], axes: Sequence[int], by_rows: bool) -> Filled:
    spaces = [Space(0, 0, 0, *inside)]
    placed: list[Placed] = []
    left: list[Unit] = []
    refused: set[tuple[Size, bool]] = set()  # a shape that found no room finds none later: rooms only shrink
    smallest = min((min(unit.kind.size) for unit in units), default=0)
    alike = _counts(units)
    for unit in units:
        shape = (unit.kind.size, unit.kind.upright)
        alike[shape] -= 1
        at = None
        if unit.kind.weight_mg <= room_mg and shape not in refused:
            at = _best(spaces, unit, axes, by_rows, alike[shape] + 1)
            if at is None:
                refused.add(shape)
        if at is None:
            left.append(unit)
            continue
        placed.append(Placed(unit, at))
        room_mg -= unit.kind.weight_mg
        spaces = without(spaces, at, smallest)
    return Filled(tuple(placed), tuple(left))


def _best(spaces: Sequence[Space], unit: Unit, axes: Sequence[int], by_rows: bool, alike: int) -> Space | None:
    """As near to the side that is filled first as it goes; then so that most of its like fit beside it, or flattest."""
    found: Space | None = None
    lowest: tuple[int, ...] = ()
    ways = turns(unit.kind)
    for space in spaces:
        corner = tuple(space[axis] for axis in axes)
        if found is not None and corner > lowest[:3]:
            continue
        for size in ways:
            if not space.takes(size):
                continue
            first = size[axes[0]], size[axes[1]]
            told = (-min(alike, _grid(space, size)), *first) if by_rows else (*first, 0)
            if found is None or (*corner, *told) < lowest:
                found, lowest = at_corner(space, size), (*corner, *told)
    return found


def _grid(space: Space, size: Size) -> int:
    room = space.size
    return (room[0] // size[0]) * (room[1] // size[1]) * (room[2] // size[2])


def _counts(units: Sequence[Unit]) -> dict[tuple[Size, bool], int]:
    found: dict[tuple[Size, bool], int] = {}
    for unit in units:
        shape = (unit.kind.size, unit.kind.upright)
        found[shape] = found.get(shape, 0) + 1
    return found


def never_fits(inside: Size, room_mg: int, unit: Unit) -> bool:
    """Whether the box is too small or too weak for this one unit."""
    return unit.kind.weight_mg > room_mg or not any(
        all(side <= room for side, room in zip(size, inside, strict=True)) for size in turns(unit.kind)
    )


def total(units: Sequence[Unit]) -> tuple[int, int]:
    """Volume and weight together."""
    return sum(volume(unit.kind.size) for unit in units), sum(unit.kind.weight_mg for unit in units)
