"""The rules of others, as their sources and documentation state them, on the same questions.

nearest_first   Magento MSI: sources sorted by distance, each gives min(what it has, what is still wanted)
fewest_splits   Shopify, Spree, Salesforce: the fewest locations that have it all together, of those the nearest
Both choose no service; here each of their shipments goes by the cheapest service that takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from orderloom_nodes.route.search import Question
from orderloom_nodes.route.search.filling import fill
from orderloom_nodes.route.search.options import Option, problem_of

MOST_TRIES = 200_000  # Salesforce stops at a million; no instance here needs as many

Plan = tuple[tuple[int, int, int], ...]  # leg, item, units


def nearest_first(question: Question, km: Sequence[float]) -> Plan | None:
    """Walk the sites by distance."""
    return _walk(question, sorted(range(len(km)), key=lambda site: km[site]))


def fewest_splits(question: Question, km: Sequence[float]) -> Plan | None:
    """Singles, pairs, triples, until one covers all; of its number the nearest one on average."""
    sites = [site for site in range(len(km)) if any(question.stock[site])]
    tries = 0
    for number in range(1, len(sites) + 1):
        found = []
        for picked in combinations(sites, number):
            tries += 1
            if tries > MOST_TRIES:
                return nearest_first(question, km)
            if _covers(question, picked):
                found.append((sum(km[site] for site in picked), picked))
        for _, picked in sorted(found):
            plan = _walk(question, sorted(picked, key=lambda site: km[site]))
            if plan is not None:
                return plan
    return None


def _covers(question: Question, picked: Sequence[int]) -> bool:
    return all(
        sum(question.stock[site][item] for site in picked) >= wanted for item, wanted in enumerate(question.wanted)
    )


def _walk(question: Question, sites: Sequence[int]) -> Plan | None:
    left = list(question.wanted)
    plan: list[tuple[int, int, int]] = []
    for site in sites:
        room = question.room[site] if question.room else None
        share = [0] * len(left)
        for item, wanted in enumerate(left):
            units = min(wanted, question.stock[site][item])
            if room is not None:
                units = min(units, room)
            if units and any(question.unit[leg][item] is not None for leg in _legs(question, site)):
                share[item] = units
                left[item] -= units
                room = None if room is None else room - units
        plan += _sent(question, site, share)
    return tuple(sorted(plan)) if not any(left) else None


def _legs(question: Question, site: int) -> list[int]:
    return [leg for leg, where in enumerate(question.sites) if where == site]


def _sent(question: Question, site: int, share: Sequence[int]) -> list[tuple[int, int, int]]:
    """The share by the cheapest services that take it."""
    if not any(share):
        return []
    wanted = tuple(share)
    legs = _legs(question, site)
    alone = Question(
        wanted,
        (wanted,),
        tuple(question.fixed[leg] for leg in legs),
        tuple(question.unit[leg] for leg in legs),
        site_of=(0,) * len(legs),
    )
    problem = problem_of(alone)
    plans = [filled for option in problem.options if (filled := fill(problem, [option]))]
    best = min(plans, key=lambda plan: plan.cost)
    return [(legs[leg], item, units) for leg, item, units in _takes(best.options[0], best.flow)]


def _takes(option: Option, flow: dict[tuple[int, int], int]) -> list[tuple[int, int, int]]:
    return [
        (leg, item, flow[option.index, item])
        for (item, _, _), leg in zip(option.offers, option.legs_of, strict=True)
        if flow.get((option.index, item))
    ]
