"""The list under `rows:` in, its rows as they stand out."""

from __future__ import annotations

from typing import Any

from orderloom.rules.reading.cells import RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.raw import RawRow, RawRows, Types, unknown_column
from orderloom.rules.reading.sources import Source


def inline_rows(source: Source, columns: Types | None, findings: Findings) -> RawRows:
    """No column is unknown where `columns` is None."""
    rows = [_row(source, index, row, columns, findings) for index, row in enumerate(source.data["rows"])]
    return RawRows(tuple(row for row in rows if row is not None))


def _row(source: Source, index: int, row: Any, columns: Types | None, findings: Findings) -> RawRow | None:
    if not isinstance(row, dict):
        findings.add(
            "D002",
            "a row is a mapping of columns to cells",
            source.spot("rows", index).place,
            'for example: {id: r1, total: "> 100", outcome: review}',
        )
        return None
    cells = {
        name: RawCell(value, source.spot("rows", index, name), value is None and source.is_blank("rows", index, name))
        for name, value in row.items()
    }
    if columns is not None:
        for name in row:
            unknown_column(name, source.key_spot("rows", index, name), columns, findings)
    given = cells.get("id")
    identity = given.text if given and not given.blank and given.value is not None else f"r{index + 1}"
    return RawRow(identity, cells, source.spot("rows", index))
