"""A table in, all that it means out, to be compared: spellings of one value (PT36H and P1DT12H) are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.rules.columns import Input, Output
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.rows import Row
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.cell_texts import feel_text

_LITERALS = (list, tuple, Mapping, type(None))  # what YAML gives as such, and other forms as a literal of FEEL


def meaning(table: DecisionTable) -> Any:
    """Equal for tables that decide, explain and test the same."""
    return {
        "table": (table.name, table.summary, table.hit),
        "inputs": [_input(one) for one in table.inputs],
        "outputs": [_output(one) for one in table.outputs],
        "rows": [_row(row) for row in table.rows],
        "cases": [(one.name, _typed(one.given), _typed(one.then), one.row, one.error, one.now) for one in table.cases],
    }


def _input(one: Input) -> Any:
    said = (one.name, one.formula.text, one.kind.name, one.unit, one.about, one.bounds, one.bare_words, one.whole)
    return (*said, _typed(one.values), one.missing.rule, _typed(one.missing.value))


def _output(one: Output) -> Any:
    said = (one.name, one.kind.name, one.unit, one.about, one.has_default, one.whole)
    return (*said, _typed(one.values), _typed(one.default))


def _row(row: Row) -> Any:
    answers = [(_typed(one.value), one.formula and one.formula.text.strip()) for one in row.answers]
    return (row.id, [_condition(one) for one in row.conditions], answers, row.note, row.valid_from, row.valid_until)


def _condition(one: Condition) -> Any:
    asked = one.constants
    if asked is None:
        return (one.column, one.text, one.takes_null)
    if len(asked.values) == 1 and not asked.negated and isinstance(asked.values[0], _LITERALS):
        return (one.column, feel_text(asked.values[0]), one.takes_null)
    return (one.column, _typed(asked.values), asked.intervals, asked.negated, one.takes_null)


def _typed(value: Any) -> Any:
    """Values with their types, as 1 is not true; whole numbers and decimals are numbers, lists of either sort lists."""
    if isinstance(value, list | tuple):
        return [_typed(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _typed(one) for name, one in value.items()}
    return (isinstance(value, bool), value)
