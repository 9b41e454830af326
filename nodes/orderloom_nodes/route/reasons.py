"""A plan in; why each other location was not chosen, and what is missing where there is no plan, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from orderloom.model import Model, StockLevel
from orderloom_nodes.route.costs import MICRO, Costs
from orderloom_nodes.route.plan import cost_of, payable
from orderloom_nodes.route.search import Answer, Question, cost_with
from orderloom_nodes.route.sites import Item, Passed, Site, few


class Missing(Model):
    """A line that cannot be sent whole."""

    line_id: str
    sku: str
    wanted: int
    available: int
    reason: str | None = None  # where there is more to say: "no location knows MUG"
    expected_on: date | None = None  # when more of it comes, where some location says so


def why_not(
    sites: Sequence[Site], items: Sequence[Item], asked: Question, priced: Question, answer: Answer, costs: Costs
) -> list[Passed]:
    """A reason with figures for every location that the answer leaves out. `priced` is the question in money."""
    paid = sum(cost_of(sites[index], index, answer) for index in answer.legs) + later_cost(priced, answer)
    used = {sites[index].location_id for index in answer.legs}
    leads = {site.location_id: (index, site) for index, site in reversed(list(enumerate(sites)))}
    return [
        Passed(location_id=place, reason=_reason(index, site, items, asked, priced, answer, paid, costs))
        for place, (index, site) in leads.items()
        if place not in used
    ]


def later_cost(priced: Question, answer: Answer) -> int:
    """What the units come to that are left for later."""
    return sum((priced.unsent[item] or 0) * units for item, units in enumerate(answer.left) if units)


def _reason(
    index: int,
    site: Site,
    items: Sequence[Item],
    asked: Question,
    priced: Question,
    answer: Answer,
    paid: int,
    costs: Costs,
) -> str:
    lacks = any(n < item.wanted for n, item in zip(site.stock, items, strict=True))
    parts = [_short_of(site, items, {})] if lacks else []  # what nobody knows is never part of a plan
    paid += int(costs.split * MICRO) * len(answer.legs)
    with_it = cost_with(priced, answer.legs, priced.sites[index])
    if with_it is None:
        parts.append("the plan is cheaper without it" if asked.most is None else "the order must not be split")
    elif with_it > paid:
        more = payable(with_it - paid, costs.currency)
        what = f"would cost {more} {costs.currency} more" if more else "would cost a fraction more"
        parts.append(f"{what} ({site.distance_m // 1000} km away)")
    elif asked is not priced:
        less = f"{payable(paid - with_it, costs.currency)} {costs.currency}"
        parts.append(f"would cost {less} less, but the strategy minds that last ({site.distance_m // 1000} km away)")
    elif with_it < paid:
        less = f"{payable(paid - with_it, costs.currency)} {costs.currency}"
        parts.append(f"might cost {less} less: the search ended before it was looked at")
    else:
        parts.append("costs the same: the first by priority and id was taken")
    return "; ".join(parts)


def _short_of(site: Site, items: Sequence[Item], unheard: Mapping[str, str]) -> str:
    told = [
        unheard[item.sku]
        if item.sku in unheard
        else f"cannot take {site.lacks[item.sku]} ({item.sku})"
        if item.sku in site.lacks
        else f"{n} of {item.wanted} {'wanted' if len(items) == 1 else item.sku or '(no SKU)'} are there"
        for n, item in zip(site.stock, items, strict=True)
        if n < item.wanted
    ]
    return few(told, ", ")


def why_short(sites: Sequence[Site], items: Sequence[Item], unheard: Mapping[str, str]) -> list[Passed]:
    """What each location has of it, where all together have too little or nothing may be split."""
    return [
        Passed(
            location_id=site.location_id,
            reason=_short_of(site, items, unheard)
            if any(n < i.wanted for n, i in zip(site.stock, items, strict=True))
            else "has all"
            if site.room is None or site.room >= sum(item.wanted for item in items)
            else f"has all, and can pick {site.room} more units on {site.day}",
        )
        for site in _places(sites)
    ]


def _places(sites: Sequence[Site]) -> list[Site]:
    """One of each location: by the service that takes most of what is wanted."""
    found: dict[str, Site] = {}
    for site in sites:
        known = found.get(site.location_id)
        if known is None or sum(site.stock) > sum(known.stock):
            found[site.location_id] = site
    return list(found.values())


def missing(
    items: Sequence[Item],
    sites: Sequence[Site],
    split: bool,
    unheard: Mapping[str, str],
    expected: Mapping[str, date],
) -> tuple[Missing, ...]:
    """The lines that lack something: over all sites, or at the one site that lacks least where nothing may be split."""
    sites = _places(sites)
    have = tuple(sum(site.stock[index] for site in sites) for index in range(len(items)))
    if not split and all(n >= item.wanted for n, item in zip(have, items, strict=True)):
        have = min((site.stock for site in sites), key=lambda stock: _lack(stock, items))
    return tuple(found for n, item in zip(have, items, strict=True) for found in lacking(item, n, unheard, expected))


def _lack(stock: Sequence[int], items: Sequence[Item]) -> int:
    return sum(max(0, item.wanted - n) for n, item in zip(stock, items, strict=True))


def lacking(item: Item, have: int, unheard: Mapping[str, str], expected: Mapping[str, date]) -> list[Missing]:
    """The lines of an article that `have` units do not fill: the last ones."""
    found = []
    for line in item.lines:
        given = min(have, line.quantity_open)
        have -= given
        if given < line.quantity_open:
            missing = Missing(line_id=line.line_id, sku=line.sku, wanted=line.quantity_open, available=given)
            more = {"reason": unheard.get(item.sku), "expected_on": expected.get(item.sku)}
            found.append(missing.model_copy(update=more))
    return found


def total(sites: Sequence[Site], answer: Answer, costs: Costs) -> str:
    """`12.40 USD`: the whole plan's cost for a sentence."""
    paid = sum(cost_of(sites[index], index, answer) for index in answer.legs)
    return f"{payable(paid, costs.currency)} {costs.currency}"


def notes(items: Sequence[Item], place_note: str | None, costs: Costs) -> tuple[str, ...]:
    """What was assumed on the way."""
    unknown = [item.sku for item in items if not any(line.weight and line.weight.value for line in item.lines)]
    assumed = (
        f"no weight is known for {', '.join(unknown)}: {costs.assumed_weight_g} g a unit were assumed for the cost"
    )
    return tuple(note for note in (place_note, assumed if unknown else None) if note)


def alerts(levels: Iterable[StockLevel], oldest: datetime | None) -> tuple[str, ...]:
    """Stock that nobody can believe, for whoever keeps it to look at."""
    told = []
    for level in sorted(levels, key=lambda level: (level.sku, level.location_id)):
        where = f"{level.sku} at {level.location_id}"
        if level.on_hand < 0:
            told.append(f"stock alert: {where} is {level.on_hand}, which nobody can have: count it")
        elif oldest is not None and level.as_of is not None and level.as_of < oldest:
            told.append(f"stock alert: {where} was counted on {level.as_of:%Y-%m-%d %H:%M}: count it, or import anew")
    return tuple(told)


def too_late(sites: Sequence[Site], answer: Answer, promise: datetime | None) -> tuple[str, ...]:
    """Which shipments are not expected in time: told at once, so that somebody can upgrade them or ask."""
    return tuple(
        f"from {site.location_id} it would arrive on {site.arrives:%Y-%m-%d}, after {promise:%Y-%m-%d} was promised"
        for site in (sites[index] for index in answer.legs)
        if promise and site.arrives > promise
    )
