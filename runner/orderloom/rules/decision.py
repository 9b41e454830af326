"""What a table answered: the rows, what they give, and, when asked, why these rows and not another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from orderloom.rules.columns import OUTCOME, Input
from orderloom.rules.explain import Rejection, json_value, reason, rejection
from orderloom.rules.hit import Hit
from orderloom.rules.reading.rows import Row

DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a decision needs to tell its reasons later: shared by all decisions of a table."""

    hit: Hit
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]


Story = tuple[Rulebook, Mapping[str, Any], date | None]  # with the names that cells read, and the day


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer of a table. `outputs` is one set of outputs, or a tuple of them where the hit policy gives a list.

    `rows` is empty where no row applied and the defaults answered. `facts` are the values read, by column.
    """

    table: str
    rows: tuple[str, ...]
    outputs: Mapping[str, Any] | tuple[Mapping[str, Any], ...]
    outcome: str
    facts: Mapping[str, Any]
    _story: Story = field(repr=False, compare=False)

    @property
    def fields(self) -> Mapping[str, Any]:
        """What a step that decides gives besides its outcome: the outputs, or `matches` where they are a list."""
        if isinstance(self.outputs, tuple):
            return {"matches": self.outputs}
        return {name: value for name, value in self.outputs.items() if name != OUTCOME}

    @property
    def why(self) -> str:
        """`r9: total < 3000, orders before >= 1`; made when it is read."""
        if not self.rows:
            return "no row applied: the defaults answer" if self.outputs else "no row applied"
        book = self._story[0]
        chosen = {row.id: row for row in book.rows if row.id in self.rows}
        return "; ".join(reason(chosen[row], book.inputs, book.hit, book.rows) for row in self.rows)

    def explain(self, row: str) -> Rejection | None:
        """Why the row of this id did not answer; None where it did. Raises `KeyError` where there is no such row."""
        if row in self.rows:
            return None
        book, scope, day = self._story
        found = next((one for one in book.rows if one.id == row), None)
        if found is None:
            raise KeyError(row)
        return _beaten(rejection(found, book.inputs, self.facts, scope, day), self.rows)

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """Every row that did not answer, with the first cell that failed."""
        return rejections(self._story, self.facts, self.rows)

    def as_json(self, why: bool = False) -> dict[str, Any]:
        """The published form: output numbers as JSON numbers where those are exact, decimals among facts as text."""
        single = isinstance(self.outputs, Mapping)
        told: dict[str, Any] = {
            "table": self.table,
            "outcome": self.outcome,
            "outputs": _json_outputs(self.outputs) if single else [_json_outputs(one) for one in self.outputs],
            "rows": list(self.rows),
            "facts": json_value(self.facts),
            "why": self.why,
        }
        return told | ({"rejected": [rejection_json(one) for one in self.rejected]} if why else {})


def rejections(story: Story, facts: Mapping[str, Any], answered: Sequence[str]) -> tuple[Rejection, ...]:
    """Why each row but those that answered did not."""
    book, scope, day = story
    others = (row for row in book.rows if row.id not in answered)
    return tuple(_beaten(rejection(row, book.inputs, facts, scope, day), answered) for row in others)


def _beaten(one: Rejection, answered: Sequence[str]) -> Rejection:
    return replace(one, beaten_by=answered[0]) if one.applies and answered else one


def rejection_json(one: Rejection) -> dict[str, Any]:
    """A row that applies has no cell that failed: it says what answered in its place (null: the defaults)."""
    if one.applies:
        return {"row": one.row, "applies": True, "beaten_by": one.beaten_by}
    told = {"row": one.row, "column": one.column, "cell": one.cell, "value": json_value(one.value)}
    return told | ({"undecided": True} if one.undecided else {})


def _json_outputs(outputs: Any) -> dict[str, Any]:
    return {name: _json_output(value) for name, value in outputs.items()}


def _json_output(value: Any) -> Any:
    if isinstance(value, Decimal):
        as_float = float(value)
        whole = int(value) if value == value.to_integral_value() and abs(value) < 2**53 else None
        exact = as_float if Decimal(repr(as_float)) == value else str(value)
        return whole if whole is not None else exact
    if isinstance(value, list | tuple):
        return [_json_output(item) for item in value]
    return json_value(value)
