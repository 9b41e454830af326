"""A shipment and its order in; its single units, measured in tenths of a millimetre and milligrams, out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from itertools import permutations
from typing import NamedTuple

from orderloom.model import Handling, Line, Order, Shipment

Size = tuple[int, int, int]


class Kind(NamedTuple):
    """What the units of a line are like. Only those with the same `apart` share a box, `alone` not even those."""

    line_id: str
    sku: str
    size: Size
    weight_mg: int
    upright: bool
    alone: bool
    apart: str


class Unit(NamedTuple):
    """One piece; `number` tells it from its like."""

    kind: Kind
    number: int

    @property
    def volume(self) -> int:
        return volume(self.kind.size)


class Units:
    """What is to be packed, and the lines that cannot be because a measure is missing."""

    def __init__(self, shipment: Shipment, order: Order) -> None:
        self.unmeasured: list[str] = []
        self._counted: list[tuple[Kind, int]] = []
        for share in shipment.lines:
            line = order.line(share.line_id)
            if line is None or not _is_measured(line):
                self.unmeasured.append(share.line_id)
            else:
                self._counted.append((_kind(line), share.quantity))

    @property
    def count(self) -> int:
        return sum(quantity for _, quantity in self._counted)

    @cached_property
    def groups(self) -> list[list[Unit]]:
        """What may lie in one box together; each unit that ships alone is a group."""
        found: dict[tuple[object, ...], list[Unit]] = {}
        for unit in self._all():
            apart = (unit.kind.line_id, unit.number) if unit.kind.alone else (unit.kind.apart,)
            found.setdefault(apart, []).append(unit)
        return list(found.values())

    def _all(self) -> Iterator[Unit]:
        for kind, quantity in self._counted:
            yield from (Unit(kind, number) for number in range(quantity))


def volume(size: Size) -> int:
    return size[0] * size[1] * size[2]


def turns(kind: Kind) -> tuple[Size, ...]:
    """The ways in which it may lie, each once: all six, or the two that leave it upright."""
    length, width, height = kind.size
    if kind.upright:
        return tuple(dict.fromkeys(((length, width, height), (width, length, height))))
    return tuple(dict.fromkeys((a, b, c) for a, b, c in permutations((length, width, height))))


def tenths_mm(centimetres: Decimal) -> int:
    """Rounded up: a unit is never taken for smaller than it is."""
    return int((centimetres * 100).to_integral_value(ROUND_CEILING))


def _is_measured(line: Line) -> bool:
    sides = line.dimensions.cm if line.dimensions else (Decimal(0),)
    return all(sides) and line.weight is not None and line.weight.value > 0


def _kind(line: Line) -> Kind:
    assert line.dimensions is not None
    assert line.weight is not None
    length, width, height = map(tenths_mm, line.dimensions.cm)
    handling = line.handling or Handling()
    weight_mg = int((line.weight.grams * 1000).to_integral_value(ROUND_CEILING))
    size, apart = (length, width, height), _apart(handling)
    return Kind(line.line_id, line.sku, size, weight_mg, handling.upright, handling.ship_alone, apart)


def _apart(handling: Handling) -> str:
    """Dangerous goods of one class lie apart from all others, cold ones from warm ones."""
    hazard = f"class {handling.hazmat.hazard_class or '?'}" if handling.hazmat else ""
    return f"{hazard} {handling.temperature}".strip()
