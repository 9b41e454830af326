"""What `route` answers, made of a plan: shipments with their reasons, or what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from orderloom import Outcome
from orderloom.model import Model, Money, Order, Shipment, StockLevel
from orderloom_nodes.route.costs import Costs
from orderloom_nodes.route.plan import cost_of, payable, shipments
from orderloom_nodes.route.policy import Found, Policy
from orderloom_nodes.route.reasons import Missing, lacking, missing, total, why_not, why_short
from orderloom_nodes.route.search import Answer
from orderloom_nodes.route.sites import Item, Passed, Site, Sourcing, few, late_cost


class Late(Model):
    """A shipment that would come after the promise; `upgrade` names a service that would be in time, for `more`."""

    location_id: str
    arrives: date
    promised: date
    upgrade: str | None = None
    more: Money | None = None


class Routed(Outcome, name="routed"):
    """Everything can be sent; what is to be shipped stands in `shipments`, once each.

    `reservation` is what holds the units for this order; empty where none was made (a dry run, `reserve: false`, stock
    that cannot be promised). No plan costs less than `lower_bound`; `gap` is how far `cost` may be from it, in parts
    of it. `later` is left for later, where the costs allow that; what is in `late` comes after the promised date.
    """

    shipments: tuple[Shipment, ...]
    reservation: str = ""
    reasons: tuple[Passed, ...]
    why: str
    notes: tuple[str, ...] = ()
    method: Literal["exact", "heuristic"] | None = None
    cost: Money | None = None
    lower_bound: Money | None = None
    gap: Decimal | None = None
    later: tuple[Missing, ...] = ()
    late: tuple[Late, ...] = ()


class Short(Outcome, name="short"):
    """Not everything can be sent; nothing is planned."""

    missing: tuple[Missing, ...]
    reasons: tuple[Passed, ...]
    why: str
    notes: tuple[str, ...] = ()


def routed(
    order: Order,
    sourcing: Sourcing,
    sites: Sequence[Site],
    passed: Sequence[Passed],
    found: Found,
    policy: Policy,
    levels: Sequence[StockLevel],
    told: tuple[str, ...],
) -> Routed:
    """The plan with all its reasons; nothing is reserved yet."""
    answer, costs, items = found.answer, policy.costs, sourcing.items
    return Routed(
        shipments=shipments(order, items, sites, answer, costs, told),
        reasons=_by_id([*passed, *why_not(sites, items, found.asked, found.priced, answer, costs)]),
        why=_why(sites, answer, policy, found),
        notes=told,
        method="exact" if answer.exact else "heuristic",
        cost=_money(found.cost, costs),
        lower_bound=_money(found.bound, costs),
        gap=found.gap,
        later=_later(items, answer, levels),
        late=tuple(_late(sites, index, answer, sourcing) for index in answer.legs if _is_late(sites[index], sourcing)),
    )


def short(
    sourcing: Sourcing,
    sites: Sequence[Site],
    passed: Sequence[Passed],
    split: bool,
    levels: Sequence[StockLevel],
    told: tuple[str, ...],
) -> Short:
    """What lacks, and what each location has of it."""
    items, unheard = sourcing.items, sourcing.unheard
    reasons = _by_id([*passed, *why_short(sites, items, unheard)])
    return Short(
        missing=missing(items, sites, split, unheard, expected(levels)),
        reasons=reasons,
        why=few(list(unheard.values()), "; ") or _why_short(sites, items, reasons, split),
        notes=told,
    )


_BLOCKS = ("cannot take", "would arrive", "at capacity")


def _why_short(sites: Sequence[Site], items: Sequence[Item], reasons: Sequence[Passed], split: bool) -> str:
    """The constraint that keeps the goods where they are; too little stock only where there is no other."""
    places = {site.location_id: site for site in sites}.values()
    if all(sum(site.stock[index] for site in places) >= item.wanted for index, item in enumerate(items)):
        if split:
            return "the locations that have it cannot pick that much in a day"
        return "the order must not be split and no location has all of it"
    blocked = [f"{found.location_id}: {found.reason}" for found in reasons if found.reason.startswith(_BLOCKS)]
    return few(blocked, "; ") or "there is too little in stock"


def _by_id(passed: Sequence[Passed]) -> tuple[Passed, ...]:
    return tuple(sorted(passed, key=lambda found: found.location_id))


def _money(micros: int, costs: Costs) -> Money:
    return Money(amount=payable(micros, costs.currency), currency=costs.currency)


def _why(sites: Sequence[Site], answer: Answer, policy: Policy, found: Found) -> str:
    names = " and ".join(_named(sites[index]) for index in answer.legs)
    number = f"{len(answer.legs)} shipments" if len(answer.legs) > 1 else "one shipment"
    proof = "" if answer.exact else ", heuristic, the best that was found in time"
    gap = "" if not found.gap else f"; the cheapest plan costs {_money(found.bound, policy.costs)} or more"
    return f"{number} from {names}: {policy.strategy}{proof}, about {total(sites, answer, policy.costs)}{gap}"


def _named(site: Site) -> str:
    return f"{site.location_id} by {site.service}" if site.service else site.location_id


def expected(levels: Sequence[StockLevel]) -> dict[str, date]:
    """Article → the first day on which more of it comes to some location."""
    found: dict[str, date] = {}
    for level in levels:
        if level.expected_at is not None:
            day = level.expected_at.date()
            found[level.sku] = min(day, found.get(level.sku, day))
    return found


def _later(items: Sequence[Item], answer: Answer, levels: Sequence[StockLevel]) -> tuple[Missing, ...]:
    """The units that are left for later, by line: the last lines wait."""
    if not any(answer.left):
        return ()
    sent = [item.wanted - n for item, n in zip(items, answer.left, strict=True)]
    when = expected(levels)
    return tuple(found for item, n in zip(items, sent, strict=True) for found in lacking(item, n, {}, when))


def _is_late(site: Site, sourcing: Sourcing) -> bool:
    return sourcing.promise is not None and site.arrives > sourcing.promise


def _late(sites: Sequence[Site], index: int, answer: Answer, sourcing: Sourcing) -> Late:
    """The cheapest service of the same location that takes the same units and is in time, if there is one."""
    site = sites[index]
    assert sourcing.promise is not None
    load = [(item, n) for leg, item, n in answer.takes if leg == index]
    paid = cost_of(site, index, answer)
    ways = [
        (other.fixed + sum(other.unit[item] * n for item, n in load) - paid, other.service)
        for other in sites
        if other.location_id == site.location_id
        and not _is_late(other, sourcing)
        and all(other.stock[item] >= n for item, n in load)
    ]
    found = Late(location_id=site.location_id, arrives=site.arrives.date(), promised=sourcing.promise.date())
    if not ways:
        return found
    more, service = min(ways)
    # lateness is a price of ours, not one that the buyer pays for being in time
    more += late_cost(site.arrives, sourcing)
    return found.model_copy(update={"upgrade": service or "standard", "more": _money(more, sourcing.costs)})
