"""Rows that apply in, what they answer together out, by the table's hit policy (DMN 1.5, 8.2.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from orderloom.declare import NodeError
from orderloom.rules.columns import Output
from orderloom.rules.hit import Hit
from orderloom.rules.reading.literals import shown
from orderloom.rules.reading.rows import Row

Outputs = dict[str, Any]
Combined = tuple[Sequence[int], Outputs | tuple[Outputs, ...]]  # the rows that answer, by index


class Answers:
    """What the rows of a table answer: fixed values where all cells are values, formulas otherwise."""

    def __init__(self, rows: Sequence[Row], outputs: Sequence[Output]) -> None:
        self._outputs = outputs
        self._rows = rows
        self.fixed = [_fixed(row, outputs) for row in rows]
        self.all_fixed = None not in self.fixed

    def of(self, index: int, scope: Mapping[str, Any]) -> Outputs:
        """A fresh set of outputs. Raises `ColumnError` where a formula gives what the column does not take."""
        fixed = self.fixed[index]
        if fixed is not None:
            return fixed.copy()
        return {
            column.name: answer.value if answer.formula is None else column.read(answer.formula.evaluate(scope))
            for column, answer in zip(self._outputs, self._rows[index].answers, strict=True)
        }

    def priority(self, outputs: Outputs) -> tuple[int, ...]:
        """Smaller is more important: the order of `values`, the outputs from left to right."""
        return tuple(column.rank(outputs[column.name]) for column in self._outputs if column.values)


def combine(
    hit: Hit, table: str, rows: Sequence[Row], found: Sequence[int], answers: Answers, scope: Mapping[str, Any]
) -> Combined:
    """The rows that answer and what they give. Raises `NodeError` conflict where the policy is violated."""
    if len(found) == 1 and not hit.aggregates:
        outputs = answers.of(found[0], scope)
        return found, outputs if hit.single else (outputs,)
    if hit is Hit.UNIQUE:
        named = _named([rows[index] for index in found])
        message = f"{named} apply at once, and its hit policy is unique: one row at most may apply"
        raise NodeError("conflict", f"table {table}: {message}")
    given = [answers.of(index, scope) for index in found]
    if hit is Hit.ANY:
        return _agreed(table, [rows[index] for index in found], found, given)
    if hit.ranks:
        order = sorted(range(len(found)), key=lambda at: answers.priority(given[at]))
        if hit is Hit.PRIORITY:
            return [found[order[0]]], given[order[0]]
        return [found[at] for at in order], tuple(given[at] for at in order)
    return found, _aggregate(hit, given) if hit.aggregates else tuple(given)


def _agreed(table: str, rows: Sequence[Row], found: Sequence[int], given: list[Outputs]) -> Combined:
    for row, outputs in zip(rows[1:], given[1:], strict=True):
        differing = next((name for name, value in outputs.items() if value != given[0][name]), None)
        if differing is not None:
            raise NodeError(
                "conflict",
                f"table {table}: {_named([rows[0], row])} both apply and disagree on `{differing}` "
                f"({shown(given[0][differing])} and {shown(outputs[differing])}); under hit policy any they must agree",
            )
    return found, given[0]


def _aggregate(hit: Hit, given: list[Outputs]) -> Outputs:
    name = next(iter(given[0]))
    values = [outputs[name] for outputs in given]
    if hit is Hit.COUNT:
        return {name: len(values)}
    there = [value for value in values if value is not None]
    if not there:
        return {name: None}
    figure = sum(there) if hit is Hit.SUM else min(there) if hit is Hit.MIN else max(there)
    return {name: figure}


def _fixed(row: Row, outputs: Sequence[Output]) -> Outputs | None:
    if any(answer.formula is not None for answer in row.answers):
        return None
    return {column.name: answer.value for column, answer in zip(outputs, row.answers, strict=True)}


def _named(rows: Sequence[Row]) -> str:
    """`rows r1 and r2 (lines 10 and 11 of level.table.yaml)`, without the lines where they do not tell them apart."""
    ids = f"rows {_joined([row.id for row in rows])}"
    lines = [row.place.line for row in rows]
    if len(set(lines)) < len(lines) or not all(lines):
        return ids
    return f"{ids} (lines {_joined([str(line) for line in lines])} of {PurePath(rows[0].place.file).name})"


def _joined(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
