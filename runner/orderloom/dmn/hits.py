"""What several rules that apply answer together, by the table's hit policy (DMN 1.5, 8.2.10 and 10.3.2.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from orderloom.dmn.log import Log
from orderloom.dmn.types import Kind, fitted
from orderloom.feel import UnaryTests
from orderloom.feel.comparing import equal
from orderloom.feel.functions.invoke import caller
from orderloom.problems import Place
from orderloom.rules.hit import Hit

_WORDS = {"SUM": Hit.SUM, "COUNT": Hit.COUNT, "MIN": Hit.MIN, "MAX": Hit.MAX}
HIT_WORDS = "UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, or COLLECT with SUM, COUNT, MIN or MAX"
_FUNCTIONS = {Hit.SUM: "sum", Hit.COUNT: "count", Hit.MIN: "min", Hit.MAX: "max"}
_NO_SCOPE: Mapping[str, Any] = {}


class Named(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True)
class Column:
    """An output. `ranked` are its values in the order of their priority."""

    name: str
    kind: Kind
    allowed: UnaryTests | None
    ranked: tuple[UnaryTests, ...]
    place: Place

    def read(self, value: Any, what: str, log: Log) -> Any:
        """The value as one of the column's type and values; null, with a note, where it is none."""
        made = fitted(self.kind, value)
        fits = self.allowed is None or made is None or self.allowed.matches(made, _NO_SCOPE) is True
        if value is not None and (made is None or not fits):
            log.note(
                "X030", f"{what}: output `{self.name}` gives a value that is not allowed: it becomes null", self.place
            )
            return None
        return made

    def rank(self, value: Any) -> int:
        places = (place for place, test in enumerate(self.ranked) if test.matches(value, _NO_SCOPE) is True)
        return next(places, len(self.ranked))


def hit_of(policy: str, aggregation: str | None) -> Hit | None:
    if policy == "COLLECT" and aggregation:
        return _WORDS.get(aggregation.upper())
    return next((hit for hit in Hit if hit.word == policy.casefold()), None)


def nothing(hit: Hit) -> Any:
    """What no rule at all means where there is no default."""
    return 0 if hit is Hit.COUNT else None


def combine(
    hit: Hit,
    what: str,
    rules: Sequence[Named],
    given: Sequence[Sequence[Any]],
    columns: Sequence[Column],
    log: Log,
    place: Place,
) -> tuple[Sequence[int], Any]:
    """Which of the rules answer, and their answer. A violated policy gives null, with a note."""
    rows = [[column.read(value, what, log) for column, value in zip(columns, row, strict=False)] for row in given]
    every: Sequence[int] = range(len(rows))
    if hit.aggregates:
        return every, record(columns, [_figure(hit, [row[at] for row in rows]) for at in range(len(columns))])
    if hit in {Hit.UNIQUE, Hit.ANY} and (problem := _conflict(hit, rows)):
        named = " and ".join(rules[index].id for index in problem)
        log.note("X035", f"{what}: rules {named} both apply, which hit policy {hit.word} forbids: it gives null", place)
        return every, None
    if hit.ranks:
        every = sorted(
            every, key=lambda at: [column.rank(value) for column, value in zip(columns, rows[at], strict=True)]
        )
    if hit.single:
        chosen = list(every) if hit is Hit.ANY else [every[0]]
        return chosen, record(columns, rows[every[0]])
    return every, [record(columns, rows[at]) for at in every]


def _conflict(hit: Hit, rows: Sequence[Sequence[Any]]) -> tuple[int, int] | None:
    if len(rows) > 1 and hit is Hit.UNIQUE:
        return 0, 1
    return next(((0, at) for at, row in enumerate(rows) if at and not _same(rows[0], row)), None)


def _same(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return all(equal(one, other) is True for one, other in zip(left, right, strict=True))


def _figure(hit: Hit, values: list[Any]) -> Any:
    return caller(_FUNCTIONS[hit], 1)([values])


def record(columns: Sequence[Column], values: Sequence[Any]) -> Any:
    """The value of a single output, else a context of all."""
    if len(columns) == 1:
        return values[0]
    return {column.name: value for column, value in zip(columns, values, strict=True)}
