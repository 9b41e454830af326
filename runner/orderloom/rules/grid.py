"""A table in, the texts of its drawing out: heading, rows, and what the columns mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orderloom.rules.columns import Input, Output
from orderloom.rules.reading.literals import listed, plain
from orderloom.rules.reading.rows import Row
from orderloom.rules.table import DecisionTable

ANY = "-"


@dataclass(frozen=True)
class Grid:
    """Title and texts of a table: ids, `inputs` conditions, `answers`, then days of validity and notes if there are."""

    title: str
    summary: str
    header: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    inputs: int
    answers: int
    notes: tuple[str, ...]

    @property
    def extra(self) -> int:
        """How many columns stand behind the answers."""
        return len(self.header) - 1 - self.inputs - self.answers

    def is_answer(self, at: int) -> bool:
        return self.inputs < at <= self.inputs + self.answers


def grid_of(table: DecisionTable) -> Grid:
    """What every drawing shows."""
    noted = any(row.note for row in table.rows)
    dated = any(row.valid_from or row.valid_until for row in table.rows)
    extra = (*(("valid",) if dated else ()), *(("note",) if noted else ()))
    columns: tuple[Input | Output, ...] = (*table.inputs, *table.outputs)
    return Grid(
        title=f"{table.name}  ({table.hit.word}, {len(table.rows)} {'row' if len(table.rows) == 1 else 'rows'})",
        summary=table.summary,
        header=("", *(column.name for column in columns), *extra),
        kinds=("", *(kind_of(column) for column in columns), *("" for _ in extra)),
        rows=tuple(_row(row, table, dated, noted) for row in table.rows),
        inputs=len(table.inputs),
        answers=len(table.outputs),
        notes=tuple(_notes(table)),
    )


def kind_of(column: Input | Output) -> str:
    """`number, kg`."""
    name = "whole number" if column.whole else column.kind.name
    return f"{name}, {column.unit}" if column.unit else name


def missing_in_words(column: Input) -> str:
    """What a missing fact means; nothing where it is an error."""
    words = {
        "error": "",
        "no_match": "no row that tests it applies",
        "default": "the defaults answer",
        "value": plain(column.missing.value),
    }
    return words[column.missing.rule]


def _row(row: Row, table: DecisionTable, dated: bool, noted: bool) -> tuple[str, ...]:
    asked = {one.column: one.text for one in row.conditions}
    conditions = [asked.get(index, ANY) for index in range(len(table.inputs))]
    answers = [_answer(one.value, one.formula.text if one.formula else None) for one in row.answers]
    valid = [_days(row)] if dated else []
    return (row.id, *conditions, *answers, *valid, *([row.note] if noted else []))


def _days(row: Row) -> str:
    begins = f"from {row.valid_from}" if row.valid_from else ""
    ends = f"until {row.valid_until}" if row.valid_until else ""
    return f"{begins} {ends}".strip()


def _answer(value: object, formula: str | None) -> str:
    if formula is not None:
        return f"={formula}"
    return "" if value is None else plain(value)


def _notes(table: DecisionTable) -> Iterator[str]:
    for column in table.inputs:
        source = column.formula.text if column.formula.text != column.name else ""
        told = ", ".join(part for part in (source, _limits(column)) if part)
        about = f" ({column.about})" if column.about else ""
        if told or about:
            yield f"{column.name}: {told or column.kind.name}{about}"
    for output in table.outputs:
        default = f", {plain(output.default)} where nothing is said" if output.default is not None else ""
        about = f" ({output.about})" if output.about else ""
        if output.values or default or about:
            yield f"{output.name}: {listed(output.values) or output.kind.name}{default}{about}"


def _limits(column: Input) -> str:
    limits = f"within {column.bounds}" if column.bounds else ""
    if column.values:
        limits = f"one of {listed(column.values)}"
    missing = missing_in_words(column)
    where = f"{missing} where missing" if column.missing.rule == "value" else f"where missing {missing}"
    return ", ".join(part for part in (limits, where if missing else "") if part)
