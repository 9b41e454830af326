"""A question in, what each site could do out: an option is one or several of its services used together.

Costs are scaled so that a plan that costs the same with fewer shipments, or from sites that come first, counts as the
cheaper one: ties fall where people expect them, whatever way the search goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orderloom_nodes.route.search.question import Question

Offer = tuple[int, int, int]  # item, cost of a unit, units


@dataclass(frozen=True)
class Option:
    """What a site sends if just these of its legs are used."""

    index: int
    site: int
    legs: tuple[int, ...]
    fixed: int
    offers: tuple[Offer, ...]
    legs_of: tuple[int, ...]  # per offer, the leg that takes it
    room: int | None  # units that can leave the site; None where its stock is the narrower limit


@dataclass(frozen=True)
class Problem:
    """All options of a question, in scaled costs."""

    wanted: tuple[int, ...]
    options: tuple[Option, ...]
    unsent: tuple[int | None, ...]
    most: int | None
    scale: int


def problem_of(question: Question) -> Problem:
    """Every option that could be part of a cheapest plan."""
    legs = len(question.fixed)
    scale = 1 << (2 * legs * legs + 2 * legs + 2).bit_length()
    found: list[Option] = []
    by_site: dict[int, list[int]] = {}
    for leg, site in enumerate(question.sites):
        by_site.setdefault(site, []).append(leg)
    for site, own in sorted(by_site.items()):
        for chosen in _together(question, site, own):
            found.append(_option(question, len(found), site, chosen, scale))
    unsent = question.unsent or (None,) * len(question.wanted)
    scaled = tuple(None if cost is None else cost * scale for cost in unsent)
    return Problem(question.wanted, tuple(option for option in found if option.offers), scaled, question.most, scale)


def _together(question: Question, site: int, legs: Sequence[int]) -> list[tuple[int, ...]]:
    """Each leg alone; several only where what they save by unit can be more than what one more of them costs."""
    able = [leg for leg in legs if any(_units(question, site, leg, item) for item in range(len(question.wanted)))]
    able = [leg for leg in able if not any(_beats(question, site, other, leg) for other in able if other != leg)]
    found: list[tuple[int, ...]] = [(leg,) for leg in able]
    for chosen in found:
        found += [(*chosen, leg) for leg in able if leg > chosen[-1] and _is_worth_it(question, site, chosen, leg)]
    return found


def _beats(question: Question, site: int, one: int, other: int) -> bool:
    """Whether the first leg is never dearer; of two equal ones, the first stays."""
    if (question.fixed[one], one) > (question.fixed[other], other):
        return False
    for item, stock in enumerate(question.stock[site]):
        there, here = question.unit[other][item], question.unit[one][item]
        if stock and there is not None and (here is None or here > there):
            return False
    return True


def _is_worth_it(question: Question, site: int, chosen: Sequence[int], leg: int) -> bool:
    """Whether the units that the leg takes off each of the others can repay it, and theirs repay them."""
    legs = (*chosen, leg)
    return all(_saves(question, site, [other for other in legs if other != one], one) for one in legs)


def _saves(question: Question, site: int, others: Sequence[int], leg: int) -> bool:
    saved = 0
    for item in range(len(question.wanted)):
        cost = question.unit[leg][item]
        if cost is None or not _units(question, site, leg, item):
            continue
        rest = [given for other in others if (given := question.unit[other][item]) is not None]
        if not rest:
            return True  # nobody else of them can take it
        saved += max(0, min(rest) - cost) * min(question.stock[site][item], question.wanted[item])
    return saved > question.fixed[leg]


def _units(question: Question, site: int, leg: int, item: int) -> int:
    able = question.unit[leg][item] is not None
    return min(question.stock[site][item], question.wanted[item]) if able else 0


def _option(question: Question, index: int, site: int, legs: tuple[int, ...], scale: int) -> Option:
    offers, legs_of = [], []
    for item in range(len(question.wanted)):
        able = [(cost, leg) for leg in legs if (cost := question.unit[leg][item]) is not None]
        units = min(question.stock[site][item], question.wanted[item])
        if able and units > 0:
            cost, leg = min(able)
            offers.append((item, cost * scale, units))
            legs_of.append(leg)
    limit = question.room[site] if question.room else None
    narrow = limit is not None and limit < sum(units for _, _, units in offers)
    ties = sum(len(question.fixed) + 1 + leg for leg in legs)
    fixed = sum(question.fixed[leg] for leg in legs) * scale + ties
    return Option(
        index, site, legs, fixed, tuple(offers) if limit != 0 else (), tuple(legs_of), limit if narrow else None
    )
