"""A table that was read in, what it says as plain data and texts of cells out: the same whatever form it came in.

The head is as in a `.table.yaml` without `rows`. A cell is its text in a spreadsheet; blank ones are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.rules.columns import RESERVED
from orderloom.rules.load import Parts
from orderloom.rules.reading.literals import plain
from orderloom.rules.reading.raw import RawRow
from orderloom.rules.reading.setting_texts import TEXTS
from orderloom.rules.reading.sources import HEAD_KEYS
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.cell_texts import answer_text, condition_text

SPEC_KEYS = ("is", "type", "whole", "unit", "range", "values", "default", "cells", "about")
CASE_KEYS = ("case", "given", "then", "row", "error", "now")
AFTER_CELLS = ("valid_from", "valid_until", "note")


@dataclass(frozen=True)
class WrittenTable:
    """`kinds` names the type of every column; `columns` are those that some row uses, in the order of a sheet."""

    head: Mapping[str, Any]
    rows: tuple[Mapping[str, str], ...]
    kinds: Mapping[str, str]

    @property
    def name(self) -> str:
        return str(self.head["table"])

    @property
    def columns(self) -> tuple[str, ...]:
        used = {name for row in self.rows for name in row}
        return tuple(name for name in ("id", *self.kinds, *AFTER_CELLS) if name in self.kinds or name in used)

    def settings(self) -> dict[str, Any]:
        """The head without columns and cases."""
        return {key: value for key, value in self.head.items() if key not in {"inputs", "outputs", "cases"}}


def written(parts: Parts) -> WrittenTable:
    """What a table says; equal for files that mean the same."""
    table, spreadsheet = parts.table, parts.raw.spreadsheet
    rows = [_row(table, row, spreadsheet) for row in parts.raw.rows]
    named = [row or {"id": raw.id} for row, raw in zip(rows, parts.raw.rows, strict=True)]  # no blank line in a sheet
    return WrittenTable(_head(table), tuple(named), _kinds(table))


def differences(one: WrittenTable, other: WrittenTable) -> list[str]:
    """Where two tables say different things, in words; the first of each sort."""
    heads = [f"`{key}`" for key in {**one.head, **other.head} if one.head.get(key) != other.head.get(key)]
    if len(one.rows) != len(other.rows):
        return [*heads, f"the number of rows ({len(one.rows)}, and {len(other.rows)} when read back)"]
    cells = (
        f"row {number}, column `{name}` ({mine.get(name, '')!r}, and {theirs.get(name, '')!r} when read back)"
        for number, (mine, theirs) in enumerate(zip(one.rows, other.rows, strict=True), 1)
        for name in {**mine, **theirs}
        if mine.get(name) != theirs.get(name)
    )
    return [*heads, *list(cells)[:1]]


def _kinds(table: DecisionTable) -> dict[str, str]:
    inputs = {column.name: column.kind.name for column in table.inputs}
    return inputs | {column.name: column.kind.name for column in table.outputs}


def _row(table: DecisionTable, row: RawRow, spreadsheet: bool) -> dict[str, str]:
    texts = {name: row.cells[name].text for name in RESERVED if name in row.cells and row.cells[name].value is not None}
    for name in ("valid_from", "valid_until"):
        texts[name] = texts.get(name, "").removeprefix("-")
    for column in table.inputs:
        if column.name in row.cells:
            texts[column.name] = condition_text(column, row.cells[column.name])
    for output in table.outputs:
        if output.name in row.cells:
            texts[output.name] = answer_text(output, row.cells[output.name], spreadsheet)
    order = ("id", *(column.name for column in table.inputs), *(column.name for column in table.outputs), *AFTER_CELLS)
    return {name: texts[name] for name in order if texts.get(name)}


def _head(table: DecisionTable) -> dict[str, Any]:
    given = dict(table.source.data, table=table.name)
    head = {key: _setting(key, given[key]) for key in _sorted(given, HEAD_KEYS) if key != "rows"}
    for part in ("inputs", "outputs"):
        head[part] = {name: _spec(spec) for name, spec in given[part].items()}
    cases = [_case(table, case) for case in given.get("cases") or ()]
    head.pop("cases", None)
    return {**_present(head), **({"cases": cases} if cases else {})}


def _spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    return _present({key: _setting(key, spec[key]) for key in _sorted(spec, SPEC_KEYS)})


def _present(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Without those that say nothing; a default of nothing is a default."""
    return {key: value for key, value in settings.items() if value is not None or key == "default"}


def _setting(key: str, value: Any) -> Any:
    return plain(value) if key in TEXTS and value is not None else value


def _case(table: DecisionTable, case: Mapping[str, Any]) -> dict[str, Any]:
    """Facts and outputs in the order of the columns."""
    ordered = {key: case[key] for key in _sorted(case, CASE_KEYS)}
    inputs, outputs = [one.name for one in table.inputs], [one.name for one in table.outputs]
    ordered["given"] = {name: case["given"][name] for name in _sorted(case["given"], inputs)}
    if isinstance(ordered.get("then"), Mapping):
        ordered["then"] = {name: case["then"][name] for name in _sorted(case["then"], outputs)}
    return {key: value for key, value in ordered.items() if value is not None}


def _sorted(names: Iterable[str], order: Sequence[str]) -> list[str]:
    """Those that have a place first, the others as they come."""
    there = list(names)
    return [*(name for name in order if name in there), *(name for name in there if name not in order)]
