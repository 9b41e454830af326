"""`levels.csv` in, stock levels out; every finding has its line, its column and the cell."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from orderloom.model import StockLevel
from orderloom.model.base import moment
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, nearest, refuse
from orderloom.source.encoding import decode
from orderloom.source.files import read_bytes

COLUMNS = ("location_id", "sku", "on_hand", "reserved", "safety_stock", "as_of", "expected_at")
NEEDED = COLUMNS[:3]
LIMIT_BYTES = 200_000_000


def read_levels(path: Path, locations: Collection[str]) -> list[StockLevel]:
    """Raises `ProblemsError` with all findings of the file."""
    file = str(path)
    rows = _rows(decode(read_bytes(path, LIMIT_BYTES), file), file)
    header = next(rows, None)
    if header is None:
        raise refuse("C104", "the file is empty", Place(file), f"its first line is: {','.join(COLUMNS)}")
    columns = _columns(header, file)
    problems: list[Problem] = []
    levels: dict[tuple[str, str], StockLevel] = {}
    for number, cells in rows:
        level = _level(file, number, cells, columns, problems)
        if level:
            problems += _doubts(file, number, cells, level, locations, levels)
            levels.setdefault((level.location_id, level.sku), level)
    if problems:
        raise ProblemsError(problems)
    return list(levels.values())


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line that holds any."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            place = Place(file, reader.line_num, 1)
            raise refuse(
                "C105", "the quotes of this line do not match", place, 'write a quote inside quotes twice: ""'
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _columns(header: tuple[int, list[str]], file: str) -> Mapping[str, int]:
    line, cells = header
    problems = [
        Problem(
            "C104",
            f"`{name}` is no column of stock levels",
            _place(file, line, cells, index),
            did_you_mean(name, COLUMNS) or f"the columns are: {', '.join(COLUMNS)}",
        )
        for index, name in enumerate(cells)
        if name not in COLUMNS
    ]
    meant = {nearest(name, COLUMNS) for name in cells if name not in COLUMNS}  # one slip is one finding
    missing = [name for name in NEEDED if name not in cells and name not in meant]
    header_mend = f"the header is: {','.join(COLUMNS)}"
    problems += [
        Problem("C104", f"the column `{name}` is missing", Place(file, line, 1), header_mend) for name in missing
    ]
    twice = sorted({name for name in cells if cells.count(name) > 1})
    problems += [
        Problem("C104", f"the column `{name}` is there twice", Place(file, line, 1), "take one of them out")
        for name in twice
    ]
    if problems:
        raise ProblemsError(problems)
    return {name: index for index, name in enumerate(cells)}


def _level(
    file: str, line: int, cells: list[str], columns: Mapping[str, int], problems: list[Problem]
) -> StockLevel | None:
    if len(cells) != len(columns):
        message = f"this row has {len(cells)} cells and the header {len(columns)}"
        problems.append(Problem("C106", message, Place(file, line, 1), "a cell with a comma stands in quotes"))
        return None
    given = {name: cells[index] for name, index in columns.items()}
    wrong = [(name, sentence) for name, cell in given.items() if (sentence := _wrong(name, cell))]
    problems += [
        Problem("C107", f"{name} `{given[name]}`: {sentence}", _place(file, line, cells, columns[name]), _FORMS[name])
        for name, sentence in wrong
    ]
    if wrong:
        return None
    try:
        return StockLevel.model_validate(
            {name: int(cell) if _counts(name) else cell for name, cell in given.items() if cell}
        )
    except ValidationError:
        problems.append(
            Problem("C107", "the ids of this row are too long", Place(file, line, 1), "128 letters at most")
        )
        return None


_FORMS = {
    "location_id": "the id of a location, as locations.yaml has it",
    "sku": "the article's number",
    "on_hand": "digits alone, such as 12",
    "reserved": "digits alone, such as 2",
    "safety_stock": "digits alone, such as 2",
    "as_of": "such as 2026-01-31T14:00:00Z",
    "expected_at": "such as 2026-01-31T14:00:00Z",
}


def _counts(name: str) -> bool:
    return name in {"on_hand", "reserved", "safety_stock"}


def _wrong(name: str, cell: str) -> str | None:
    """Why the cell cannot be read, or None."""
    if not cell:
        return "it must not be empty" if name in NEEDED else None
    if name in {"as_of", "expected_at"}:
        return None if _is_moment(cell) else "write the moment as 2026-01-31T14:00:00Z"
    if not _counts(name):
        return None
    digits = cell.removeprefix("-") if name == "on_hand" else cell
    return None if digits.isascii() and digits.isdigit() and len(digits) < 10 else "a whole number is wanted"


def _is_moment(cell: str) -> bool:
    try:
        moment(cell)
    except ValueError:
        return False
    return True


def _doubts(
    file: str,
    line: int,
    cells: list[str],
    level: StockLevel,
    locations: Collection[str],
    levels: Collection[tuple[str, str]],
) -> Iterator[Problem]:
    if level.location_id not in locations:
        place = _place(file, line, cells, cells.index(level.location_id))
        help_text = (
            did_you_mean(level.location_id, locations) or f"locations.yaml names: {', '.join(sorted(locations))}"
        )
        yield Problem("C108", f"no location has the id `{level.location_id}`", place, help_text)
    if (level.location_id, level.sku) in levels:
        message = f"`{level.sku}` at `{level.location_id}` stands in two rows"
        yield Problem("C109", message, Place(file, line, 1), "add them up into one row")


def _place(file: str, line: int, cells: list[str], index: int) -> Place:
    """The cell, where no cell before it was quoted or padded; else near it."""
    column = 1 + sum(len(cell) + 1 for cell in cells[:index])
    return Place(file, line, column, column + max(1, len(cells[index])))
