"""Units that may lie together and the boxes there are in; filled boxes, and how few there could be, out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from orderloom_nodes.pack.boxes import Box
from orderloom_nodes.pack.filling import Filled, Placed, fill, never_fits, total
from orderloom_nodes.pack.spaces import Space
from orderloom_nodes.pack.units import Unit, volume


class Carton(NamedTuple):
    """A box that is filled. `box` None: the unit goes in the packaging that it comes in."""

    box: Box | None
    placed: tuple[Placed, ...]

    @classmethod
    def bare(cls, unit: Unit) -> Carton:
        return cls(None, (Placed(unit, Space(0, 0, 0, *unit.kind.size)),))

    @property
    def fill_percent(self) -> Decimal:
        inside = volume(self.box.inside) if self.box else total([one.unit for one in self.placed])[0]
        return (Decimal(sum(one.unit.volume for one in self.placed)) * 100 / inside).quantize(Decimal("0.1"))


def cartons_of(units: Sequence[Unit], boxes: Sequence[Box]) -> list[Carton]:
    """Each unit fits some box. The smallest box that takes all; else the one that takes the most is filled first."""
    found: list[Carton] = []
    left: Sequence[Unit] = units
    while left:
        one = _one_box(left, boxes)
        if one is not None:
            return [*found, one]
        box, filled = _fullest(left, boxes)
        found.append(_smaller(Carton(box, filled.placed), boxes))
        left = filled.left
    return found


def fewest(units: Sequence[Unit], boxes: Sequence[Box]) -> int:
    """A number that no packing can go below: by volume, by weight, and by units of which no two fit together."""
    if any(all(never_fits(box.inside, box.room_mg, unit) for box in boxes) for unit in units):
        return len(units)  # in its own packaging, alone
    room, weight = total(units)
    by_volume = -(-room // max(volume(box.inside) for box in boxes))
    by_weight = -(-weight // max(box.room_mg for box in boxes))
    longest = max(max(box.inside) for box in boxes)
    big = sum(2 * min(unit.kind.size) > longest for unit in units)
    return max(1, by_volume, by_weight, big)


def homeless(units: Sequence[Unit], boxes: Sequence[Box]) -> list[Unit]:
    """Those that no box takes, each line once."""
    found = {
        unit.kind.line_id: unit for unit in units if all(never_fits(box.inside, box.room_mg, unit) for box in boxes)
    }
    return list(found.values())


def _one_box(units: Sequence[Unit], boxes: Sequence[Box]) -> Carton | None:
    room, weight = total(units)
    for box in boxes:
        if room > volume(box.inside) or weight > box.room_mg:
            continue
        if any(never_fits(box.inside, box.room_mg, unit) for unit in units):
            continue
        filled = fill(box.inside, box.room_mg, units)
        if not filled.left:
            return Carton(box, filled.placed)
    return None


def _fullest(units: Sequence[Unit], boxes: Sequence[Box]) -> tuple[Box, Filled]:
    """The box that takes the most volume, the smaller one of two that take as much."""
    tried = [(box, fill(box.inside, box.room_mg, units, thorough=False)) for box in boxes]
    box, _ = max(tried, key=lambda one: (one[1].volume, -volume(one[0].inside)))
    return box, fill(box.inside, box.room_mg, units)


def _smaller(carton: Carton, boxes: Sequence[Box]) -> Carton:
    """The same units in the smallest box that takes them."""
    return _one_box([one.unit for one in carton.placed], boxes) or carton
