"""What many orders came to, for whoever runs the shop: why they rest, how many and what they are worth, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orderloom.model.plain import plain
from orderloom.run.telling.report import RunReport

MOST_GROUPS = 8
MOST_KEPT = 300
_OWN_TO_THE_ORDER = re.compile(r"`[^`]*`|\([^)]*\)|\"[^\"]*\"|[#\w.:/-]*\d[\w.:,/-]*")


@dataclass
class Group:
    """Orders that rest for one reason at one place. `example` is the sentence of the first of them."""

    example: str
    orders: int = 0
    worth: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class Digest:
    """Collects; `lines` tells. An order that rests for several reasons counts in the group of the first."""

    done: dict[str, Group] = field(default_factory=dict)
    resting: dict[tuple[str, str], Group] = field(default_factory=dict)

    def count(self, told: RunReport) -> None:
        worth = _worth(told)
        if not told.waiting and not told.problems:
            _add(self.done.setdefault(told.status, Group(told.status)), worth)
            return
        where, why = _reason(told)
        _add(self._group(where, why), worth)

    def _group(self, where: str, why: str) -> Group:
        """One of a few hundred, however many orders there are and whatever their sentences say."""
        key = (where, _alike(why))
        if key not in self.resting and len(self.resting) >= MOST_KEPT:
            key, why = (where, ""), "for other reasons"
        return self.resting.setdefault(key, Group(why))

    def lines(self) -> Iterator[str]:
        """The largest groups first; nothing where no order rests and none has a sum."""
        for status, group in sorted(self.done.items()):
            if group.worth:
                yield f"{group.orders:>8,}  {status}, worth {_sums(group.worth)}"
        groups = sorted(self.resting.items(), key=lambda one: -one[1].orders)
        for (where, _), group in groups[:MOST_GROUPS]:
            worth = f", worth {_sums(group.worth)}" if group.worth else ""
            more = "" if group.orders == 1 else "; the first of them:"
            yield f"{group.orders:>8,}  {where}{worth}{more}"
            yield f"          {group.example}"
        if len(groups) > MOST_GROUPS:
            rest = sum(group.orders for _, group in groups[MOST_GROUPS:])
            yield f"{rest:>8,}  for {len(groups) - MOST_GROUPS} other reasons"
        yield from _next(key[0] for key, _ in groups)


def _add(group: Group, worth: Mapping[str, Decimal]) -> None:
    group.orders += 1
    for currency, amount in worth.items():
        group.worth[currency] = group.worth.get(currency, Decimal(0)) + amount


def _worth(told: RunReport) -> dict[str, Decimal]:
    """What the order came to by its own total."""
    for step in ("validate", "capture"):
        total = _at(told.output(step), "order", "totals", "grand_total")
        amount, currency = _at(total, "amount"), _at(total, "currency")
        if amount is not None and isinstance(currency, str):
            return {currency: Decimal(str(amount))}
    return {}


def _at(record: Any, *names: str) -> Any:
    for name in names:
        record = record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)
    return record


def _reason(told: RunReport) -> tuple[str, str]:
    """Where it rests, and the sentence that says why."""
    if told.problems:
        problem = told.problems[0]
        return f"stopped at `{problem['step']}`", str(problem.get("message") or problem.get("error"))
    waiting = told.waiting[0]
    if waiting.get("for") == "person":
        return f"at the desk `{waiting.get('desk')}`", _why(waiting)
    event = waiting.get("event")
    where = f"waiting for `{event}`" if event else f"waiting at `{waiting['step']}`"
    return where, _why(waiting)


def _why(waiting: Mapping[str, Any]) -> str:
    for key in ("problems", "because"):
        said = plain(waiting.get(key))
        first = said[0] if isinstance(said, list) and said else said
        if isinstance(first, Mapping) and first.get("message"):
            return str(first["message"])
        if isinstance(first, str) and first:
            return first
    return str(waiting.get("question") or f"step `{waiting['step']}`")


def _alike(sentence: str) -> str:
    """The sentence without what differs from order to order: numbers, names in quotes, what stands in brackets."""
    return " ".join(_OWN_TO_THE_ORDER.sub("…", sentence).split())


def _sums(worth: Mapping[str, Decimal]) -> str:
    return " + ".join(f"{amount:,.2f} {currency}" for currency, amount in sorted(worth.items()))


def _next(places: Iterator[str]) -> Iterator[str]:
    """The commands that deal with what rests, one for each desk."""
    desks = dict.fromkeys(place.split("`")[1] for place in places if place.startswith("at the desk"))
    for desk in desks:
        yield f"next: orderloom inbox list --desk {desk}"
