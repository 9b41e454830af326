"""Rows and facts in, reasons out: why a row answers, and the first cell for which another does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orderloom.rules.columns import Input
from orderloom.rules.engine import Dated, valid_on
from orderloom.rules.hit import Hit
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.literals import plain, shown
from orderloom.rules.reading.rows import Row

_OPERATOR = re.compile(r"(<=|>=|!=|<|>|=)\s*")


@dataclass(frozen=True)
class Rejection:
    """Why a row did not answer: the first cell that does not fit; without a column, that it is not valid on the day,
    or that it `applies` and was `beaten_by` another row (None: the defaults answered)."""

    row: str
    column: str | None
    cell: str | None
    value: Any = None
    undecided: bool = False  # the fact is missing, or the cell could not be computed
    applies: bool = False
    beaten_by: str | None = None

    def __str__(self) -> str:
        if self.applies:
            return f"{self.row}: applies too, but {self.beaten_by or 'the defaults'} answer{'s' * bool(self.beaten_by)}"
        if self.column is None:
            return f"{self.row}: {self.cell}"
        unknown = " (cannot be decided)" if self.undecided else ""
        return f"{self.row}: {self.column} is {shown(self.value)}, not {self.cell}{unknown}"


def reason(row: Row, inputs: Sequence[Input], hit: Hit, rows: Sequence[Row]) -> str:
    """`r9: total < 3000, orders before >= 1`: the row's id and what it asks; `rows` are all of the table."""
    asked = ", ".join(in_words(inputs[one.column].name, one.text) for one in row.conditions)
    return f"{row.id}: {asked or _unconditional(row, hit, rows)}"


def _unconditional(row: Row, hit: Hit, rows: Sequence[Row]) -> str:
    """Under `first` a row without conditions answers what the rows before it leave."""
    if hit is not Hit.FIRST or row is rows[0]:
        return "always"
    return "no other row applied" if row is rows[-1] else "no row before it applied"


def in_words(column: str, cell: str) -> str:
    """A column and its cell as one condition: `total < 3000`, `country in US, CA`, `carrier not(dhl)`."""
    operator = _OPERATOR.match(cell)
    if operator:
        return f"{column} {operator[1]} {cell[operator.end() :]}"
    if re.match(r"not\s*\(", cell):
        return f"{column} {cell}"
    if "?" in cell:
        return cell.replace("?", column)
    several = "," in cell or re.match(r"[\[(\]].*\.\.", cell)
    return f"{column} {'in' if several else '='} {cell}"


def not_valid(row: Dated, day: date | None) -> str:
    """`is valid from 2026-01-01 until 2026-01-31, and the day is 2026-03-02`"""
    ends = [f"{word} {end}" for word, end in (("from", row.valid_from), ("until", row.valid_until)) if end]
    return f"is valid {' '.join(ends)}, and the day is {day}"


def rejection(
    row: Row, inputs: Sequence[Input], facts: Sequence[Any], scope: Mapping[str, Any], day: date | None
) -> Rejection:
    """The first cell of the row that does not fit; without a column where all fit."""
    if not valid_on(row, day):
        return Rejection(row.id, None, not_valid(row, day))
    for one in row.conditions:
        failed = _failure(row, one, inputs, facts, scope)
        if failed is not None:
            return failed
    return Rejection(row.id, None, None, applies=True)


def _failure(
    row: Row, one: Condition, inputs: Sequence[Input], facts: Sequence[Any], scope: Mapping[str, Any]
) -> Rejection | None:
    fact = facts[one.column]
    held = one.holds(fact, scope)
    if held is True:
        return None
    return Rejection(row.id, inputs[one.column].name, one.text, fact, undecided=held is None)


def facts_in_words(facts: Mapping[str, Any]) -> str:
    """`weight 12, country "US"`: for messages."""
    return ", ".join(f"{name} {'missing' if value is None else shown(value)}" for name, value in facts.items())


def json_value(value: Any) -> Any:
    """A fact for JSON: a decimal as text, so that no digit is lost; dates and durations as ISO text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): json_value(item) for key, item in value.items()}
    return plain(value)
