"""Makes the label that a customer sends goods back with."""

from __future__ import annotations

from orderloom import Labels, NodeError, Outcome, Setting, Stock, World, node
from orderloom.model import Address, Label, Location, Order, Return, ReturnLine, Shipment, ShipmentLine
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.distance import Point, distance_m

NEAREST = "nearest"
_AROUND_THE_WORLD_M = 40_030_000


class Labelled(Outcome, name="labelled"):
    """The label, the parcel it is for, and what a message about it tells."""

    label: Label
    tracking_number: str
    shipment: Shipment
    return_id: str
    rma_number: str | None = None
    order: Order
    lines: tuple[ReturnLine, ...]


@node("return-label", effects="keyed", in_doubt="query")
def return_label(
    request: Return,
    order: Order,
    world: World,
    location: str | None = None,
    connection: Setting[str] = "labels",
    stock: Setting[str] = "stock",
) -> Labelled:
    """Make a label from the customer's address to `location`, else to the first of ours that takes returns.

    That is one with the capability `returns`, else the enabled one that comes first by priority. `nearest` is the one
    of them that is nearest to the customer, in the same country before others, as far as the places are known.
    """
    home = _home(world, stock, location, order.shipping_address or order.billing_address)
    shipment = _shipment(request, order, home)
    labels = world.connection(connection, Labels)
    known = labels.find(world.key) if world.in_doubt else None
    label = known or labels.buy(shipment, world.key)
    if not label.tracking_number:
        raise NodeError("invalid", "the label bears no tracking number, so nobody could tell when it arrives")
    return Labelled(
        label=label, tracking_number=label.tracking_number, shipment=shipment, return_id=request.return_id,
        rma_number=request.rma_number, order=order, lines=request.lines,
    )


def _home(world: World, stock: str, wanted: str | None, customer: Address | None) -> Location:
    places = world.connection(stock, Stock).locations()
    if wanted is not None and wanted != NEAREST:
        found = next((place for place in places if place.location_id == wanted), None)
        if found is None:
            raise NodeError("invalid", f"no location is named `{wanted}`")
        return found
    able = [place for place in places if place.enabled]
    able = [place for place in able if "returns" in place.capabilities] or able
    if not able:
        raise NodeError("invalid", "there is no enabled location that the goods could go back to")
    return min(able, key=lambda place: (_far(place, customer, wanted), place.priority, place.location_id))


def _far(place: Location, customer: Address | None, wanted: str | None) -> tuple[bool, int]:
    """Abroad or not, and metres; nought where it is not asked for or cannot be told."""
    if wanted != NEAREST or customer is None:
        return False, 0
    here, there = _point(place), locate(customer)
    far = distance_m(here, there.point) if here and there else _AROUND_THE_WORLD_M
    return place.address.country_code != customer.country_code, far


def _point(place: Location) -> Point | None:
    if place.latitude is not None and place.longitude is not None:
        return Point(place.latitude, place.longitude)
    found = locate(place.address)
    return found.point if found else None


def _shipment(request: Return, order: Order, home: Location) -> Shipment:
    lines = tuple(ShipmentLine(line_id=line.line_id, sku=line.sku, quantity=line.quantity) for line in request.lines)
    customer: Address | None = order.shipping_address or order.billing_address
    return Shipment(
        shipment_id=f"{request.return_id}/back"[:128], order_id=order.order_id, direction="return",
        location_id=home.location_id, ship_from=customer, ship_to=home.address, return_to=home.address, lines=lines,
    )
