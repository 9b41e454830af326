"""A workbook that holds a whole table in, its head and cases as a document with places out.

The sheet `table` names a setting a line; below, a line that begins with `input` or `output` heads a block of columns,
which ends at a blank line. The sheet `rows` has the rows, `cases` the cases: `given total`, `then outcome`, …
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orderloom.problems import Place, ProblemsError, did_you_mean
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.heads import no_head
from orderloom.rules.reading.setting_texts import setting_value, typed_value
from orderloom.rules.reading.sheet import SheetCell, tell
from orderloom.rules.reading.workbook import CASES, TABLE, Book
from orderloom.source import Document, Path

BLOCKS = {"input": "inputs", "output": "outputs"}
PARTS = ("given", "then")
_Record = Sequence[SheetCell]


class TableSheets:
    """Collects data and places of one workbook."""

    def __init__(self, book: Book, findings: Findings) -> None:
        self._book, self._findings = book, findings
        self._data: dict[str, Any] = {}
        self._keys: dict[Path, Place] = {}
        self._values: dict[Path, Place] = {}

    def document(self) -> Document:
        """Raises `ProblemsError` (D073) where the workbook has no head."""
        if not self._book.has(TABLE):
            message = f"the workbook has no sheet `{TABLE}`, which would say what its columns are"
            help_ = "write a head NAME.table.yaml beside it, with `rows: FILE.xlsx`"
            raise no_head(Place(self._book.file), message, help_)
        self._values[()] = self._book.place(TABLE, 1, 1)
        self._read_head(self._book.records(TABLE, self._findings))
        if self._book.has(CASES):
            self._read_cases(self._book.records(CASES, self._findings))
        return Document(self._book.file, "", self._data, self._keys, self._values)

    def _read_head(self, records: Sequence[_Record]) -> None:
        block: tuple[str, list[str]] | None = None
        for record in records:
            self._tell(record)
            name = record[0].text if record else ""
            if not name:
                block = None
            elif block is not None:
                self._column(block[0], block[1], record)
            elif name in BLOCKS:
                block = (BLOCKS[name], [cell.text for cell in record[1:]])
                self._data.setdefault(block[0], {})
                self._keys[block[0],] = self._values[block[0],] = record[0].spot.place
            else:
                self._setting((name,), self._data, record[0], record[1] if len(record) > 1 else record[0])

    def _column(self, part: str, keys: Sequence[str], record: _Record) -> None:
        name = record[0].text
        if name in self._data[part]:
            help_ = "take one of them out, or rename it"
            self._findings.add("D009", f"the column `{name}` stands here twice", record[0].spot.place, help_)
        self._keys[part, name] = self._values[part, name] = record[0].spot.place
        spec = self._data[part].setdefault(name, {})
        for key, cell in zip(keys, record[1:], strict=False):
            if key and cell.text:
                self._setting((part, name, key), spec, cell, cell)

    def _setting(self, path: Path, into: dict[str, Any], key: SheetCell, cell: SheetCell) -> None:
        self._keys[path], self._values[path] = key.spot.place, cell.spot.place
        name = str(path[-1])
        if name in into:
            self._findings.add("D001", f"`{name}` is set twice", key.spot.place, "keep one of them")
        elif cell.fault is None:
            into[name] = self._read(path, setting_value(name, "" if cell is key and len(path) == 1 else cell.text))

    def _read(self, path: Path, given: Any) -> Any:
        if isinstance(given, ProblemsError):
            message = f"`{path[-1]}` cannot be read: {given.problems[0].message}"
            self._findings.add("D002", message, self._values[path], given.problems[0].help)
            return None
        return given

    def _read_cases(self, records: Sequence[_Record]) -> None:
        said = [record for record in records if any(cell.text for cell in record)]
        if not said:
            return
        header, *rest = said
        paths = [self._case_path(cell) for cell in header]
        self._data["cases"] = []
        self._keys["cases",] = self._values["cases",] = header[0].spot.place
        for index, record in enumerate(rest):
            self._tell(record)
            self._values["cases", index] = record[0].spot.place
            case: dict[str, Any] = {}
            for path, cell in zip(paths, record, strict=False):
                if path and cell.text and cell.fault is None:
                    self._into(case, ("cases", index), path, cell)
            self._data["cases"].append(case)

    def _into(self, case: dict[str, Any], at: Path, path: Sequence[str], cell: SheetCell) -> None:
        """A part of a case that stands in one cell: `then` as a whole, or one of its outputs."""
        whole = (*at, *path)
        self._keys[whole] = self._values[whole] = cell.spot.place
        if len(path) > 1:
            self._keys.setdefault((*at, path[0]), cell.spot.place)
            self._values.setdefault((*at, path[0]), cell.spot.place)
        into = case if len(path) == 1 else case.setdefault(path[0], {})
        if isinstance(into, dict):
            into[path[-1]] = self._read(whole, typed_value(cell.text))

    def _tell(self, record: _Record) -> None:
        for cell in record:
            tell(cell, self._findings)

    def _case_path(self, cell: SheetCell) -> tuple[str, ...]:
        part, _, name = cell.text.partition(" ")
        if part in PARTS and name:
            return (part, name)
        if cell.text and cell.text not in {*PARTS, "case", "row", "error", "now"}:
            help_ = did_you_mean(cell.text, ["given", "then", "case", "row", "error", "now"])
            message = f"a column of cases is `given COLUMN`, `then COLUMN`, case, row, error or now, not `{cell.text}`"
            self._findings.add("D021", message, cell.spot.place, help_)
        return (cell.text,) if cell.text else ()
