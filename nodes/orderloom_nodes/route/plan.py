"""Sites and what is wanted in; planned shipments that send exactly what is wanted, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from orderloom.model import Address, Carrier, Line, Money, Order, Routing, Shipment, ShipmentLine, minor_unit
from orderloom_nodes.route.costs import MICRO, Costs
from orderloom_nodes.route.search import Answer, Question
from orderloom_nodes.route.sites import Item, Site, known_grams

Strategy = Literal["cheapest", "exact", "fewest", "nearest", "priority"]
ONE_MORE = 10**15  # what is minded first weighs heavier than any cost
NEVER = 10**24  # and to leave what is there for later weighs heaviest


def question(
    sites: Sequence[Site], items: Sequence[Item], costs: Costs, strategy: Strategy = "cheapest", most: int | None = None
) -> Question:
    """What the search is asked, in millionths.

    `fewest` minds the number of shipments before cost; `nearest` the metres that each unit travels, `priority` how
    many locations of a lower priority each passes by, and cost last.
    """
    places = {site.location_id: n for n, site in enumerate({s.location_id: s for s in sites}.values())}
    first = {site.location_id: site for site in sites}
    ranks = sorted({site.location.priority for site in sites})
    minded = [_minded(site, strategy, ranks) for site in sites]
    later = None if costs.later is None else int(costs.later * MICRO)
    return Question(
        tuple(item.wanted for item in items),
        tuple(first[place].shelf for place in places),
        tuple(site.fixed + _split(costs) + (ONE_MORE if strategy == "fewest" else 0) for site in sites),
        tuple(_units(site, more) for site, more in zip(sites, minded, strict=True)),
        most,
        site_of=tuple(places[site.location_id] for site in sites),
        room=tuple(first[place].room for place in places),
        unsent=() if later is None else (later if strategy in {"cheapest", "exact"} else NEVER,) * len(items),
    )


def _split(costs: Costs) -> int:
    return int(costs.split * MICRO)


def _minded(site: Site, strategy: Strategy, ranks: Sequence[int]) -> int:
    if strategy == "nearest":
        return site.distance_m * ONE_MORE
    return ranks.index(site.location.priority) * ONE_MORE if strategy == "priority" else 0


def _units(site: Site, more: int) -> tuple[int | None, ...]:
    return tuple(
        None if there and not able else cost + more
        for cost, able, there in zip(site.unit, site.stock, site.shelf, strict=True)
    )


def shipments(
    order: Order, items: Sequence[Item], sites: Sequence[Site], answer: Answer, costs: Costs, reasons: Sequence[str]
) -> tuple[Shipment, ...]:
    """One planned shipment for each site of the answer, in the sites' order."""
    shares = _shares(items, answer)
    planned = tuple(
        _shipment(order, sites[site], number, lines, _routing(sites[site], answer, items, site, costs, reasons))
        for number, (site, lines) in enumerate(sorted(shares.items()), start=1)
    )
    conserve(items, sites, shares, answer.left)
    return planned


def cost_of(site: Site, index: int, answer: Answer) -> int:
    """What the site's shipment costs, in millionths, whatever the search minded."""
    return site.fixed + sum(site.unit[item] * quantity for where, item, quantity in answer.takes if where == index)


def payable(micros: int, currency: str) -> Decimal:
    """Millionths as an amount that could be paid, half to even."""
    return (Decimal(micros) / MICRO).quantize(minor_unit(currency), ROUND_HALF_EVEN)


Share = tuple[Line, int]


def _shares(items: Sequence[Item], answer: Answer) -> Mapping[int, list[Share]]:
    """Which lines each site fills, and how far: the first lines from the first sites."""
    found: dict[int, list[Share]] = {}
    for index, item in enumerate(items):
        quantities = {site: quantity for site, which, quantity in answer.takes if which == index}
        for line in item.lines:
            left = line.quantity_open
            for site in sorted(quantities):
                taken = min(left, quantities[site])
                if taken:
                    found.setdefault(site, []).append((line, taken))
                quantities[site] -= taken
                left -= taken
    return found


