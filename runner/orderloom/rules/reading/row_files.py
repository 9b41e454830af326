"""The file that `rows:` names in, the rows in it as they stand out."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from orderloom.problems import ProblemsError, did_you_mean
from orderloom.rules.reading.csv_text import CSV_LIMIT_BYTES, CsvText
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.inline_rows import inline_rows
from orderloom.rules.reading.raw import RawRows, Types
from orderloom.rules.reading.sheet import Sheet, sheet_rows
from orderloom.rules.reading.sources import Source
from orderloom.source import find_file
from orderloom.source.encoding import decode_exported
from orderloom.source.files import read_bytes

SUFFIXES = (".csv", ".xlsx", ".md", ".dmn")


def raw_rows(source: Source, folders: Sequence[Path], findings: Findings) -> RawRows:
    """What stands under `rows:`, or in the file that it names."""
    value = source.data.get("rows")
    types = source.types()
    if isinstance(value, list):
        return inline_rows(source, types, findings)
    if isinstance(value, str):
        return _from_file(value, source, types, folders, findings)
    if not source.misspells("rows"):
        findings.add(
            "D028",
            "the table has no rows" if value is None else "`rows` is a list of rows, or the name of a file",
            source.key_spot("rows").place if value is not None else source.spot().place,
            "write `rows: [...]` here, or `rows: NAME.csv` (.xlsx, .md, .dmn) for a file beside this one",
        )
    return RawRows()


def _from_file(value: str, source: Source, types: Types | None, folders: Sequence[Path], findings: Findings) -> RawRows:
    place = source.spot("rows").place
    name, part = _with_part(value)
    path = find_file(name, folders)
    if path is None:
        findings.add("D005", f"there is no file `{name}` beside the table", place, _near_file(name, folders))
        return RawRows()
    if path.suffix.lower() not in SUFFIXES:
        findings.add(
            "D005",
            f"rows are read from .csv, .xlsx, .md and .dmn files, and `{name}` is none",
            place,
            "save the sheet as one of them, or write the rows here as a list",
        )
        return RawRows()
    if path.suffix.lower() == ".dmn":
        return _of_a_model(path, part, source, findings)
    try:
        return sheet_rows(_sheet(path, part, types, findings), types, place, findings)
    except ProblemsError as error:
        findings.problems.extend(error.problems)
        return RawRows()


def _with_part(value: str) -> tuple[str, str | None]:
    """`levels.xlsx#Norway` names a sheet, `levels.dmn#Level` a decision."""
    name, sign, part = value.rpartition("#")
    return (name, part) if sign and name.lower().endswith((".xlsx", ".dmn")) else (value, None)


def _of_a_model(path: Path, decision: str | None, source: Source, findings: Findings) -> RawRows:
    """Models of the standard are read by the layer above: it is found by name."""
    rows: RawRows = import_module("orderloom.dmn.ours_rows").raw_rows(path, decision, source, findings)
    return rows


def _sheet(path: Path, sheet_name: str | None, types: Types | None, findings: Findings) -> Sheet:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        from orderloom.rules.reading.workbook import open_workbook  # noqa: PLC0415 (openpyxl is an extra)

        return open_workbook(path).rows_sheet(sheet_name, findings)
    text, note = decode_exported(read_bytes(path, CSV_LIMIT_BYTES), str(path))
    findings.problems.extend([note] if note else [])
    if suffix == ".md":
        from orderloom.rules.reading.markdown import MarkdownText  # noqa: PLC0415 (its parser is slow to import)

        return MarkdownText(text, str(path)).sheet(types)
    return CsvText(text, str(path)).sheet()


def _near_file(name: str, folders: Sequence[Path]) -> str | None:
    there = [
        file.name
        for folder in folders
        if folder.is_dir()
        for file in folder.iterdir()
        if file.suffix.lower() in SUFFIXES
    ]
    return did_you_mean(name, there) or "the path is relative to the folder of the table"
