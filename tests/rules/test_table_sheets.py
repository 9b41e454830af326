"""A whole table in one workbook: head, rows and cases, each in its sheet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orderloom.problems import Problem, ProblemsError
from orderloom.rules import check_table, read_table

TABLE: list[list[Any]] = [
    ["table", "level"],
    ["summary", "Which: level"],
    ["hit", "first"],
    ["on_missing", "{total: 0}"],
    [],
    ["input", "is", "type", "unit", "range", "about"],
    ["total", "order.total", "number", "USD", "[0..1000]", None],
    ["ship to", None, "text", None, None, "where: to"],
    [],
    ["output", "type", "values", "default"],
    ["outcome", "text", "fast, slow", None],
    ["fee", "number", None, 0],
]
ROWS: list[list[Any]] = [["id", "total", "ship to", "outcome", "fee"], ["r1", ">= 5", "NO", "fast", 4.5]]
CASES: list[list[Any]] = [
    ["case", "given total", "given ship to", "then outcome", "then fee", "row", "error"],
    ["dear", 900, "NO", "fast", 4.5, "r1", None],
    ["abroad", 900, '"5"', None, None, None, "no_match"],
]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`book(table=…, rows=…, cases=…)`: a workbook with these sheets."""
    monkeypatch.chdir(tmp_path)

    def make(**sheets: list[list[Any]]) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in ({"table": TABLE, "rows": ROWS, "cases": CASES} | sheets).items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        made.save("level.xlsx")
        return Path("level.xlsx")

    return make


def faults(path: Path) -> list[Problem]:
    try:
        return check_table(read_table(path))
    except ProblemsError as error:
        return list(error.problems)


def changed(rows: list[list[Any]], row: int, column: int, value: Any) -> list[list[Any]]:
    return [[value if (y, x) == (row, column) else cell for x, cell in enumerate(line)] for y, line in enumerate(rows)]


def test_a_workbook_can_hold_a_whole_table(book):
    table = read_table(book())
    assert (table.name, table.summary, table.hit.word) == ("level", "Which: level", "first")
    assert [(one.name, one.formula.text, one.unit, one.about) for one in table.inputs] == [
        ("total", "order.total", "USD", None),
        ("ship to", "ship to", None, "where: to"),
    ]
    assert [(one.name, one.values, one.default) for one in table.outputs] == [
        ("outcome", ("fast", "slow"), None),
        ("fee", (), 0),
    ]
    assert table.inputs[0].missing.value == 0
    assert table.rows[0].answers[1].value == Decimal("4.5")
    assert check_table(table) == []
    assert [(one.name, one.given, one.row, one.error) for one in table.cases] == [
        ("case 1 (dear)", {"total": 900, "ship to": "NO"}, "r1", None),
        ("case 2 (abroad)", {"total": 900, "ship to": "5"}, None, "no_match"),
    ]


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        ({"table": changed(TABLE, 2, 1, "frist")}, "D003", "table!B3"),
        ({"table": changed(TABLE, 2, 0, "hitt")}, "D001", "table!A3"),
        ({"table": changed(TABLE, 6, 2, "numbr")}, "D004", "table!C7"),
        ({"table": changed(TABLE, 6, 1, "order.")}, "D023", "table!B7"),
        ({"table": changed(TABLE, 5, 2, "typ")}, "D001", "table!C7"),
        ({"table": changed(TABLE, 7, 0, "total")}, "D009", "table!A8"),
        ({"table": changed(TABLE, 10, 2, 'fast, "slow')}, "D002", "table!C11"),
        ({"table": changed(TABLE, 3, 1, "=B1")}, "D061", "table!B4"),
        ({"rows": changed(ROWS, 1, 1, "> > 5")}, "D010", "rows!B2"),
        ({"cases": changed(CASES, 0, 1, "givn total")}, "D021", "cases!B1"),
        ({"cases": changed(CASES, 0, 1, "given totl")}, "D021", "cases!B2"),
        ({"cases": changed(CASES, 1, 3, "slow")}, "D020", "cases!D2"),
    ],
)
def test_every_fault_names_its_cell(book, change, code, cell):
    found = faults(book(**change))
    assert (code, cell) in [(one.code, one.place.cell) for one in found]
    assert all(one.place.file == "level.xlsx" for one in found)


def test_a_workbook_without_a_head_says_where_one_would_stand(tmp_path):
    made = openpyxl.Workbook()
    made.save(tmp_path / "level.xlsx")
    assert [(one.code, one.help) for one in faults(tmp_path / "level.xlsx")] == [
        ("D073", "write a head NAME.table.yaml beside it, with `rows: FILE.xlsx`")
    ]
