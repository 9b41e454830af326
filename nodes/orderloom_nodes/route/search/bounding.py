"""Prices of the items in, a cost below which no plan can lie out (Lagrange's relaxation of "all must be sent").

With a price on each item every site decides for itself whether what it sends is worth its fixed sum; what all of them
lose by that can only be too little. The prices are then turned towards what is sent too seldom (Held, Wolfe and
Crowder 1974, with Polyak's step). Prices are whole numbers, so that the bound is exact and not merely nearly so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orderloom_nodes.route.search.options import Option, Problem

Prices = list[int]


@dataclass(frozen=True)
class Node:
    """A part of the search: `opened` options are used, `free` ones may be, by site; all others are not."""

    opened: tuple[Option, ...]
    free: tuple[tuple[Option, ...], ...]


@dataclass(frozen=True)
class Bound:
    """`value`: no plan of this node costs less. `reduced`: what each free option adds to it, if it were used."""

    value: int
    prices: Prices
    picked: tuple[Option, ...]
    reduced: tuple[int, ...]  # by free site and option, one after the other


def reduced_cost(option: Option, prices: Sequence[int]) -> int:
    """What the option costs less what it earns at these prices."""
    if option.room is None:
        total = option.fixed
        for item, cost, units in option.offers:
            gain = cost - prices[item]
            if gain < 0:
                total += gain * units
        return total
    return option.fixed + sum(gain * units for gain, _, units in _gains(option, prices))


def _gains(option: Option, prices: Sequence[int]) -> list[tuple[int, int, int]]:
    """The units that earn most, as far as there is room."""
    room = option.room or 0
    found = []
    for gain, item, units in sorted((cost - prices[item], item, units) for item, cost, units in option.offers):
        if gain >= 0 or not room:
            break
        taken = min(units, room)
        found.append((gain, item, taken))
        room -= taken
    return found


def bound_at(problem: Problem, node: Node, prices: Prices) -> Bound:
    """The bound at these prices."""
    value = sum(price * wanted for price, wanted in zip(prices, problem.wanted, strict=True))
    for option in node.opened:
        value += reduced_cost(option, prices)
    picked: list[tuple[int, Option]] = []
    reduced: list[int] = []
    for options in node.free:
        best, chosen = 0, None
        for option in options:
            cost = reduced_cost(option, prices)
            reduced.append(cost)
            if cost < best:
                best, chosen = cost, option
        if chosen is not None:
            picked.append((best, chosen))
    if problem.most is not None:
        room = problem.most - sum(len(option.legs) for option in node.opened)
        picked = sorted(picked, key=lambda found: found[0])[: max(0, room)]
    value += sum(cost for cost, _ in picked)
    return Bound(value, prices, tuple(option for _, option in picked), tuple(reduced))


def raised(problem: Problem, node: Node, prices: Prices, goal: int, steps: int) -> Bound:
    """The best bound found in so many steps; stops as soon as it reaches `goal`, the cost of a plan that is known."""
    best = bound_at(problem, node, prices)
    found, pace, still = best, 1.0, 0
    for _ in range(steps):
        slope = _slope(problem, (*node.opened, *found.picked), found.prices)
        size = sum(part * part for part in slope)
        if best.value >= goal or not size:
            break
        step = pace * (goal - found.value) / size
        found = bound_at(problem, node, _turned(problem, found.prices, slope, step))
        if found.value > best.value:
            best, still = found, 0
        else:
            still += 1
            if still == 4:
                pace, still, found = pace / 2, 0, best
    return best


def _turned(problem: Problem, prices: Prices, slope: Sequence[int], step: float) -> Prices:
    turned = [price + round(step * part) for price, part in zip(prices, slope, strict=True)]
    return [price if limit is None else min(price, limit) for price, limit in zip(turned, problem.unsent, strict=True)]


def _slope(problem: Problem, used: Sequence[Option], prices: Prices) -> list[int]:
    """Per item, how much of it is sent too little at these prices; 0 for one whose rest is left for later."""
    slope = list(problem.wanted)
    for option in used:
        if option.room is None:
            for item, cost, units in option.offers:
                if cost < prices[item]:
                    slope[item] -= units
        else:
            for _, item, units in _gains(option, prices):
                slope[item] -= units
    return [
        0 if part > 0 and limit is not None and price >= limit else part
        for part, price, limit in zip(slope, prices, problem.unsent, strict=True)
    ]


def first_prices(problem: Problem, options: Sequence[Option]) -> Prices:
    """What a unit costs at the place that sends it cheapest, with its share of that place's fixed sum."""
    prices: list[int | None] = [None] * len(problem.wanted)
    for option in options:
        units = sum(offered for _, _, offered in option.offers)
        share = option.fixed // max(1, units if option.room is None else min(units, option.room))
        for item, cost, _ in option.offers:
            known = prices[item]
            if known is None or cost + share < known:
                prices[item] = cost + share
    return [
        min(cost for cost in (price, limit) if cost is not None) if price is not None or limit is not None else 0
        for price, limit in zip(prices, problem.unsent, strict=True)
    ]
