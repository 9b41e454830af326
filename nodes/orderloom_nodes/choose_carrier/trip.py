"""A shipment and its order in, what every carrier wants to know of it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from orderloom import NodeError
from orderloom.model import Address, Dimensions, Order, Package, Shipment
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.dates import solar
from orderloom_nodes.route.distance import Point, distance_m


class Parcel(NamedTuple):
    """One box, or all goods taken as one; volume and longest side are None where a measure is not known."""

    weight_kg: Decimal
    volume_cm3: Decimal | None
    longest_cm: Decimal | None
    sides_cm: tuple[Decimal, Decimal, Decimal] | None = None  # of one box


class Trip(NamedTuple):
    """Where from and to, when, and what."""

    start: Address
    goal: Address
    start_point: Point
    goal_point: Point
    distance_km: int
    leaves_on: date  # by the clock of the start
    hazmat: bool
    parcels: tuple[Parcel, ...]  # empty: the weight is not known
    postal: str  # of the goal, without blanks, in capitals
    heaviest_kg: Decimal
    longest_cm: Decimal


def trip_of(shipment: Shipment, order: Order, now: datetime) -> Trip:
    """Raises `NodeError` (invalid) where the shipment does not say from where, or where to."""
    start, goal = shipment.ship_from, shipment.ship_to or order.shipping_address
    begin, end = start and locate(start), goal and locate(goal)
    if start is None or goal is None or not begin or not end:
        end_word = "ship_from" if start is None or not begin else "ship_to"
        raise NodeError("invalid", f"shipment {shipment.shipment_id} has no `{end_word}` whose country is known")
    parcels = _parcels(shipment, order)
    return Trip(
        start,
        goal,
        begin.point,
        end.point,
        round(distance_m(begin.point, end.point) / 1000),
        (max(now, shipment.planned_ship_at or now) + solar(begin.point)).date(),
        shipment.hazmat,
        parcels,
        (goal.postal_code or "").replace(" ", "").upper(),
        max((parcel.weight_kg for parcel in parcels), default=Decimal(0)),
        max((parcel.longest_cm for parcel in parcels if parcel.longest_cm is not None), default=Decimal(0)),
    )


def lines_without_weight(shipment: Shipment, order: Order) -> tuple[str, ...]:
    """The ids of the lines that keep the shipment from being weighed."""
    return tuple(
        found.line_id
        for found in shipment.lines
        if not (line := order.line(found.line_id)) or not line.weight or not line.weight.value
    )


def _parcels(shipment: Shipment, order: Order) -> tuple[Parcel, ...]:
    """The packages where each has a weight; else all goods as one parcel of their weights and volumes together."""
    weighed = [package for package in shipment.packages if package.weight and package.weight.value]
    if weighed and len(weighed) == len(shipment.packages):
        return tuple(_package(package) for package in weighed)
    return (Parcel(shipment.weight_kg, *_loose(shipment, order)),) if shipment.weight_kg else ()


def _package(package: Package) -> Parcel:
    assert package.weight is not None
    sides = package.dimensions.cm if package.dimensions else None
    return Parcel(package.weight.grams / 1000, sides and sides[0] * sides[1] * sides[2], sides and max(sides), sides)


def _loose(shipment: Shipment, order: Order) -> tuple[Decimal | None, Decimal | None]:
    """Volume of all units and the longest side, as soon as every line has its measures: a box holds at least that."""
    found: list[tuple[Dimensions, int]] = []
    for share in shipment.lines:
        line = order.line(share.line_id)
        if line is None or line.dimensions is None:
            return None, None
        found.append((line.dimensions, share.quantity))
    return _volume(found), max(max(dimensions.cm) for dimensions, _ in found)


def _volume(boxes: Sequence[tuple[Dimensions, int]]) -> Decimal:
    total = Decimal(0)
    for dimensions, quantity in boxes:
        length, width, height = dimensions.cm
        total += length * width * height * quantity
    return total
