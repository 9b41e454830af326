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
from orderloom.rules.reading.csv_text import protected

FORMATS = (".csv", ".jsonl", ".ndjson", ".parquet")
CHUNK = 50_000  # orders that are held at once


@dataclass
class Chunk:
    """Some orders of a file: facts by column, the line of each order, and lines that hold none, with the reason."""

    columns: dict[str, Column]
    lines: Sequence[int]
    broken: list[tuple[int, str, Any]] = field(default_factory=list)
    source: Any = None  # the record batch of a Parquet file


def chunks(path: Path, size: int = CHUNK) -> Iterator[Chunk]:
    """All orders of the file, in their order. Raises `ProblemsError` where the file as a whole cannot be read."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        from orderloom.rules.batch.parquet import record_chunks  # noqa: PLC0415 (pyarrow is an extra)

        yield from record_chunks(path, size)
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            records = _csv_records(lines, path) if suffix == ".csv" else _json_records(lines)
            yield from _gathered(records, size)
    except UnicodeDecodeError:
        raise refuse("D035", "the file is not UTF-8", Place(str(path)), "save it as UTF-8") from None
    except OSError as error:
        raise refuse("D035", f"the file cannot be read: {error.strerror}", Place(str(path))) from None


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


def _csv_records(lines: Any, path: Path) -> Iterator[Record]:
    """A blank cell is a missing fact."""
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if len(set(header)) < len(header) or not header:
            message = "the first line names each column once, and this one does not"
            raise refuse("D035", message, Place(str(path), 1, 1))
        for cells in reader:
            if len(cells) > len(header):
                yield reader.line_num, None, f"{len(cells)} cells, and there are {len(header)} columns", cells
            elif any(cells):
                given = zip(header, (cell.strip() or None for cell in cells), strict=False)
                yield reader.line_num, dict.fromkeys(header) | dict(given), "", None
    except csv.Error as error:
        raise refuse("D035", f"this is no CSV: {error}", Place(str(path), reader.line_num, 1)) from None


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
    """Writes rows of one form; `rows` are by column name, the columns the same in every call."""

    def __init__(self, path: Path, as_csv: bool) -> None:
        self._as_csv = as_csv
        self._file = path.open("w", encoding="utf-8", newline="" if self._as_csv else "\n")
        self._csv: Any = None

    def write(self, columns: Mapping[str, Sequence[Any]]) -> None:
        if self._as_csv and self._csv is None:
            self._csv = csv.writer(self._file, lineterminator="\n")
            self._csv.writerow(map(_cell, columns))
        for values in zip(*columns.values(), strict=True):
            if self._as_csv:
                self._csv.writerow(map(_cell, values))
            else:
                record = dict(zip(columns, values, strict=True))
                self._file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")

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
    return protected(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
