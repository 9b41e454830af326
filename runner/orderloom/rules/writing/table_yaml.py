"""A table in, the text of its `.table.yaml` out: a key a line, a column, a row and a case a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.rules.writing.cell_texts import plain_cell, plain_number
from orderloom.rules.writing.written import WrittenTable
from orderloom.source.written import flow, key

_ONE_A_LINE = ("inputs", "outputs")


def table_yaml(table: WrittenTable, rows_file: str | None = None) -> str:
    """With the rows in it, or naming the file that has them."""
    return "\n".join([*head_lines(table), *_rows(table, rows_file), *case_lines(table)]) + "\n"


def head_lines(table: WrittenTable) -> Iterator[str]:
    """The head without rows and cases."""
    for name, value in table.head.items():
        if name in _ONE_A_LINE:
            yield f"{name}:"
            yield from (f"  {key(column)}: {flow(spec)}" for column, spec in value.items())
        elif name != "cases":
            yield f"{key(name)}: {flow(value)}"


def case_lines(table: WrittenTable) -> Iterator[str]:
    """`cases:` and a line for each, where there are any."""
    cases = table.head.get("cases")
    if cases:
        yield "cases:"
        yield from (f"  - {flow(case)}" for case in cases)


def _rows(table: WrittenTable, rows_file: str | None) -> Iterator[str]:
    if rows_file is not None:
        yield f"rows: {flow(rows_file)}"
    elif table.rows:
        yield "rows:"
        yield from (f"  - {flow(plain_row(table, row))}" for row in table.rows)
    else:
        yield "rows: []"


def plain_row(table: WrittenTable, row: Mapping[str, str]) -> dict[str, Any]:
    """A row as plain data: what the texts of its cells stand for."""
    return {name: _plain(table, name, text) for name, text in row.items()}


def _plain(table: WrittenTable, name: str, text: str) -> Any:
    if name in table.kinds:
        return plain_cell(text, table.kinds[name], name in table.head["outputs"])
    return plain_number(text) if name == "id" else text
