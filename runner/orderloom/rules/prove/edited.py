"""A table and edits in, the table with these edits out, in memory: what the edit would do before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orderloom.problems import Place
from orderloom.rules.prove.proof import Edit
from orderloom.rules.reading.cell_scope import CellScope
from orderloom.rules.reading.cells import Condition, ConditionReader, RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.rows import Row
from orderloom.rules.reading.sources import Spot
from orderloom.rules.table import DecisionTable


def edited(table: DecisionTable, edits: Sequence[Edit]) -> DecisionTable | None:
    """The table as if the edits had been made; None where a cell could not be read."""
    rows = {row.id: row for row in table.rows}
    for edit in edits:
        row = rows.pop(edit.row)
        if edit.column is None:
            continue
        cell = condition(table, edit.column, edit.new)
        if cell is None and edit.new != "-":
            return None
        rows[edit.row] = _with(table, row, edit.column, cell)
    return replace(table, rows=tuple(rows[row.id] for row in table.rows if row.id in rows))


def condition(table: DecisionTable, column: str, text: str) -> Condition | None:
    """What a cell of that text asks; None where it asks nothing or cannot be read."""
    findings = Findings()
    names = [one.name for one in table.inputs]
    reader = ConditionReader(table.inputs, CellScope.of(names, table.inputs), findings)
    read = reader.condition(names.index(column), RawCell(text, Spot(Place("-"))), "-")
    return None if findings.problems else read


def _with(table: DecisionTable, row: Row, column: str, cell: Condition | None) -> Row:
    at = next(index for index, one in enumerate(table.inputs) if one.name == column)
    cells = [one for one in row.conditions if one.column != at]
    if cell is not None:
        cells.append(cell)
    return replace(row, conditions=tuple(sorted(cells, key=lambda one: one.column)))
