"""What a table answered: the rows, what they give, and, when asked, why these rows and not another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from orderloom.rules.columns import OUTCOME, Input
from orderloom.rules.engine import Engine, Facts
from orderloom.rules.explain import Rejection, json_value, reason
from orderloom.rules.explanation import Explanation
from orderloom.rules.hit import Hit
from orderloom.rules.reading.rows import Row

DECIDED = "decided"


@dataclass(frozen=True)
class Rulebook:
    """What a decision needs to tell its reasons later: shared by all decisions of a table."""

    table: str
    hit: Hit
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]
    engine: Engine

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.inputs)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Rows by id."""
        return {row.id: at for at, row in enumerate(self.rows)}


class Fired:
    """The rows that answered, by index, their ids, the outcome, and what the rows ask, in words.

    There is one for each row with fixed answers, shared by all its decisions: `outputs` are those, each decision has
    a copy of them.
    """

    __slots__ = ("book", "ids", "outcome", "outputs", "rows", "why")

    def __init__(
        self,
        book: Rulebook,
        rows: tuple[int, ...],
        outcome: str,
        outputs: dict[str, Any] | None = None,
        why: str | None = None,
    ) -> None:
        self.book, self.rows, self.outcome, self.outputs = book, rows, outcome, outputs
        self.ids = tuple([book.rows[row].id for row in rows])
        self.why = why

    def tell(self, outputs: Any = None) -> str:
        """What the rows ask, in words: made once, and kept in `why`."""
        if self.why is None:
            self.why = self._told(outputs)
        return self.why

    def _told(self, outputs: Any) -> str:
        book = self.book
        if not self.rows:
            return "no row applied: the defaults answer" if outputs else "no row applied"
        return "; ".join(reason(book.rows[row], book.inputs, book.hit, book.rows) for row in self.rows)


class Decision:
    """One answer of a table; nothing of it is computed before it is read, but what the answer itself took.

    `outputs` is one set of outputs, or a tuple of them where the hit policy gives a list. `facts` are the values read,
    by column.
    """

    __slots__ = ("_fired", "_now", "facts", "outputs")
    __hash__ = None  # type: ignore[assignment]  # outputs are dictionaries

    outputs: Mapping[str, Any] | tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any]
    _fired: Fired
    _now: datetime | None

    @property
    def table(self) -> str:
        return self._fired.book.table

    @property
    def rows(self) -> tuple[str, ...]:
        """The ids of the rows that answered; none where the defaults did."""
        return self._fired.ids

    @property
    def outcome(self) -> str:
        """The word that a flow branches on: the output of that name, else `decided`."""
        return self._fired.outcome

    @property
    def fields(self) -> Mapping[str, Any]:
        """What a step that decides gives besides its outcome: the outputs, or `matches` where they are a list."""
        return fields_of(self.outputs)

    @property
    def why(self) -> str:
        """`r9: total < 3000, orders before >= 1`."""
        return self._fired.tell(self.outputs)

    @property
    def explanation(self) -> Explanation:
        """Why each row that did not answer did not: computed now, from the facts of this decision."""
        book = self._fired.book
        facts = [self.facts[name] for name in book.names]
        return Explanation(book.inputs, book.rows, book.engine, facts, self._now, self._fired.rows)

    def explain(self, row: str) -> Rejection | None:
        """Why the row of this id did not answer; None where it did. Raises `KeyError` where there is no such row."""
        at = self._fired.book.positions[row]
        return None if at in self._fired.rows else self.explanation.rejection(at)

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """Every row that did not answer, with the first cell that failed."""
        return self.explanation.rejected

    def as_json(self, why: bool = False) -> dict[str, Any]:
        """The published form: output numbers as JSON numbers where those are exact, decimals among facts as text."""
        single = isinstance(self.outputs, Mapping)
        told: dict[str, Any] = {
            "table": self.table,
            "outcome": self.outcome,
            "outputs": json_outputs(self.outputs) if single else [json_outputs(one) for one in self.outputs],
            "rows": list(self.rows),
            "facts": {name: json_value(self.facts[name]) for name in self._fired.book.names},
            "why": self.why,
        }
        if not why:
            return told
        near = [one.row for one in self.explanation.near_misses]
        return told | {"rejected": [rejection_json(one) for one in self.rejected], "near_misses": near}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self._content == other._content

    def __repr__(self) -> str:
        return f"Decision(table={self.table!r}, rows={self.rows!r}, outputs={self.outputs!r}, facts={self.facts!r})"

    @property
    def _content(self) -> tuple[Any, ...]:
        return self.table, self.rows, self.outputs, self.outcome, self.facts


class RowDecision(Decision):
    """That of a row with fixed answers which has decided before: its words are there, and read without a call.

    No cell of its table asks for the time.
    """

    __slots__ = ("why",)  # pyright: ignore[reportIncompatibleMethodOverride]  # in place of the property: read alike
    why: str
    _now = None


def decision(fired: Fired, outputs: Any, facts: Facts, now: datetime | None) -> Decision:
    made = Decision()
    made._fired, made.outputs, made._now = fired, outputs, now
    made.facts = dict(zip(fired.book.names, facts, strict=True))
    return made


def fields_of(outputs: Mapping[str, Any] | tuple[Mapping[str, Any], ...]) -> Mapping[str, Any]:
    """The outputs but the outcome, or `matches` where they are a list."""
    if isinstance(outputs, tuple):
        return {"matches": outputs}
    return {name: value for name, value in outputs.items() if name != OUTCOME}


def rejection_json(one: Rejection) -> dict[str, Any]:
    """A row that applies has no cell that failed: it says what answered in its place (null: the defaults)."""
    if one.applies:
        return {"row": one.row, "applies": True, "beaten_by": one.beaten_by}
    told = {"row": one.row, "column": one.column, "cell": one.cell, "value": json_value(one.value)}
    return told | ({"undecided": True} if one.undecided else {})


def json_outputs(outputs: Any) -> dict[str, Any]:
    return {name: json_output(value) for name, value in outputs.items()}


def json_output(value: Any) -> Any:
    """A number of JSON where it keeps all digits; dates, times and durations as ISO text."""
    if isinstance(value, Decimal):
        as_float = float(value)
        whole = int(value) if value == value.to_integral_value() and abs(value) < 2**53 else None
        exact = as_float if Decimal(repr(as_float)) == value else str(value)
        return whole if whole is not None else exact
    if isinstance(value, list | tuple):
        return [json_output(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): json_output(item) for name, item in value.items()}
    return json_value(value)
