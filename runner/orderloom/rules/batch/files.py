"""Files of orders in, chunks of columns out, and back: CSV, JSON lines, and Parquet with the extra `files`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderloom.problems import Place, refuse
from orderloom.rules.batch.facts import Column
from orderloom.rules.decision import json_output
from orderloom.rules.reading.csv_text import protected
from orderloom.source.csv_form import CsvForm, csv_form

FORMATS = (".csv", ".jsonl", ".ndjson", ".parquet")
SHEETS = (".csv", ".tsv")
READ = (*SHEETS, ".jsonl", ".ndjson", ".parquet")
CHUNK = 50_000  # orders that are held at once


@dataclass
class Chunk:
    """Some orders of a file: facts by column, the line of each order, and lines that hold none, with the reason."""

    columns: dict[str, Column]
    lines: Sequence[int]
    broken: list[tuple[int, str, Any]] = field(default_factory=list)
    source: Any = None  # the record batch of a Parquet file


def form_of(path: Path) -> CsvForm | None:
    """How a CSV is written; None for other files. Raises `ProblemsError` where it cannot be read."""
    if path.suffix.lower() not in SHEETS:
        return None
    try:
        return csv_form(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def chunks(path: Path, size: int = CHUNK, form: CsvForm | None = None) -> Iterator[Chunk]:
    """All orders of the file, in their order. Raises `ProblemsError` where the file as a whole cannot be read."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        from orderloom.rules.batch.parquet import record_chunks  # noqa: PLC0415 (pyarrow is an extra)

        yield from record_chunks(path, size)
        return
    try:
        form = form or form_of(path)
        with path.open(encoding=form.encoding if form else "utf-8-sig", newline="") as lines:
            yield from _gathered(_csv_records(lines, path, form) if form else _json_records(lines), size)
    except UnicodeError:
        message = "further down, the file is encoded in another way" if form else "the file is not UTF-8"
        raise refuse("D035", message, Place(str(path)), "save it as UTF-8") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> Exception:
    help_ = "check that it is a file, and that you may read it"
    return refuse("D035", f"the file cannot be read: {error.strerror}", Place(str(path)), help_)


Record = tuple[int, dict[str, Any] | None, str, Any]  # line, facts or None, what is wrong, as it stands


def _gathered(records: Iterator[Record], size: int) -> Iterator[Chunk]:
    rows: list[tuple[int, dict[str, Any]]] = []
    broken: list[tuple[int, str, Any]] = []
    for line, facts, wrong, raw in records:
        if facts is None:
            broken.append((line, wrong, raw))
        else:
            rows.append((line, facts))
        if len(rows) + len(broken) >= size:
            yield _chunk(rows, broken)
            rows, broken = [], []
    yield _chunk(rows, broken)


def _chunk(rows: Sequence[tuple[int, dict[str, Any]]], broken: list[tuple[int, str, Any]]) -> Chunk:
    names = dict.fromkeys(name for _, facts in rows for name in facts)
    columns: dict[str, Column] = {name: [facts.get(name) for _, facts in rows] for name in names}
    return Chunk(columns, [line for line, _ in rows], broken)


def _csv_records(lines: Any, path: Path, form: CsvForm) -> Iterator[Record]:
    """A blank cell is a missing fact."""
    reader = csv.reader(lines, strict=True, delimiter=form.separator)
    try:
        for _ in range(form.above):
            next(reader, None)
        header = [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
        if len(set(header)) < len(header) or not header:
            raise _no_header(header, Place(str(path), reader.line_num or 1, 1))
        line = reader.line_num + 1  # an order with line breaks in it stands where it begins
        for cells in reader:
            if len(cells) > len(header):
                yield line, None, f"{len(cells)} cells, and there are {len(header)} columns", cells
            elif any(cells):
                given = zip(header, (cell.strip() or None for cell in cells), strict=False)
                yield line, dict.fromkeys(header) | dict(given), "", None
            line = reader.line_num + 1
    except csv.Error as error:
        place = Place(str(path), reader.line_num, 1)
        raise refuse("D035", f"this is no CSV: {error}", place, "look for a quote that is not closed") from None


def _no_header(header: Sequence[str], place: Place) -> Exception:
    twice = next((name for name in header if header.count(name) > 1), None)
    what = (
        f"names the column `{twice}` twice"
        if twice
        else "names two columns that have no name"
        if header
        else "is blank"
    )
    message = f"the first line names each column once, and this one {what}"
    return refuse("D035", message, place, "name the columns in the first line, each in another way")


def _json_records(lines: Any) -> Iterator[Record]:
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            facts = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
        except ValueError as error:
            yield number, None, f"no JSON: {error}", text.rstrip("\n")
            continue
        if isinstance(facts, dict):
            yield number, facts, "", None
        else:
            yield number, None, 'an object of names and values is needed, for example {"total": 5}', facts


def _no_number(word: str) -> Any:
    message = f"{word} is no number"
    raise ValueError(message)


class Writer:
    """Writes rows as JSON lines, given by column name."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, columns: Mapping[str, Sequence[Any]]) -> None:
        for values in zip(*columns.values(), strict=True):
            record = dict(zip(columns, values, strict=True))
            self._file.write(json.dumps(record, ensure_ascii=False, default=json_output) + "\n")

    def close(self) -> None:
        self._file.close()


class CsvWriter:
    """Writes rows as a CSV, whose columns are those of the first call."""

    def __init__(self, path: Path, separator: str = ",", called: Path | None = None) -> None:
        """`called` is the name that the file will have."""
        self._file, self._called = path.open("w", encoding="utf-8", newline=""), called or path
        self._csv = csv.writer(self._file, delimiter=separator, lineterminator="\n")
        self._names: tuple[str, ...] = ()

    def write(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Raises `ProblemsError` where there are columns that those before had not: their rows stand already."""
        if not self._names:
            self._names = tuple(columns)
            self._csv.writerow(map(_cell, self._names))
        if strange := next((name for name in columns if name not in self._names), None):
            message = f"further down orders have a fact `{strange}`, and the columns are those of the first {CHUNK:,}"
            raise refuse("D035", message, Place(str(self._called)), "write .jsonl, which needs no columns")
        rows = max(map(len, columns.values()), default=0)
        blank = [None] * rows
        for values in zip(*(columns.get(name, blank) for name in self._names), strict=True):
            self._csv.writerow(map(_cell, values))

    def close(self) -> None:
        self._file.close()


def _cell(value: Any) -> Any:
    """As a spreadsheet shows it and never computes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    return protected(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
