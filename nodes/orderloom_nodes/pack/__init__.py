"""The node `pack`: a planned shipment and the boxes there are in, the shipment with its cartons out."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from orderloom import Outcome, node
from orderloom.model import Dimensions, Measure, Model, Order, Package, Shipment, ShipmentLine
from orderloom_nodes.pack.boxes import Boxes
from orderloom_nodes.pack.cartons import Carton, cartons_of, fewest, homeless
from orderloom_nodes.pack.filling import Placed
from orderloom_nodes.pack.units import Kind, Unit, Units

MOST_UNITS = 2_000  # more than that is a pallet


class Lying(Model):
    """Where one unit lies: from the box's near lower left corner, its sides as it lies there, in centimetres."""

    line_id: str
    sku: str
    at_cm: tuple[Decimal, Decimal, Decimal]
    size_cm: tuple[Decimal, Decimal, Decimal]


class FilledCarton(Model):
    """`box` null: the unit goes in the packaging that it comes in. `fill_percent` of the room inside."""

    package_id: str
    box: str | None
    fill_percent: Decimal
    units: tuple[Lying, ...]


class Packed(Outcome, name="packed"):
    """Every unit lies in just one carton. No packing has fewer cartons than `at_least`."""

    shipment: Shipment
    cartons: tuple[FilledCarton, ...]
    at_least: int
    why: str


class Unpackable(Outcome, name="unpackable"):
    """Some unit fits no box, or its measures are not known."""

    shipment: Shipment
    reasons: tuple[str, ...]


@node("pack", kind="action", effects="none")
def pack(shipment: Shipment, order: Order, boxes: Boxes) -> Packed | Unpackable:
    """Choose boxes for the units of a shipment and say where in them each lies.

    Units may be turned, those that must stand `upright` only around. What is to `ship_alone` has a box of its own, or
    none where it fits none. Dangerous goods lie with those of their class only, cold ones with cold ones.
    """
    units = Units(shipment, order)
    reasons = tuple(_reasons(units, boxes))
    if reasons:
        return Unpackable(shipment=shipment, reasons=reasons)
    cartons: list[Carton] = []
    at_least = 0
    for group in units.groups:
        cartons += _cartons(group, boxes)
        at_least += fewest(group, boxes.boxes)
    filled = [_told(shipment, carton, number) for number, carton in enumerate(cartons, 1)]
    packages = tuple(_package(one.package_id, carton) for one, carton in zip(filled, cartons, strict=True))
    return Packed(
        shipment=shipment.model_copy(update={"packages": packages, "weight_kg": _weight_kg(packages)}),
        cartons=tuple(filled), at_least=at_least, why=_why(cartons, at_least),
    )  # fmt: skip


def _reasons(units: Units, boxes: Boxes) -> list[str]:
    found = [f"line {line} has no weight or no measures: enter them" for line in units.unmeasured]
    if units.count > MOST_UNITS:
        return [*found, f"{units.count} units are more than {MOST_UNITS}: plan pallets"]
    together = [group for group in units.groups if not group[0].kind.alone]
    misfits = [unit.kind for group in together for unit in homeless(group, boxes.boxes)]
    found += [f"line {kind.line_id} ({_measures(kind)}) fits no box: add one, or let it ship alone" for kind in misfits]
    return found


def _cartons(group: list[Unit], boxes: Boxes) -> list[Carton]:
    if group[0].kind.alone and homeless(group, boxes.boxes):
        return [Carton.bare(group[0])]
    return cartons_of(group, boxes.boxes)


def _told(shipment: Shipment, carton: Carton, number: int) -> FilledCarton:
    return FilledCarton(
        package_id=f"{shipment.shipment_id}/p{number}"[:128],
        box=carton.box.code if carton.box else None,
        fill_percent=carton.fill_percent,
        units=tuple(map(_lying, carton.placed)),
    )


def _lying(placed: Placed) -> Lying:
    x, y, z = (Decimal(one) / 100 for one in placed.at[:3])
    length, width, height = (Decimal(one) / 100 for one in placed.at.size)
    return Lying(
        line_id=placed.unit.kind.line_id, sku=placed.unit.kind.sku, at_cm=(x, y, z), size_cm=(length, width, height)
    )  # fmt: skip


def _package(package_id: str, carton: Carton) -> Package:
    counted = Counter((one.unit.kind.line_id, one.unit.kind.sku) for one in carton.placed)
    milligrams = sum(one.unit.kind.weight_mg for one in carton.placed)
    empty = carton.box.empty_kg if carton.box else Decimal(0)
    return Package(
        package_id=package_id,
        packaging_code=carton.box.code if carton.box else None,
        weight=Measure(value=Decimal(milligrams).scaleb(-6) + empty, unit="kg"),
        dimensions=carton.box.outside if carton.box else _bare(carton.placed[0].unit.kind),
        lines=tuple(
            ShipmentLine(line_id=line_id, sku=sku, quantity=count) for (line_id, sku), count in counted.items()
        ),
    )


def _bare(kind: Kind) -> Dimensions:
    length, width, height = (Decimal(side) / 100 for side in kind.size)
    return Dimensions(length=length, width=width, height=height, unit="cm")


def _weight_kg(packages: tuple[Package, ...]) -> Decimal:
    return sum((package.weight.value for package in packages if package.weight), Decimal(0))


def _measures(kind: Kind) -> str:
    sides = " x ".join(f"{Decimal(side) / 100:f}" for side in kind.size)
    return f"{sides} cm, {Decimal(kind.weight_mg).scaleb(-6).normalize():f} kg"


def _why(cartons: list[Carton], at_least: int) -> str:
    counted = Counter(carton.box.code if carton.box else "its own packaging" for carton in cartons)
    said = ", ".join(f"{count} x {code}" for code, count in counted.items())
    fill = ", ".join(f"{carton.fill_percent}%" for carton in cartons[:5]) + (", ..." if len(cartons) > 5 else "")
    return f"{said}; filled to {fill}; at least {at_least} needed"
