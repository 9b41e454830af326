"""The rows of a table, inline or in a CSV, read into conditions and answers; every fault is found, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orderloom.problems import Place, ProblemsError, did_you_mean
from orderloom.rules.columns import OUTCOME, RESERVED, Input, Output
from orderloom.rules.reading.answers import read_answer
from orderloom.rules.reading.cell_scope import CellScope
from orderloom.rules.reading.cells import Answer, Condition, ConditionReader, RawCell
from orderloom.rules.reading.csv_text import CSV_LIMIT_BYTES, CsvText, Field
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.sources import Source, Spot
from orderloom.source import find_file
from orderloom.source.encoding import decode
from orderloom.source.files import read_bytes


@dataclass(frozen=True)
class RawRow:
    """A row as it stands; without an id of its own it is r1, r2, … by its position."""

    id: str
    cells: Mapping[str, RawCell]
    spot: Spot


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """A rule: conditions that must all hold, answers in the order of the outputs, the days of its validity."""

    id: str
    conditions: tuple[Condition, ...]
    answers: tuple[Answer, ...]
    note: str
    valid_from: date | None
    valid_until: date | None
    place: Place


@dataclass(frozen=True)
class RawRows:
    """All rows as they stand, and the text they came from where that is a file of its own."""

    rows: tuple[RawRow, ...] = ()
    text: str = ""
    spreadsheet: bool = False


def raw_rows(source: Source, columns: Sequence[str] | None, folders: Sequence[Path], findings: Findings) -> RawRows:
    """What stands under `rows:`, or in the file that it names; no column is unknown where `columns` is None."""
    value = source.data.get("rows")
    if isinstance(value, list):
        rows = [_inline(source, index, row, columns, findings) for index, row in enumerate(value)]
        return RawRows(tuple(row for row in rows if row is not None))
    if isinstance(value, str):
        return _from_file(value, source, columns, folders, findings)
    if source.misspells("rows"):
        return RawRows()
    findings.add(
        "D028",
        "the table has no rows" if value is None else "`rows` is a list of rows, or the name of a CSV file",
        source.key_spot("rows").place if value is not None else source.spot().place,
        "write `rows: [...]` here, or `rows: NAME.csv` for a file beside this one",
    )
    return RawRows()


def read_rows(
    raw: RawRows, inputs: Sequence[Input], outputs: Sequence[Output], scope: CellScope, findings: Findings
) -> tuple[Row, ...]:
    """Conditions, answers and dates of every row."""
    reader = ConditionReader(inputs, scope, findings)
    _find_duplicates(raw.rows, findings)
    return tuple(_read_row(row, raw.spreadsheet, inputs, outputs, scope, reader, findings) for row in raw.rows)


def _read_row(
    row: RawRow,
    spreadsheet: bool,
    inputs: Sequence[Input],
    outputs: Sequence[Output],
    scope: CellScope,
    reader: ConditionReader,
    findings: Findings,
) -> Row:
    conditions = [
        reader.condition(index, row.cells[column.name], row.id)
        for index, column in enumerate(inputs)
        if column.name in row.cells
    ]
    blank = RawCell(None, row.spot, blank=True)
    answers = [
        read_answer(column, row.cells.get(column.name, blank), row.id, scope, spreadsheet, findings)
        for column in outputs
    ]
    _check_outcome(row, outputs, answers, findings)
    valid_from, valid_until = (_day(row, name, findings) for name in ("valid_from", "valid_until"))
    if valid_from and valid_until and valid_until < valid_from:
        findings.add("D019", f"row {row.id}: valid_until lies before valid_from", row.cells["valid_until"].spot.place)
    note = row.cells["note"].text if "note" in row.cells and not row.cells["note"].blank else ""
    found = tuple(condition for condition in conditions if condition is not None)
    return Row(row.id, found, tuple(answers), note, valid_from, valid_until, row.spot.place)


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
    cell = row.cells.get(name)
    if cell is None or cell.blank or cell.value in (None, "", "-"):
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


def _inline(source: Source, index: int, row: Any, columns: Sequence[str] | None, findings: Findings) -> RawRow | None:
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
    for name in row:
        if columns is not None and name not in columns and name not in RESERVED:
            place = source.key_spot("rows", index, name).place
            _unknown_column(name, place, columns, findings)
    given = cells.get("id")
    identity = given.text if given and not given.blank and given.value is not None else f"r{index + 1}"
    return RawRow(identity, cells, source.spot("rows", index))


def _unknown_column(name: str, place: Place, columns: Sequence[str], findings: Findings) -> None:
    findings.add(
        "D007",
        f"the table has no column `{name}`",
        place,
        did_you_mean(name, [*columns, *RESERVED]) or f"its columns are: {', '.join(columns)}",
    )


def _from_file(
    name: str, source: Source, columns: Sequence[str] | None, folders: Sequence[Path], findings: Findings
) -> RawRows:
    spot = source.spot("rows")
    path = find_file(name, folders)
    if path is None:
        findings.add("D005", f"there is no file `{name}` beside the table", spot.place, _near_file(name, folders))
        return RawRows()
    if path.suffix.lower() != ".csv":
        findings.add(
            "D005",
            f"rows are read from CSV files, and `{name}` is none",
            spot.place,
            "save the sheet as CSV (UTF-8), or write the rows here as a list",
        )
        return RawRows()
    try:
        text = decode(read_bytes(path, CSV_LIMIT_BYTES), str(path))
        sheet = CsvText(text, str(path))
    except ProblemsError as error:
        findings.problems.extend(error.problems)
        return RawRows()
    return RawRows(tuple(_sheet_rows(sheet, columns, spot, findings)), text, spreadsheet=True)


def _near_file(name: str, folders: Sequence[Path]) -> str | None:
    there = [file.name for folder in folders if folder.is_dir() for file in folder.glob("*.csv")]
    return did_you_mean(name, there) or "the path is relative to the folder of the table"


def _sheet_rows(sheet: CsvText, columns: Sequence[str] | None, spot: Spot, findings: Findings) -> list[RawRow]:
    if not sheet.records:
        named = f": {','.join(columns)}" if columns else ""
        findings.add("D006", f"{sheet.file} is empty", spot.place, f"its first line names the columns{named}")
        return []
    header, *records = sheet.records
    seen: set[str] = set()
    for field in header:
        if field.text in seen:
            findings.add("D009", f"the column `{field.text}` stands here twice", sheet.spot(field).place)
        elif columns is not None and field.text and field.text not in {*columns, *RESERVED}:
            _unknown_column(field.text, sheet.spot(field).place, columns, findings)
        seen.add(field.text)
    names = [field.text for field in header]
    rows = [_sheet_row(sheet, names, record, index, findings) for index, record in enumerate(records)]
    return [row for row in rows if row is not None]


def _sheet_row(
    sheet: CsvText, names: Sequence[str], record: Sequence[Field], index: int, findings: Findings
) -> RawRow | None:
    """None for a row with too many cells: what stands in which column is anybody's guess."""
    beyond = [field for field in record[len(names) :] if field.text]
    if beyond:
        message = f"the row has {len(record)} cells, and there are {len(names)} columns"
        help_ = f'a cell with a "{sheet.separator}" in it needs quotes around it'
        findings.add("D006", message, sheet.spot(beyond[0]).place, help_)
        return None
    cells = {
        name: RawCell(field.text, sheet.spot(field), not field.text)
        for name, field in zip(names, record, strict=False)
        if name
    }
    identity = cells["id"].text if "id" in cells and not cells["id"].blank else f"r{index + 1}"
    return RawRow(identity, cells, sheet.spot(record[0]))
