"""A table's file and edits in, the text of the file with these edits and nothing else changed out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orderloom.rules.load import Parts
from orderloom.rules.prove.proof import Edit
from orderloom.rules.reading.cells import RawCell
from orderloom.rules.reading.raw import RawRow
from orderloom.rules.reading.workbook import sheet_of
from orderloom.source.document import Lines

Change = tuple[int, int, str]  # from, to, and what stands there instead
_PLAIN_YAML = re.compile(r"[A-Za-z][\w-]*(?: [\w-]+)*")
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


class NotEditableError(Exception):
    """The edit has to be made by hand: the message says why."""


@dataclass(frozen=True)
class Text:
    """The text of a file, how it is encoded, and the mark it begins with."""

    path: Path
    body: str
    codec: str
    mark: str

    @classmethod
    def read(cls, path: Path) -> Text:
        content = path.read_bytes()
        codec = _codec(content)
        text = content.decode(codec)
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        return cls(path, text.removeprefix(mark), codec, mark)

    def with_changes(self, changes: Sequence[Change]) -> bytes:
        body = self.body
        for start, end, new in sorted(changes, reverse=True):
            body = body[:start] + new + body[end:]
        return (self.mark + body).encode(self.codec)


def rows_file(parts: Parts) -> Path:
    """The file in which the rows stand."""
    return Path(parts.raw.rows[0].spot.place.file)


def rewritten(parts: Parts, edits: Sequence[Edit]) -> bytes:
    """The bytes of the rows' file with the edits made. Raises `NotEditableError`."""
    file = rows_file(parts)
    suffix = file.suffix.lower()
    rows = {row.id: row for row in parts.raw.rows}
    if suffix == ".xlsx":
        return _in_workbook(file, rows, edits)
    if suffix not in _WRITTEN:
        raise NotEditableError(f"{file.name} is no file that can be edited in place")
    text = Text.read(file)
    lines = Lines(text.body, str(text.path))
    return text.with_changes([change for edit in edits for change in _changes(edit, rows[edit.row], lines, suffix)])


def _in_workbook(file: Path, rows: Mapping[str, RawRow], edits: Sequence[Edit]) -> bytes:
    """A row that goes is emptied: those below keep their numbers, which filters and formats of the sheet name."""
    from orderloom.rules.writing.sheet_edits import SheetError, with_cells  # noqa: PLC0415 (few tables are workbooks)

    cells = [
        (cell.spot.place, edit.new if edit.column is not None else "")
        for edit in edits
        for name, cell in rows[edit.row].cells.items()
        if edit.column in {None, name}
    ]
    if not cells:
        raise NotEditableError("there is no such cell to change")
    texts = {(place.line, place.column): new for place, new in cells}
    try:
        return with_cells(file.read_bytes(), sheet_of(cells[0][0]), texts)
    except SheetError as error:
        raise NotEditableError(str(error)) from None


def expected(parts: Parts, edits: Sequence[Edit]) -> list[Mapping[str, str]]:
    """What the cells of all rows must be once the edits are made."""
    gone = {edit.row for edit in edits if edit.column is None}
    cells = {(edit.row, edit.column): edit.new for edit in edits}
    return [
        {name: cells.get((row.id, name), cell.text) for name, cell in row.cells.items()}
        for row in parts.raw.rows
        if row.id not in gone
    ]


def texts(parts: Parts) -> list[Mapping[str, str]]:
    """The cells of all rows."""
    return [{name: cell.text for name, cell in row.cells.items()} for row in parts.raw.rows]


def _changes(edit: Edit, row: RawRow, lines: Lines, suffix: str) -> Iterator[Change]:
    if edit.column is None:
        yield _item(row, lines) if suffix in {".yaml", ".yml"} else _lines_of(row, lines)
        return
    cell = row.cells.get(edit.column)
    if cell is None:
        raise NotEditableError(f"row {edit.row} has no cell `{edit.column}` to change")
    start, end = _span(cell, lines)
    yield start, end, _WRITTEN[suffix](edit.new, lines.text[start:end])


def _span(cell: RawCell, lines: Lines) -> tuple[int, int]:
    place = cell.spot.place
    if not place.line:
        raise NotEditableError("the place of the cell is not known")
    start = lines.start_of(place.line) + place.column - 1
    end = start + len(cell.spot.written)
    if lines.text[start:end] != cell.spot.written:
        raise NotEditableError(f"the cell in line {place.line} is written over several lines")
    return start, end


def _lines_of(row: RawRow, lines: Lines) -> Change:
    """The whole lines on which a record stands."""
    spans = [_span(cell, lines) for cell in row.cells.values()]
    return (_line_start(min(spans)[0], lines.text), _line_end(max(end for _, end in spans), lines.text), "")


def _item(row: RawRow, lines: Lines) -> Change:
    """An item of a list: its first line, and those below that are indented further than its dash."""
    first = row.spot.place.line
    dash = re.match(r"( *)- ", lines.line_text(first))
    if dash is None:
        raise NotEditableError(f"row {row.id} does not begin a line of its own with `- `")
    last = first
    while last < lines.number and re.match(rf" {{{len(dash[1]) + 1},}}\S", lines.line_text(last + 1)):
        last += 1
    return (lines.start_of(first), _line_end(lines.start_of(last), lines.text), "")


def _line_start(offset: int, text: str) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _line_end(offset: int, text: str) -> int:
    found = re.compile(r"\r\n|\n|\r").search(text, offset)
    return found.end() if found else len(text)


def _in_csv(new: str, old: str) -> str:
    quoted = old.lstrip().startswith('"')
    if not quoted and not re.search(r'[",;\t\r\n]', new):
        return new
    return '"' + new.replace('"', '""') + '"'


def _in_yaml(new: str, old: str) -> str:
    if old.startswith("'"):
        return "'" + new.replace("'", "''") + "'"
    if not old.startswith('"') and _PLAIN_YAML.fullmatch(new) and new.casefold() not in _YAML_WORDS:
        return new
    return '"' + new.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_markdown(new: str, old: str) -> str:
    padding = len(old) - len(old.strip())
    return new.replace("|", "\\|") + " " * max(0, min(padding, len(old) - len(new)))


_WRITTEN: Mapping[str, Callable[[str, str], str]] = {
    ".csv": _in_csv,
    ".yaml": _in_yaml,
    ".yml": _in_yaml,
    ".md": _in_markdown,
}


def _codec(content: bytes) -> str:
    """As the reader of sheets tells encodings apart."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return codec
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
