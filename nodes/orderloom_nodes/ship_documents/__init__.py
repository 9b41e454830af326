"""Makes the papers of a parcel: packing slip first, then the label; then the shop that it came from is told."""

from __future__ import annotations

from orderloom import Documents, Labels, NodeError, Orders, Outcome, Setting, StockKeeper, World, node
from orderloom.model import Label, Measure, Order, Package, Shipment, Take
from orderloom_nodes.ship_documents.slip import file_name, packing_slip


class Papers(Outcome, name="documents"):
    """`slip` is the path of the packing slip; `fulfilment` the shop's id of what it was told, if there is a shop.

    `label` and `tracking_number` are those of the first parcel; `shipment.packages` has them all.
    """

    label: Label
    tracking_number: str
    slip: str
    shipment: Shipment
    fulfilment: str | None = None


@node("ship-documents", effects="keyed", in_doubt="query")
def ship_documents(
    shipment: Shipment,
    world: World,
    order: Order | None = None,
    reservation: str = "",
    connection: Setting[str] = "labels",
    documents: Setting[str] = "documents",
    orders: Setting[str] = "orders",
    stock: Setting[str] = "stock",
) -> Papers:
    """Write the packing slip, make the label, take the units off the shelf, and tell the shop the tracking number.

    Each of these is done once however often the call is repeated: whatever fails, nothing is bought or told twice.
    `order` gives the slip its titles and greeting; without it the order is looked up in the book of orders.
    """
    known = order or _known(world, orders, shipment)
    name = f"slips/{file_name(shipment.shipment_id)}.pdf"
    slip = world.connection(documents, Documents).write(name, packing_slip(shipment, known))
    held = shipment.model_copy(update={"reservation_id": reservation or shipment.reservation_id})
    packages = tuple(_labelled(world, connection, held, place) for place in range(max(1, len(held.packages))))
    packed = held.model_copy(update={"status": "label_purchased", "packages": packages})
    label = packages[0].label
    assert label is not None
    assert label.tracking_number is not None
    _take_off_the_shelf(world, stock, held)
    fulfilment = _told(world, known, packed)
    book = world.optional(orders, Orders)
    if book is not None and known is not None:
        book.note(known, f"{world.key}:shipment", shipments=[packed])
    return Papers(
        label=label, tracking_number=label.tracking_number, slip=slip, shipment=packed, fulfilment=fulfilment
    )


def _known(world: World, orders: str, shipment: Shipment) -> Order | None:
    book = world.optional(orders, Orders)
    record = book.find(shipment.order_id) if book is not None else None
    return record.order if record else None


def _labelled(world: World, connection: str, shipment: Shipment, place: int) -> Package:
    """One parcel with its label; each of several has a key of its own, so that none is bought twice."""
    parcel = shipment.packages[place] if shipment.packages else _whole(shipment)
    alone = shipment.model_copy(update={"packages": (parcel,)}) if shipment.packages else shipment
    key = world.key if place == 0 else f"{world.key}/p{place + 1}"
    labels = world.connection(connection, Labels)
    known = labels.find(key) if world.in_doubt else None
    label = known or labels.buy(alone, key)
    if not label.tracking_number:
        raise NodeError("invalid", "the label bears no tracking number, so nobody could tell when it arrives")
    told = {"label": label, "tracking_number": label.tracking_number, "sscc": label.sscc}
    return parcel.model_copy(update=told)


def _whole(shipment: Shipment) -> Package:
    """All goods as one parcel, where nobody packed them."""
    weight = Measure(value=shipment.weight_kg, unit="kg") if shipment.weight_kg is not None else None
    return Package(package_id=f"{shipment.shipment_id}/p1"[:128], weight=weight, lines=shipment.lines)


def _take_off_the_shelf(world: World, stock: str, shipment: Shipment) -> None:
    keeper = world.connections.get(stock)
    if shipment.reservation_id and isinstance(keeper, StockKeeper):
        at = shipment.location_id
        takes = [Take(location_id=at, sku=line.sku, quantity=line.quantity) for line in shipment.lines]
        keeper.use(shipment.reservation_id, takes, world.key, world.now())


def _told(world: World, order: Order | None, shipment: Shipment) -> str | None:
    shop = world.shop_of(order) if order is not None else None
    return shop.fulfil(order, shipment, world.key) if shop is not None and order is not None else None

