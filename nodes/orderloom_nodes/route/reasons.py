"""A plan in; why each other location was not chosen, and what is missing where there is no plan, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from orderloom.model import Line, Model
from orderloom_nodes.route.plan import cost_of, payable
from orderloom_nodes.route.search import Answer, Question, cost_with
from orderloom_nodes.route.sites import Costs, Item, Passed, Site, few


class Missing(Model):
    """A line that cannot be sent whole."""

    line_id: str
    sku: str
    wanted: int
    available: int
    reason: str | None = None  # where there is more to say: "no location knows MUG"


def why_not(
    sites: Sequence[Site], items: Sequence[Item], asked: Question, priced: Question, answer: Answer, costs: Costs
) -> list[Passed]:
    """A reason with figures for every site that the answer leaves out. `priced` is the question in money."""
    paid = sum(cost_of(sites[index], index, answer) for index in answer.legs)
    return [
        Passed(location_id=site.location_id, reason=_reason(index, site, items, asked, priced, answer, paid, costs))
        for index, site in enumerate(sites)
        if index not in answer.legs
    ]


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
    with_it = cost_with(priced, answer.legs, index)
    if with_it is None:
        parts.append("the plan is cheaper without it" if asked.most is None else "the order must not be split")
    elif with_it > paid:
        more = payable(with_it - paid, costs.currency)
        what = f"would cost {more} {costs.currency} more" if more else "would cost a fraction more"
        parts.append(f"{what} ({site.distance_m // 1000} km away)")
    elif asked is not priced:
        less = f"{payable(paid - with_it, costs.currency)} {costs.currency}"
        parts.append(f"would cost {less} less, but the strategy minds that last ({site.distance_m // 1000} km away)")
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
    """What each site has of it, where all together have too little or nothing may be split."""
    return [
        Passed(
            location_id=site.location_id,
            reason=_short_of(site, items, unheard)
            if any(n < i.wanted for n, i in zip(site.stock, items, strict=True))
            else "has all",
        )
        for site in sites
    ]


def missing(
    items: Sequence[Item], sites: Sequence[Site], split: bool, unheard: Mapping[str, str]
) -> tuple[Missing, ...]:
    """The lines that lack something: over all sites, or at the one site that lacks least where nothing may be split."""
    have = tuple(sum(site.stock[index] for site in sites) for index in range(len(items)))
    if not split and all(n >= item.wanted for n, item in zip(have, items, strict=True)):
        have = min((site.stock for site in sites), key=lambda stock: _lack(stock, items))
    return tuple(found for n, item in zip(have, items, strict=True) for found in _lacking(item, n, unheard))


def _lack(stock: Sequence[int], items: Sequence[Item]) -> int:
    return sum(max(0, item.wanted - n) for n, item in zip(stock, items, strict=True))


def _lacking(item: Item, have: int, unheard: Mapping[str, str]) -> list[Missing]:
    found = []
    for line in item.lines:
        given = min(have, line.quantity_open)
        have -= given
        if given < line.quantity_open:
            found.append(_missing(line, given, unheard.get(item.sku)))
    return found


def _missing(line: Line, given: int, reason: str | None) -> Missing:
    return Missing(line_id=line.line_id, sku=line.sku, wanted=line.quantity_open, available=given, reason=reason)


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


def too_late(sites: Sequence[Site], answer: Answer, promise: datetime | None) -> tuple[str, ...]:
    """Which shipments are not expected in time: told at once, so that somebody can upgrade them or ask."""
    return tuple(
        f"from {site.location_id} it would arrive on {site.arrives:%Y-%m-%d}, after {promise:%Y-%m-%d} was promised"
        for site in (sites[index] for index in answer.legs)
        if promise and site.arrives > promise
    )
