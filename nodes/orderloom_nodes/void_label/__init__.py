"""Gives a shipping label back to its maker, so that it is neither used nor paid, and its parcel is unpacked."""

from __future__ import annotations

from orderloom import Labels, Orders, Outcome, Setting, StockKeeper, World, node
from orderloom.model import Label, Package, Shipment, Take


class Voided(Outcome, name="voided"):
    """The label is not valid any more."""

    label: Label


class Kept(Outcome, name="kept"):
    """It cannot be given back."""

    label: Label
    reason: str


@node("void-label", effects="keyed")
def void_label(
    label: Label,
    world: World,
    shipment: Shipment | None = None,
    connection: Setting[str] = "labels",
    stock: Setting[str] = "stock",
    orders: Setting[str] = "orders",
) -> Voided | Kept:
    """Give a label back; a second time changes nothing.

    With `shipment`, its parcels do not leave: their labels are given back too, what was taken off the shelf for them is
    put back there, and in the book of orders its units are not shipped any more.
    """
    for one in _labels(label, shipment):
        if not one.label_id:
            return Kept(label=one, reason="the label bears no id that its maker knows it by")
        if not world.connection(connection, Labels).void(one.label_id, world.key):
            return Kept(label=one, reason=f"its maker does not take label {one.label_id} back")
    voided = label.model_copy(update={"voided_at": label.voided_at or world.now()})
    _put_back(world, stock, shipment)
    _note(world, orders, shipment, voided)
    return Voided(label=voided)


def _labels(label: Label, shipment: Shipment | None) -> list[Label]:
    """Each once, the one that was asked for first."""
    others = [one.label for one in shipment.packages if one.label] if shipment else []
    return [label, *(one for one in others if one.label_id != label.label_id)]


def _note(world: World, orders: str, shipment: Shipment | None, label: Label) -> None:
    book = world.optional(orders, Orders)
    record = book.find(shipment.order_id) if book is not None and shipment is not None else None
    if book is None or shipment is None or record is None:
        return
    packages = tuple(_voided(one, label) for one in shipment.packages)
    stays = shipment.model_copy(update={"status": "cancelled", "packages": packages})
    book.note(record.order, f"{world.key}:voided", shipments=[stays])


def _voided(package: Package, label: Label) -> Package:
    own = package.label
    if own is not None and own.label_id != label.label_id:
        label = own.model_copy(update={"voided_at": label.voided_at})
    return package.model_copy(update={"label": label})


def _put_back(world: World, stock: str, shipment: Shipment | None) -> None:
    keeper = world.connections.get(stock)
    if shipment is None or not shipment.reservation_id or not isinstance(keeper, StockKeeper):
        return  # without a reservation nothing was taken
    at = shipment.location_id
    takes = [Take(location_id=at, sku=line.sku, quantity=line.quantity) for line in shipment.lines]
    keeper.restock(takes, world.key, world.now())
