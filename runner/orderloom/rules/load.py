"""A table file of any form, or a table inside a flow, in; a DecisionTable out, or all that is wrong with it."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from orderloom.problems import Place, refuse
from orderloom.rules.needs import Need, Reading, read_needs, with_decision
from orderloom.rules.reading.cases import read_cases
from orderloom.rules.reading.cell_scope import CellScope
from orderloom.rules.reading.csv_text import CSV_LIMIT_BYTES
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.head import read_head
from orderloom.rules.reading.heads import no_head
from orderloom.rules.reading.raw import RawRows
from orderloom.rules.reading.row_files import raw_rows
from orderloom.rules.reading.rows import read_rows
from orderloom.rules.reading.sheet import sheet_rows
from orderloom.rules.reading.sources import Source
from orderloom.rules.table import DecisionTable
from orderloom.source import Document, file_meant, find_file, read_document
from orderloom.source.encoding import decode_exported
from orderloom.source.files import read_bytes

SUFFIX = ".table.yaml"
_EXAMPLE = "for example `inputs: {total: {type: number}}`"


@dataclass(frozen=True)
class Origin:
    """Where a table names files from, and the tables that were opened on the way to it."""

    folders: tuple[Path, ...]
    reading: Reading


@dataclass(frozen=True)
class Parts:
    """A table, and its rows as they stand in the file."""

    table: DecisionTable
    raw: RawRows


@contextmanager
def _uncollected() -> Iterator[None]:
    """Cells live as long as their table: to look through them for garbage takes as long as to read them."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def read_table(path: Path) -> DecisionTable:
    """The table in a .yaml, .json, .xlsx, .md or .dmn file. Raises `ProblemsError` with all findings."""
    return read_parts(path).table


def read_parts(path: Path, decision: str | None = None, beside: Sequence[Path] = ()) -> Parts:
    """The same, with the rows as they are written. `decision` names the one that is meant in a .dmn file of several.

    `beside`: folders in which the files that the table names may also lie, as for a copy of it.
    """
    return _open(path, decision, Reading(), beside)


@_uncollected()
def _open(path: Path, decision: str | None, reading: Reading, beside: Sequence[Path] = ()) -> Parts:
    key = (path.resolve(), decision)
    here = Origin((path.parent, *beside), Reading(reading.opened, (*reading.above, key)))
    if path.suffix.lower() == ".dmn":
        parts = _decision(path, decision)
    elif path.suffix.lower() == ".csv":
        help_ = f"write a head `{path.stem}{SUFFIX}`, with `rows: {path.name}`"
        raise no_head(Place(str(path)), "a CSV has rows and no head", help_)
    elif path.suffix.lower() in _WHOLE:
        parts = _WHOLE[path.suffix.lower()](path, path.name[: -len(path.suffix)], here)
    else:
        parts = _read(Source.of(read_document(path)), path.name.removesuffix(SUFFIX), here)
    reading.opened[key] = parts.table
    return parts


def _open_table(path: Path, decision: str | None, reading: Reading) -> DecisionTable:
    return reading.opened.get((path.resolve(), decision)) or _open(path, decision, reading).table


def load_table(value: Any, place: Place, folders: Sequence[Path]) -> DecisionTable:
    """What stands in `with:`: the path of a table in one of the folders, or the table itself."""
    if isinstance(value, dict):
        return _read(Source.inline(value, place), "embedded", Origin(tuple(folders), Reading())).table
    if not isinstance(value, str):
        message = "a table is the path of its file, or stands here as a mapping"
        raise refuse("D005", message, place, "for example `table: rules/level.table.yaml`")
    name, decision = with_decision(value)
    path = find_file(name, folders)
    if path is None:
        raise refuse("D005", f"there is no table file `{name}`", place, file_meant(name, folders, SUFFIX))
    return read_parts(path, decision).table


def parts_of(document: Document, name: str) -> Parts:
    """A whole table, its rows among its keys, that was made from another form; its places are that form's."""
    source = Source.of(document)
    findings = Findings()
    return _parts(
        source, name, raw_rows(source, [], findings), findings, Origin((Path(document.file).parent,), Reading())
    )


@_uncollected()
def _read(source: Source, name: str, origin: Origin) -> Parts:
    if not isinstance(source.data, dict):
        raise refuse("D002", "a table is a mapping: inputs, outputs, rows", source.spot().place, _EXAMPLE)
    findings = Findings()
    return _parts(source, name, raw_rows(source, origin.folders, findings), findings, origin)


def _decision(path: Path, decision: str | None) -> Parts:
    """Models of the standard are read by the layer above, which makes tables of ours of them: it is found by name."""
    parts: Parts = import_module("orderloom.dmn.ours").read_parts(path, decision)
    return parts


def _whole_workbook(path: Path, name: str, origin: Origin) -> Parts:
    from orderloom.rules.reading.table_sheets import TableSheets  # noqa: PLC0415 (openpyxl is an extra)
    from orderloom.rules.reading.workbook import ROWS, open_workbook  # noqa: PLC0415

    findings, book = Findings(), open_workbook(path)
    source = Source.of(TableSheets(book, findings).document())
    raw = sheet_rows(book.sheet(ROWS, findings), source.types(), source.spot().place, findings)
    return _parts(source, name, raw, findings, origin)


def _whole_markdown(path: Path, name: str, origin: Origin) -> Parts:
    from orderloom.rules.reading.markdown import MarkdownText  # noqa: PLC0415 (its parser is slow to import)

    findings = Findings()
    text, note = decode_exported(read_bytes(path, CSV_LIMIT_BYTES), str(path))
    findings.problems.extend([note] if note else [])
    markdown = MarkdownText(text, str(path))
    source = Source.of(markdown.head())
    if not isinstance(source.data, dict):
        raise refuse("D002", "the front matter is a mapping: table, inputs, outputs", source.spot().place, _EXAMPLE)
    if "rows" in source.data:
        help_ = "take `rows` out of the front matter"
        findings.add("D001", "the rows stand in the table below, not here", source.key_spot("rows").place, help_)
    raw = sheet_rows(markdown.sheet(source.types()), source.types(), source.spot().place, findings)
    return _parts(source, name, raw, findings, origin)


_WHOLE = {".xlsx": _whole_workbook, ".md": _whole_markdown}


def _parts(source: Source, name: str, raw: RawRows, findings: Findings, origin: Origin) -> Parts:
    head = read_head(source, name, findings)
    needs = read_needs(source, origin.folders, origin.reading, _open_table, findings)
    scope = CellScope.of(source.columns("inputs"), head.inputs)
    rows = read_rows(raw, head.inputs, head.outputs, scope, findings)
    cases = read_cases(source, head.outputs, findings)
    findings.raise_errors()
    table = DecisionTable(
        name=head.name,
        summary=head.summary,
        hit=head.hit,
        inputs=head.inputs,
        outputs=head.outputs,
        rows=rows,
        cases=cases,
        hash=_hash(source.data, raw, needs),
        place=source.spot().place,
        source=source,
        warnings=tuple(findings.problems),
        needs=needs,
    )
    return Parts(table, raw)


def _hash(data: Any, raw: RawRows, needs: Sequence[Need]) -> str:
    """Of all that can change an answer, the tables that feed this one included."""
    text = json.dumps(data, default=_spelt, ensure_ascii=False) + "\0" + raw.text
    text += "".join(f"\0{need.name}={need.table.hash}" for need in needs)
    return hashlib.sha256(text.encode()).hexdigest()


def _spelt(value: Any) -> list[str]:
    assert isinstance(value, Decimal)
    return ["decimal", str(value)]
