"""Random orders, locations and stock as merchants have them; the same seed gives the same ones on every machine.

Locations lie on a map of 4,000 by 2,500 km. Each ships by ground and by air: air is dearer by shipment and by
kilogram, takes no dangerous goods and is there in two days. 6 % of the articles are hazardous, 6 % must be kept cold
and be there within two days. An order has a promised date; a day late costs. Costs are in cents.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from orderloom_nodes.route.batch.shared import Asked, Batch
from orderloom_nodes.route.search import Question
from orderloom_nodes.route.search.filling import fill
from orderloom_nodes.route.search.options import problem_of

HAZMAT = COLD = 0.06
LATE_DAY = 400


@dataclass(frozen=True)
class Kind:
    """What is asked: its name, size, and how much is in stock."""

    name: str
    lines: int
    locations: int
    stocked: float = 0.4  # of the locations, for each article
    binding: bool = False  # whether what a location can pick in a day is less than what is wanted


KINDS = (
    Kind("3 lines x 10 locations", 3, 10),
    Kind("10 lines x 20 locations", 10, 20),
    Kind("10 lines x 50 locations", 10, 50),
    Kind("3 x 10, sparse stock", 3, 10, 0.20),
    Kind("10 x 50, sparse stock", 10, 50, 0.15),
    Kind("3 x 10, capacity binds", 3, 10, 0.4, binding=True),
)


@dataclass(frozen=True)
class Article:
    grams: int
    hazmat: bool
    cold: bool


@dataclass(frozen=True)
class Place:
    """A point on the map and its tariffs."""

    x: float
    y: float
    handling: int

    def km(self, other: Place) -> float:
        return math.hypot(self.x - other.x, self.y - other.y)


def places(draw: random.Random, number: int) -> list[Place]:
    return [Place(draw.uniform(0, 4000), draw.uniform(0, 2500), draw.randint(250, 600)) for _ in range(number)]


def articles(draw: random.Random, number: int) -> list[Article]:
    return [
        Article(draw.randint(100, 4000), draw.random() < HAZMAT, draw.random() < COLD)
        for _ in range(number)
    ]


def legs_of(sites: list[Place], goal: Place, wanted: list[Article], promise_days: int) -> tuple[
    tuple[int, ...], tuple[int, ...], tuple[tuple[int | None, ...], ...]
]:
    """Site, fixed cost and cost by unit of every leg: ground, then air, of each site."""
    site_of, fixed, unit = [], [], []
    for index, site in enumerate(sites):
        km = site.km(goal)
        ground_days = 1 + int(km // 600)
        for air in (False, True):
            days = 2 if air else ground_days
            late = max(0, days - promise_days)
            site_of.append(index)
            fixed.append(site.handling + (900 if air else 300) + late * LATE_DAY)
            rate = 0.30 if air else 0.10  # cents a kilogram and kilometre
            unit.append(tuple(
                None if (air and article.hazmat) or (article.cold and days > 2)
                else 20 + int(rate * km * article.grams / 1000)
                for article in wanted
            ))
    return tuple(site_of), tuple(fixed), tuple(unit)


def question(kind: Kind, seed: int) -> tuple[Question, list[float]]:
    """One order, and how far each site is; there is always enough to send it."""
    number = 0
    while True:
        draw = random.Random(f"{kind.name} {seed} {number}")
        made, km = _question(kind, draw)
        if _can_be_sent(made):
            return made, km
        number += 1


def _question(kind: Kind, draw: random.Random) -> tuple[Question, list[float]]:
    sites, goal = places(draw, kind.locations), places(draw, 1)[0]
    ordered = articles(draw, kind.lines)
    wanted = tuple(draw.randint(1, 4) for _ in ordered)
    stock = tuple(
        tuple(draw.randint(1, 6) if draw.random() < kind.stocked else 0 for _ in ordered) for _ in sites
    )
    site_of, fixed, unit = legs_of(sites, goal, ordered, draw.randint(2, 6))
    room = tuple(draw.randint(1, 4) for _ in sites) if kind.binding else ()
    return (
        Question(wanted, stock, fixed, unit, site_of=site_of, room=room),
        [site.km(goal) for site in sites],
    )


def _can_be_sent(made: Question) -> bool:
    """Whether every item can come from somewhere; with rooms, by a flow that minds nothing but units."""
    problem = problem_of(made)
    widest = {}
    for option in problem.options:
        known = widest.get(option.site)
        if known is None or len(option.offers) > len(known.offers):
            widest[option.site] = option
    return fill(problem, tuple(widest.values())) is not None


LATER = 3000  # cents that a unit costs that is left for later


def batch(number: int, seed: int = 1, locations: int = 20, skus: int = 200) -> tuple[Batch, list[list[float]]]:
    """So many orders over shared stock and a day's capacity, and how far each order has to each location.

    Popular articles are asked for more often than others; stock follows demand, twice of it and two
    units more, in 40 % of the locations; what all locations can pick is a fifth more than what is wanted.
    """
    draw = random.Random(f"batch {number} {seed}")
    sites, goods = places(draw, locations), articles(draw, skus)
    popular = [1 / (1 + index / 20) for index in range(skus)]
    orders = [_lines(draw, popular) for _ in range(number)]
    wanted = [0] * skus
    for lines in orders:
        for sku, units in lines.items():
            wanted[sku] += units
    stock = [[0] * skus for _ in sites]
    for sku in range(skus):
        holders = [site for site in range(locations) if draw.random() < 0.4] or [draw.randrange(locations)]
        for _ in range(2 + int(2.0 * wanted[sku])):
            stock[draw.choice(holders)][sku] += 1
    shares = [draw.uniform(0.6, 1.4) for _ in sites]
    rooms = [int(1.2 * sum(wanted) * share / sum(shares)) for share in shares]
    supply = [units for row in stock for units in row] + rooms
    made, km = [], []
    for lines in orders:
        goal = places(draw, 1)[0]
        site_of, fixed, unit = legs_of(sites, goal, [goods[sku] for sku in lines], draw.randint(2, 6))
        question = Question(
            tuple(lines.values()),
            tuple(tuple(row[sku] for sku in lines) for row in stock),
            fixed,
            unit,
            site_of=site_of,
            room=tuple(rooms),
            unsent=(LATER,) * len(lines),
        )
        resources = tuple(tuple(site * skus + sku for sku in lines) for site in range(locations))
        made.append(Asked(question, resources, tuple(locations * skus + site for site in range(locations))))
        km.append([site.km(goal) for site in sites])
    return Batch(tuple(made), tuple(supply)), km


def _lines(draw: random.Random, popular: list[float]) -> dict[int, int]:
    lines: dict[int, int] = {}
    for sku in draw.choices(range(len(popular)), popular, k=draw.choice((1, 1, 2, 2, 3, 4))):
        lines[sku] = draw.choice((1, 1, 2, 3, 4))
    return lines
