"""Rows as they stand in, conditions, answers and days of validity out; every fault is found, with its place."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from orderloom.problems import Place
from orderloom.rules.columns import OUTCOME, Input, Output
from orderloom.rules.reading.answers import AnswerReader
from orderloom.rules.reading.cell_scope import CellScope
from orderloom.rules.reading.cells import Answer, Condition, ConditionReader
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.raw import RawRow, RawRows
from orderloom.rules.reading.sources import Spot


@dataclass(eq=False, slots=True)
class Row:
    """A rule: conditions that must all hold, answers in the order of the outputs, the days of its validity."""

    id: str
    conditions: tuple[Condition, ...]
    answers: tuple[Answer, ...]
    note: str
    valid_from: date | None
    valid_until: date | None
    spot: Spot

    @property
    def place(self) -> Place:
        return self.spot.place


def read_rows(
    raw: RawRows, inputs: Sequence[Input], outputs: Sequence[Output], scope: CellScope, findings: Findings
) -> tuple[Row, ...]:
    """Conditions, answers and dates of every row."""
    elsewhere = partial(_stands_elsewhere, raw.rows)
    conditions = ConditionReader(inputs, scope, findings, elsewhere)
    answers = AnswerReader(outputs, scope, raw.spreadsheet, findings, elsewhere)
    _find_duplicates(raw.rows, findings)
    return tuple(_read_row(row, outputs, conditions, answers, findings) for row in raw.rows)


def _stands_elsewhere(rows: Sequence[RawRow], row: str, column: str, word: str) -> bool:
    whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    others = (one.cells[column] for one in rows if one.id != row and column in one.cells)
    return any(whole.search(cell.text) for cell in others)


def _read_row(
    row: RawRow, outputs: Sequence[Output], reader: ConditionReader, answer_reader: AnswerReader, findings: Findings
) -> Row:
    conditions = reader.conditions(row.id, row.cells, row.texts)
    answers = answer_reader.answers(row)
    _check_outcome(row, outputs, answers, findings)
    names: Container[str] = row.texts or row.cells
    valid_from = _day(row, "valid_from", findings) if "valid_from" in names else None
    valid_until = _day(row, "valid_until", findings) if "valid_until" in names else None
    if valid_from and valid_until and valid_until < valid_from:
        findings.add("D019", f"row {row.id}: valid_until lies before valid_from", row.cells["valid_until"].spot.place)
    note = row.cells["note"].text if "note" in names and not row.cells["note"].blank else ""
    return Row(row.id, conditions, tuple(answers), note, valid_from, valid_until, row.spot)


def _check_outcome(row: RawRow, outputs: Sequence[Output], answers: Sequence[Answer], findings: Findings) -> None:
    for column, answer in zip(outputs, answers, strict=True):
        if column.name == OUTCOME and answer.value is None and answer.formula is None and not answer.refused:
            spot = row.cells[OUTCOME].spot if OUTCOME in row.cells else row.spot
            findings.add(
                "D022",
                f"row {row.id}: the `outcome` is blank, and the step that asks could go nowhere",
                spot.place,
                "give a word, or a `default` for the column",
            )


def _day(row: RawRow, name: str, findings: Findings) -> date | None:
    cell = row.cells[name]
    if cell.blank or cell.value in (None, "", "-"):
        return None
    try:
        return date.fromisoformat(cell.text)
    except ValueError:
        findings.add(
            "D019", f"row {row.id}: `{cell.text}` in {name} is no date", cell.spot.place, "write it as 2026-03-02"
        )
        return None


def _find_duplicates(rows: Sequence[RawRow], findings: Findings) -> None:
    first: dict[str, RawRow] = {}
    for row in rows:
        earlier = first.setdefault(row.id, row)
        if earlier is not row:
            spot = row.cells["id"].spot if "id" in row.cells else row.spot
            findings.add(
                "D008",
                f"two rows have the id `{row.id}`; the other stands in line {earlier.spot.place.line}",
                spot.place,
                "a decision names its row by the id: give each its own",
            )
