"""What is wanted, what lies where and what it costs in; the cheapest shipments out, with a proof or a bound.

A shipment from a site costs its fixed sum, and each unit in it its own. Stock is the only limit that sites share
nothing of, so once the sites are picked each item is simply taken from the cheapest of them. What is left is which
sites to pick: they are tried in growing number, and a number whose cheapest fixed sums alone, added to what the units
cost with every site open, reach the best plan so far ends the search: nothing better can follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

TRIES = 20_000  # picks of sites looked at before the search settles for what it has; about 0.1 s

Row = tuple[int, ...]
Queues = list[list[tuple[int, int, int]]]
Take = tuple[int, int, int]  # site, item, quantity
Key = tuple[int, int, Row]  # cost, number of shipments, sites: lower is better, ties fall to the first sites


@dataclass(frozen=True)
class Question:
    """Sites and items count from 0, in the order in which ties fall to them. Costs are whole numbers of any unit."""

    wanted: Row  # per item
    stock: tuple[Row, ...]  # per site and item
    fixed: Row  # per site
    unit: tuple[Row, ...]  # per site and item
    most: int | None = None  # shipments allowed

    @cached_property
    def queues(self) -> Queues:
        """Per item, who has it: unit cost, site and stock, the cheapest first."""
        return [
            sorted((self.unit[site][item], site, row[item]) for site, row in enumerate(self.stock) if row[item] > 0)
            for item in range(len(self.wanted))
        ]


@dataclass(frozen=True)
class Answer:
    """`bound`: no plan costs less. `exact`: this one costs no more than any other."""

    takes: tuple[Take, ...]
    cost: int
    bound: int
    exact: bool

    @property
    def sites(self) -> Row:
        return tuple(sorted({site for site, _, _ in self.takes}))


def search(question: Question, tries: int = TRIES) -> Answer | None:
    """The cheapest way to send everything that is wanted, or None where it cannot be sent."""
    queues = question.queues
    everywhere = range(len(question.fixed))
    units = _units(queues, question.wanted, everywhere)
    if units is None:
        return None
    most = min(question.most or len(everywhere), len(everywhere))
    best = _key(question, queues, everywhere) if most == len(everywhere) else None
    cheapest_fixed = sorted(question.fixed)
    floor = 0
    for number in range(1, most + 1):
        floor = sum(cheapest_fixed[:number]) + units
        if best and floor >= best[0]:
            break
        tries -= comb(len(everywhere), number)
        if tries < 0:
            return _settled(question, queues, best, floor, exact=False)
        for sites in combinations(everywhere, number):
            if best and units + sum(question.fixed[site] for site in sites) > best[0]:
                continue
            found = _key(question, queues, sites)
            if found and (best is None or found < best):
                best = found
    return _settled(question, queues, best, floor, exact=True)


def cost_with(question: Question, base: Sequence[int], site: int) -> int | None:
    """What using `site` would cost: alone, beside `base`, or instead of one of its sites; None: it adds nothing."""
    queues = question.queues
    picks = [(site,), *(tuple(sorted({site, *base} - {left})) for left in base), tuple(sorted({site, *base}))]
    keys = [_key(question, queues, pick) for pick in picks if question.most is None or len(pick) <= question.most]
    return min((key[0] for key in keys if key and site in key[2]), default=None)


def _settled(question: Question, queues: Queues, best: Key | None, floor: int, *, exact: bool) -> Answer | None:
    if not exact:
        best = min((key for key in (best, _improved(question, queues, best)) if key), default=None)
    if best is None:
        return None
    takes = tuple(sorted(_takes(queues, question.wanted, best[2])))
    bound = best[0] if exact else min(best[0], floor)
    return Answer(takes, best[0], bound, exact or bound == best[0])


def _units(queues: Queues, wanted: Row, sites: Sequence[int]) -> int | None:
    """What the units cost from these sites, or None where they do not hold enough."""
    total = 0
    for queue, left in zip(queues, wanted, strict=True):
        for cost, site, stock in queue:
            if site in sites:
                taken = min(stock, left)
                total += taken * cost
                left -= taken  # noqa: PLW2901 (a running remainder)
                if not left:
                    break
        if left:
            return None
    return total


def _takes(queues: Queues, wanted: Row, sites: Sequence[int]) -> Iterator[Take]:
    for item, (queue, left) in enumerate(zip(queues, wanted, strict=True)):
        for _, site, stock in queue:
            if left and site in sites:
                yield site, item, min(stock, left)
                left -= min(stock, left)  # noqa: PLW2901


def _key(question: Question, queues: Queues, sites: Sequence[int]) -> Key | None:
    units = _units(queues, question.wanted, sites)
    if units is None:
        return None
    used = tuple(sorted({site for site, _, _ in _takes(queues, question.wanted, sites)}))
    return units + sum(question.fixed[site] for site in used), len(used), used


def _improved(question: Question, queues: Queues, best: Key | None) -> Key | None:
    """Drop, swap or add one site as long as that is cheaper; where none is known yet, begin with the fullest sites."""
    best = best or _first(question, queues)
    while best:
        found = min((key for pick in _moves(question, best[2]) if (key := _key(question, queues, pick))), default=best)
        if found >= best:
            return best
        best = found
    return None


def _moves(question: Question, sites: Row) -> Iterator[Row]:
    others = [site for site in range(len(question.fixed)) if site not in sites]
    for site in sites:
        rest = tuple(kept for kept in sites if kept != site)
        yield rest
        yield from (tuple(sorted((*rest, other))) for other in others)
    if question.most is None or len(sites) < question.most:
        yield from (tuple(sorted((*sites, other))) for other in others)


def _first(question: Question, queues: Queues) -> Key | None:
    """Add the site that covers most of what is still wanted, until all is covered or no more may be added."""
    picked: list[int] = []
    while len(picked) < (question.most or len(question.fixed)):
        left = [max(0, want - sum(question.stock[s][i] for s in picked)) for i, want in enumerate(question.wanted)]
        gains = [(-sum(map(min, row, left)), site) for site, row in enumerate(question.stock) if site not in picked]
        gain, site = min(gains, default=(0, -1))
        if not gain:
            break
        picked.append(site)
    return _key(question, queues, picked)
