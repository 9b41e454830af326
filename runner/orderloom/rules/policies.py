"""Rows that apply in, what they answer together out, by the table's hit policy (DMN 1.5, 8.2.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderloom.declare import NodeError
from orderloom.rules.columns import Output
from orderloom.rules.hit import Hit
from orderloom.rules.literals import shown
from orderloom.rules.rows import Row

Outputs = dict[str, Any]
Combined = tuple[Sequence[Row], Outputs | tuple[Outputs, ...]]


class Answers:
    """What the rows of a table answer: fixed values where all cells are values, formulas otherwise."""

    def __init__(self, rows: Sequence[Row], outputs: Sequence[Output]) -> None:
        self._outputs = outputs
        self._names = [column.name for column in outputs]
        self._fixed = {
            row.id: dict(zip(self._names, (answer.value for answer in row.answers), strict=True))
            for row in rows
            if all(answer.formula is None for answer in row.answers)
        }

    def of(self, row: Row, scope: Mapping[str, Any]) -> Outputs:
        """A fresh set of outputs. Raises `NodeError` wrong_type where a formula gives what the column does not take."""
        fixed = self._fixed.get(row.id)
        if fixed is not None:
            return fixed.copy()
        return {
            column.name: answer.value if answer.formula is None else column.read(answer.formula.evaluate(scope))
            for column, answer in zip(self._outputs, row.answers, strict=True)
        }

    def priority(self, outputs: Outputs) -> tuple[int, ...]:
        """Smaller is more important: the order of `values`, the outputs from left to right."""
        return tuple(column.rank(outputs[column.name]) for column in self._outputs if column.values)


def combine(hit: Hit, table: str, rows: Sequence[Row], answers: Answers, scope: Mapping[str, Any]) -> Combined:
    """The rows that answer and what they give. Raises `NodeError` conflict where the policy is violated."""
    if hit is Hit.UNIQUE and len(rows) > 1:
        raise NodeError(
            "conflict",
            f"table {table}: {_named(rows)} apply at once, and its hit policy is unique: one row at most may apply",
        )
    if len(rows) == 1 and not hit.aggregates:
        outputs = answers.of(rows[0], scope)
        return rows, outputs if hit.single else (outputs,)
    return _several(hit, table, rows, [answers.of(row, scope) for row in rows], answers)


def _several(hit: Hit, table: str, rows: Sequence[Row], given: list[Outputs], answers: Answers) -> Combined:
    if hit is Hit.ANY:
        return _agreed(table, rows, given)
    if hit.ranks:
        order = sorted(range(len(rows)), key=lambda index: answers.priority(given[index]))
        if hit is Hit.PRIORITY:
            return [rows[order[0]]], given[order[0]]
        return [rows[index] for index in order], tuple(given[index] for index in order)
    if hit.aggregates:
        return rows, _aggregate(hit, given)
    return rows, tuple(given)


def _agreed(table: str, rows: Sequence[Row], given: list[Outputs]) -> Combined:
    for row, outputs in zip(rows[1:], given[1:], strict=True):
        differing = next((name for name, value in outputs.items() if value != given[0][name]), None)
        if differing is not None:
            raise NodeError(
                "conflict",
                f"table {table}: rows {rows[0].id} and {row.id} both apply and disagree on `{differing}` "
                f"({shown(given[0][differing])} and {shown(outputs[differing])}); under hit policy any they must agree",
            )
    return rows, given[0]


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


def _named(rows: Sequence[Row]) -> str:
    names = [row.id for row in rows]
    return f"rows {', '.join(names[:-1])} and {names[-1]}"
