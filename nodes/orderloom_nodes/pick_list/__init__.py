"""The node `pick-list`: shipments and where their articles lie in, the list that a picker walks by out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import Literal, NamedTuple

from orderloom import Documents, NodeError, Outcome, Setting, World, node
from orderloom.model import Order, Shipment
from orderloom.paper import Column, Pages, pages
from orderloom_nodes.pick_list.bins import NOWHERE, Bin, Bins

_WAY = (Column("Zone", 9), Column("Aisle", 9), Column("Bin", 11), Column("Units", 8, "right", bold=True))
_COLUMNS = (*_WAY, Column("Article", 24), Column("For", 39))


class Pick(NamedTuple):
    """So many units of an article from one bin, and the boxes (A, B, …) or orders that they are for."""

    bin: Bin
    sku: str
    title: str
    quantity: int
    wanted_for: str


class Listed(Outcome, name="listed"):
    """`unplaced` are articles whose bin nobody knows: they stand at the end."""

    path: str
    units: int
    stops: int
    unplaced: tuple[str, ...]


@node("pick-list", effects="keyed")
def pick_list(
    shipments: tuple[Shipment, ...],
    bins: Bins,
    world: World,
    orders: tuple[Order, ...] = (),
    kind: Setting[Literal["single", "batch", "wave"]] = "single",
    documents: Setting[str] = "documents",
) -> Listed:
    """Write a pick list in the order of zones, aisles and bins.

    `single`: a page for each shipment. `batch`: one walk for all, each stop once, with how many go into which box.
    `wave`: as a batch, and each zone begins a page of its own, for its picker. All shipments leave one location.
    """
    if not shipments:
        raise NodeError("empty", "there is no shipment to pick")
    places = sorted({one.location_id for one in shipments})
    if len(places) > 1:
        raise NodeError("invalid", f"a pick list is for one location, and these are of {', '.join(places)}")
    titles = {(order.order_id, line.line_id): line.title or "" for order in orders for line in order.lines}
    numbers = {order.order_id: order.order_number or order.order_id for order in orders}
    named = [(one, numbers.get(one.order_id, one.order_id)) for one in shipments]
    title = f"Pick list {places[0]}"
    content = pages(title, lambda page: _draw(page, title, kind, named, bins, titles))
    name = sha256("\n".join(one.shipment_id for one in shipments).encode()).hexdigest()[:16]
    picks = _merged(_picks(named, bins, titles))
    return Listed(
        path=world.connection(documents, Documents).write(f"picks/{kind}-{name}.pdf", content),
        units=sum(pick.quantity for pick in picks), stops=len(picks),
        unplaced=tuple(pick.sku for pick in picks if pick.bin == NOWHERE),
    )  # fmt: skip


Named = list[tuple[Shipment, str]]


def _draw(
    page: Pages, title: str, kind: str, named: Named, bins: Bins, titles: dict[tuple[str, str], str]
) -> None:  # fmt: skip
    if kind == "single":
        for place, one in enumerate(named):
            if place:
                page.next_page()
            page.heading(f"{title}, order {one[1]}")
            page.code(one[0].shipment_id) if _is_short(one[0].shipment_id) else page.line(one[0].shipment_id)
            page.table(_COLUMNS, _rows(_merged(_picks([one], bins, titles, box=False))))
        return
    page.heading(f"{title}, {len(named)} shipments")
    page.table((Column("Box", 8, bold=True), Column("Order", 46), Column("Shipment", 46)), _boxes(named))
    picks = _merged(_picks(named, bins, titles))
    if kind == "batch":
        page.table(_COLUMNS, _rows(picks))
        return
    for zone, stops in groupby(picks, key=lambda pick: pick.bin.zone):
        page.next_page()
        page.heading(f"{title}, zone {zone}" if zone else f"{title}, bin not known")
        page.table(_COLUMNS, _rows(list(stops)))


def _picks(
    named: Named, bins: Bins, titles: dict[tuple[str, str], str], *, box: bool = True
) -> Iterator[Pick]:  # fmt: skip
    for place, (shipment, number) in enumerate(named):
        for line in shipment.lines:
            title = titles.get((shipment.order_id, line.line_id), "")
            to = f"{line.quantity} in {_box(place)}" if box else title
            yield Pick(bins.of(shipment.location_id, line.sku), line.sku, title, line.quantity, to or number)


def _merged(picks: Iterable[Pick]) -> list[Pick]:
    """Each article once, in the order of the walk."""
    walked = sorted(picks, key=lambda pick: (pick.bin == NOWHERE, pick.bin.way, pick.sku))
    found = []
    for (where, sku), same in groupby(walked, key=lambda pick: (pick.bin, pick.sku)):
        stops = list(same)
        wanted = ", ".join(dict.fromkeys(pick.wanted_for for pick in stops))
        found.append(Pick(where, sku, stops[0].title, sum(pick.quantity for pick in stops), wanted))
    return found


def _rows(picks: Iterable[Pick]) -> Iterator[tuple[str, ...]]:
    for pick in picks:
        yield *pick.bin, str(pick.quantity), pick.sku, pick.wanted_for


def _boxes(named: Named) -> Iterator[tuple[str, str, str]]:
    for place, (shipment, number) in enumerate(named):
        yield _box(place), number, shipment.shipment_id


def _box(place: int) -> str:
    """A to Z, then AA, as the columns of a sheet."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _is_short(identity: str) -> bool:
    """Whether a barcode of it can be read from paper."""
    return identity.isascii() and len(identity) <= 24
