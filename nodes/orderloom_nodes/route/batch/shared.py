"""Many questions over the same stock: what each order's plan takes of it, and what a plan costs at prices for it.

A resource is an article at a location, or the units that a location can pick in a day. Orders are counted from 0, in
the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from orderloom_nodes.route.search.options import Option, Problem, problem_of
from orderloom_nodes.route.search.question import Answer, Question
from orderloom_nodes.route.search.searching import answer_of, solved

NODES = 80  # parts of the search for one order at a time: its bound is valid even where they do not suffice

Usage = tuple[tuple[int, int], ...]  # resource, units


@dataclass(frozen=True)
class Asked:
    """An order's question, and the resources that its sites and items stand for (None: without limit)."""

    question: Question
    stock: tuple[tuple[int, ...], ...]  # per site and item
    room: tuple[int | None, ...]  # per site

    @cached_property
    def problem(self) -> Problem:
        return problem_of(self.question)

    def usage(self, answer: Answer) -> Usage:
        """What the answer takes of each resource."""
        taken: dict[int, int] = {}
        for leg, item, units in answer.takes:
            site = self.question.sites[leg]
            for resource in (self.stock[site][item], self.room[site]):
                if resource is not None:
                    taken[resource] = taken.get(resource, 0) + units
        return tuple(sorted(taken.items()))


@dataclass(frozen=True)
class Pattern:
    """One way to send an order."""

    order: int
    cost: int
    usage: Usage
    answer: Answer


@dataclass(frozen=True)
class Batch:
    """`supply` is what there is of each resource."""

    asked: tuple[Asked, ...]
    supply: tuple[int, ...]

    def pattern(self, order: int, answer: Answer) -> Pattern:
        return Pattern(order, answer.cost, self.asked[order].usage(answer), answer)

    def left(self, patterns: Iterable[Pattern]) -> list[int]:
        """What the patterns leave of each resource; below 0 where they take what is not there."""
        left = list(self.supply)
        for pattern in patterns:
            for resource, units in pattern.usage:
                left[resource] -= units
        return left


def at_prices(batch: Batch, order: int, prices: Sequence[float]) -> tuple[Pattern | None, float]:
    """The order's cheapest plan if what it takes cost so much more, and a bound of that cost."""
    asked = batch.asked[order]
    problem = _priced(asked, prices)
    best, value = solved(problem, NODES)
    if best is None:
        return None, 0.0
    return batch.pattern(order, answer_of(asked.question, asked.problem, best, 0)), value / problem.scale


def out_of(batch: Batch, order: int, left: Sequence[int], prices: Sequence[float] | None = None) -> Pattern | None:
    """The order's cheapest plan out of what is left; None where there is none."""
    asked = batch.asked[order]
    stock = tuple(
        tuple(min(units, left[resource]) for units, resource in zip(row, resources, strict=True))
        for row, resources in zip(asked.question.stock, asked.stock, strict=True)
    )
    room = tuple(
        known if resource is None else left[resource]
        for known, resource in zip(asked.question.room or asked.room, asked.room, strict=True)
    )
    question = replace(asked.question, stock=stock, room=room)
    problem = problem_of(question)
    if prices is not None:
        problem = _priced(Asked(question, asked.stock, asked.room), prices)
    best, _ = solved(problem, NODES)
    return None if best is None else batch.pattern(order, answer_of(question, problem, best, 0))


def _priced(asked: Asked, prices: Sequence[float]) -> Problem:
    problem = asked.problem
    scale = problem.scale
    options = []
    for option in problem.options:
        resources = asked.stock[option.site]
        room = asked.room[option.site]
        more = prices[room] if room is not None else 0.0
        offers = tuple(
            (item, cost + int((prices[resources[item]] + more) * scale), units) for item, cost, units in option.offers
        )
        options.append(
            Option(option.index, option.site, option.legs, option.fixed, offers, option.legs_of, option.room)
        )
    return replace(problem, options=tuple(options))


def total(patterns: Mapping[int, Pattern]) -> int:
    """What the plans of all orders cost together."""
    return sum(pattern.cost for pattern in patterns.values())