def conserve(
    items: Sequence[Item], sites: Sequence[Site], shares: Mapping[int, list[Share]], later: Sequence[int] = ()
) -> None:
    """Nothing lost, nothing sent twice, nothing promised that is not there; anything else is a bug of ours."""
    for index, item in enumerate(items):
        for line in item.lines:
            sent = sum(n for lines in shares.values() for found, n in lines if found.line_id == line.line_id)
            if sent > line.quantity_open:
                raise AssertionError(f"line {line.line_id}: {sent} would be sent and {line.quantity_open} are wanted")
        sent = sum(n for lines in shares.values() for found, n in lines if found.sku == item.sku)
        if sent + (later[index] if later else 0) != item.wanted:
            raise AssertionError(f"{item.sku}: {sent} would be sent and {item.wanted} are wanted")
        for place in {site.location_id for site in sites}:
            taken = sum(
                n
                for site, lines in shares.items()
                if sites[site].location_id == place
                for found, n in lines
                if found.sku == item.sku
            )
            there = max(site.shelf[index] for site in sites if site.location_id == place)
            if taken > there:
                raise AssertionError(f"{item.sku}: {taken} would leave {place}, which holds {there}")


def _routing(
    site: Site, answer: Answer, items: Sequence[Item], index: int, costs: Costs, reasons: Sequence[str]
) -> Routing:
    cost = Money(amount=payable(cost_of(site, index, answer), costs.currency), currency=costs.currency)
    share = sum(quantity for where, _, quantity in answer.takes if where == index)
    wanted = sum(item.wanted for item in items)
    leaves = site.leaves.replace(tzinfo=None).isoformat(" ", "minutes")
    by = f" by {site.service}" if site.service else ""
    told = (
        f"{share} of {wanted} wanted{by}, {site.distance_m // 1000} km away, leaves {leaves} UTC, "
        f"about {cost.amount} {cost.currency}"
    )
    if answer.exact:
        return Routing(method="exact", cost=cost, reasons=(told, *reasons))
    # the gap is of the whole plan: a shipment alone has none
    gap = Decimal(answer.gap).quantize(Decimal("0.0001"))
    return Routing(method="heuristic", cost=cost, gap=gap, reasons=(told, *reasons))


def _shipment(order: Order, site: Site, number: int, shares: Sequence[Share], routing: Routing) -> Shipment:
    return Shipment(
        shipment_id=f"{order.order_id}/{number}",
        order_id=order.order_id,
        location_id=site.location_id,
        ship_from=_ship_from(site),
        ship_to=order.shipping_address,
        lines=tuple(ShipmentLine(line_id=line.line_id, sku=line.sku, quantity=quantity) for line, quantity in shares),
        weight_kg=_weight_kg(shares),
        hazmat=any(line.handling and line.handling.hazmat for line, _ in shares),
        value=_value(shares, order.currency),
        carrier=Carrier(service_code=site.service) if site.service else None,
        ship_by=order.promise.ship_by if order.promise else None,
        promised_delivery=site.arrives,
        planned_ship_at=site.leaves,
        routing=routing,
    )


def _ship_from(site: Site) -> Address:
    """The location's address with its coordinates, so that all who measure from it agree."""
    latitude, longitude = site.point
    return site.location.address.model_copy(update={"latitude": latitude, "longitude": longitude})


def _weight_kg(shares: Sequence[Share]) -> Decimal | None:
    """In kilograms to the gram, or None as soon as one weight is not known."""
    grams = [line.weight.grams * quantity for line, quantity in shares if known_grams(line) and line.weight]
    return (
        (sum(grams, Decimal(0)) / 1000).quantize(Decimal("0.001")).normalize() + 0
        if len(grams) == len(shares)
        else None
    )


def _value(shares: Sequence[Share], currency: str) -> Money | None:
    """What the goods cost the buyer before discounts, where all prices are in the order's currency."""
    if any(line.unit_price.currency != currency for line, _ in shares):
        return None
    return Money.of(
        sum((line.unit_price.amount * quantity for line, quantity in shares), Decimal(0)), currency
    ).rounded()
