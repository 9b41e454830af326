"""A problem in, a good plan out, soon: the cheapest options for what they cover, then one change after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderloom_nodes.route.search.filling import Filled, fill
from orderloom_nodes.route.search.options import Option, Problem


def covered(problem: Problem, options: Sequence[Option], start: Sequence[Option] = ()) -> Filled | None:
    """Add the option that costs least for each unit that nobody sends yet, until nothing more is worth it."""
    picked = list(start)
    left = list(problem.wanted)
    sites = {option.site for option in picked}
    for option in picked:
        _taken(option, left)
    while any(left) and (problem.most is None or sum(len(option.legs) for option in picked) < problem.most):
        found = min(
            (key for option in options if option.site not in sites and (key := _price(problem, option, left))),
            default=None,
        )
        if found is None:
            break
        picked.append(found[2])
        sites.add(found[2].site)
        _taken(found[2], left)
    return fill(problem, picked)


def _price(problem: Problem, option: Option, left: Sequence[int]) -> tuple[float, int, Option] | None:
    """What a unit comes to; None where leaving all of them for later is cheaper."""
    units = paid = saved = 0
    room = option.room
    for item, cost, offered in option.offers:
        limit = problem.unsent[item]
        taken = min(offered, left[item])
        if room is not None:
            taken = min(taken, room - units)
        if taken and (limit is None or cost < limit):
            units += taken
            paid += cost * taken
            saved += (limit or 0) * taken if limit is not None else 1 << 80
    if not units or paid + option.fixed >= saved:
        return None
    return (paid + option.fixed) / units, option.index, option


def _taken(option: Option, left: list[int]) -> None:
    room = option.room
    for item, _, units in option.offers:
        taken = min(units, left[item]) if room is None else min(units, left[item], room)
        left[item] -= taken
        if room is not None:
            room -= taken


def improved(problem: Problem, best: Filled, options: Sequence[Option]) -> Filled:
    """Drop, add and exchange options as long as the plan becomes cheaper; the best of each round is taken."""
    while True:
        found = best
        for moved in _moves(best.options, options):
            tried = fill(problem, moved)
            if tried is not None and tried.cost < found.cost:
                found = tried
        if found is best:
            return best
        best = found


def _moves(used: Sequence[Option], options: Sequence[Option]) -> Iterator[list[Option]]:
    for gone in used:
        yield [option for option in used if option is not gone]
    for new in options:
        rest = [option for option in used if option.site != new.site]
        if new in used:
            continue
        yield [*rest, new]
        for gone in rest:
            yield [*(option for option in rest if option is not gone), new]
