"""A question and a plan in; what the plan costs, and whether it is one, out. No plan goes round this."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom_nodes.route.search.question import Question, Take


def cost_of(question: Question, takes: Sequence[Take], left: Sequence[int]) -> int:
    """What a plan costs by the question itself."""
    total = sum(question.fixed[leg] for leg in {leg for leg, _, _ in takes})
    for leg, item, units in takes:
        total += (question.unit[leg][item] or 0) * units
    return total + sum((question.unsent[item] or 0) * units for item, units in enumerate(left) if units)


def is_sound(question: Question, takes: Sequence[Take], left: Sequence[int]) -> bool:
    """Whether a plan sends what is wanted, from what is there, by legs that take it, within every room."""
    sent = list(left)
    sites: dict[tuple[int, int], int] = {}
    rooms: dict[int, int] = {}
    for leg, item, units in takes:
        site = question.sites[leg]
        if units <= 0 or question.unit[leg][item] is None:
            return False
        sent[item] += units
        sites[site, item] = sites.get((site, item), 0) + units
        rooms[site] = rooms.get(site, 0) + units
    return (
        tuple(sent) == question.wanted
        and all(units <= question.stock[site][item] for (site, item), units in sites.items())
        and all(room is None or rooms.get(site, 0) <= room for site, room in enumerate(question.room))
        and (question.most is None or len({leg for leg, _, _ in takes}) <= question.most)
        and all(not units or (question.unsent and question.unsent[item] is not None) for item, units in enumerate(left))
    )
