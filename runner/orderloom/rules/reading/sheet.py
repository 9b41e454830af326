"""A sheet of cells in, the rows of a table out; columns that are unknown, doubled, missing or nameless are findings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from orderloom.problems import Place
from orderloom.rules.columns import RESERVED
from orderloom.rules.reading.cells import RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.held import Fault, as_meant
from orderloom.rules.reading.raw import RawRow, RawRows, Types, unknown_column
from orderloom.rules.reading.sources import Spot


class Cell(Protocol):
    """What every form of sheet gives: a cell's text, where it stands, what a workbook holds there, what is wrong."""

    @property
    def text(self) -> str: ...
    @property
    def spot(self) -> Spot: ...
    @property
    def held(self) -> str: ...
    @property
    def fault(self) -> Fault | None: ...


class SheetCell(NamedTuple):
    """A cell's text. `held` is what a workbook holds there where that is no text: number, boolean, date, …"""

    text: str
    spot: Spot
    held: str = ""
    fault: Fault | None = None


class PlainRecord(Sequence[Any], ABC):
    """A record of plain texts, with nothing held behind them and nothing wrong with them.

    Its cells are made when they are asked for: of a long table nobody asks for most.
    """

    __slots__ = ("texts",)

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    @abstractmethod
    def cell(self, at: int) -> Cell: ...

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, at: Any) -> Any:
        places = range(len(self.texts))[at]
        return self.cell(places) if isinstance(places, int) else [self.cell(one) for one in places]


class _Cells(Mapping[str, RawCell]):
    """The cells of a plain record by the names of their columns."""

    __slots__ = ("_columns", "_record", "_texts")

    def __init__(self, record: PlainRecord, texts: Mapping[str, str], columns: Mapping[str, int]) -> None:
        self._record, self._texts, self._columns = record, texts, columns

    def __getitem__(self, name: str) -> RawCell:
        text = self._texts[name]
        return RawCell(text, self._record.cell(self._columns[name]).spot, not text)

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@dataclass(frozen=True)
class Sheet:
    """The first record names the columns. `text` is all that it says, `help` how a cell too many comes about."""

    file: str
    records: Sequence[Sequence[Cell]]
    text: str
    help: str | None = None


def sheet_rows(sheet: Sheet, types: Types | None, place: Place, findings: Findings) -> RawRows:
    """The rows below the header; `place` is where the sheet is asked for, no column is unknown without `types`."""
    if not sheet.records:
        named = f": {', '.join(types)}" if types else ""
        findings.add("D006", f"{sheet.file} is empty", place, f"its first line names the columns{named}")
        return RawRows(spreadsheet=True)
    header, *records = sheet.records
    _check_header(header, types, findings)
    reader = _Reader(sheet, [cell.text for cell in header], types or {}, findings)
    rows = [reader.row(index, record) for index, record in enumerate(records)]
    return RawRows(tuple(row for row in rows if row is not None), sheet.text, spreadsheet=True)


def _check_header(header: Sequence[Cell], types: Types | None, findings: Findings) -> None:
    seen: set[str] = set()
    for cell in header:
        tell(cell, findings)
        if cell.text in seen:
            message, help_ = f"the column `{cell.text}` stands here twice", "take one of them out, or rename it"
            findings.add("D009", message, cell.spot.place, help_)
        elif types is not None and cell.text and cell.fault is None:
            unknown_column(cell.text, cell.spot, types, findings)
        seen.add(cell.text)
        seen.discard("")


def tell(cell: Cell, findings: Findings) -> None:
    """Add the cell's fault, where there is one."""
    if cell.fault is not None:
        findings.add(cell.fault.code, cell.fault.message, cell.spot.place, cell.fault.help)


class _Reader:
    """Makes rows of the records of one sheet."""

    def __init__(self, sheet: Sheet, names: Sequence[str], types: Types, findings: Findings) -> None:
        self._sheet, self._names, self._types, self._findings = sheet, names, types, findings
        self._columns = [(name, types.get(name, "")) for name in names]
        self._ids = [at for at, name in enumerate(names) if name == "id"]
        self._nameless = [at for at, name in enumerate(names) if not name]
        self._places = {name: at for at, name in enumerate(names) if name}
        self._reserved_last = max((at for at, name in enumerate(names) if name and name not in RESERVED), default=0)

    def row(self, index: int, record: Sequence[Cell]) -> RawRow | None:
        """None for a row with too many cells: what stands in which column is anybody's guess."""
        if isinstance(record, PlainRecord) and len(record) == len(self._names) == len(self._places):
            texts = dict(zip(self._names, record.texts, strict=True))
            identity = texts.get("id") or f"r{index + 1}"
            return RawRow(identity, _Cells(record, texts, self._places), record.cell(0).spot, texts)
        if self._is_ragged(record):
            return None
        given = next((record[at].text for at in self._ids if at < len(record)), "")
        identity = given or f"r{index + 1}"
        named = zip(record, self._columns, strict=False)
        cells = {name: self._cell(identity, name, type_, cell) for cell, (name, type_) in named}
        cells.pop("", None)
        return RawRow(identity, cells, record[0].spot)

    def _cell(self, row: str, name: str, type_: str, cell: Cell) -> RawCell:
        text, fault, held = cell.text, cell.fault, cell.held
        if not held and fault is None:
            return RawCell(text, cell.spot, not text)
        if held:
            text, fault = as_meant(text, held, type_)
        if fault is not None:
            message = f"row {row}, column `{name}`: {fault.message}"
            self._findings.add(fault.code, message, cell.spot.place, fault.help)
        return RawCell(text, cell.spot, not text, fault is not None)

    def _is_ragged(self, record: Sequence[Cell]) -> bool:
        width = len(self._names)
        beyond = next((cell for cell in record[width:] if cell.text), None)
        if beyond is not None:
            message = f"the row has {len(record)} cells, and there are {width} columns"
            self._findings.add("D006", message, beyond.spot.place, self._sheet.help)
            return True
        for at in self._nameless:
            if at < len(record) and record[at].text:
                message = "this cell stands in a column without a name"
                self._findings.add("D006", message, record[at].spot.place, "name the column in the first line")
        if len(record) <= self._reserved_last:
            message = f"the row ends after {len(record)} of {width} cells: the others count as blank"
            place = record[-1].spot.place
            self._findings.add("D067", message, place, "write every cell, blank ones too", "warning")
        return False
