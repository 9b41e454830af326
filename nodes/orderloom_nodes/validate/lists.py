"""Files of rows that a shop owns: a CSV with a head in, its rows with their lines out."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from orderloom import Place, Problem, ProblemsError, did_you_mean, file_meant, find_file, read_bytes, refuse

LARGEST_BYTES = 50_000_000


class Row(NamedTuple):
    """A row and where it stands."""

    values: Mapping[str, str]
    place: Place


class Sheet(NamedTuple):
    """The rows of a file, and the hash of its content."""

    rows: tuple[Row, ...]
    hash: str


def read_sheet(value: Any, what: str, needs: Collection[str], place: Place, folders: Sequence[Path]) -> Sheet:
    """The rows of the CSV that a setting names. Raises `ProblemsError` where it is not there, or lacks a column."""
    file = find_file(value, folders) if isinstance(value, str) else None
    if file is None:
        raise refuse("V161", f"there is no {what} `{value}`", place, file_meant(str(value), folders, ".csv"))
    content = read_bytes(file, LARGEST_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("V162", f"the {what} is not UTF-8", Place(str(file)), "save it as CSV UTF-8") from None
    return Sheet(tuple(_rows(text, str(file), what, needs)), sha256(content).hexdigest())


def _rows(text: str, file: str, what: str, needs: Collection[str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""))
    head = [name.strip() for name in next(reader, [])]
    missing = [name for name in needs if name not in head]
    if missing:
        message = f"the {what} has no column `{missing[0]}`"
        mend = did_you_mean(missing[0], head) or f"its first line names the columns: {','.join(needs)}"
        raise refuse("V162", message, Place(file, 1, 1), mend)
    problems = []
    for cells in reader:
        at = Place(file, reader.line_num, 1)
        if len(cells) > len(head):
            problems.append(Problem("V162", "this row has more cells than the head has columns", at, "quote commas"))
        elif any(cell.strip() for cell in cells):
            yield Row(dict(zip(head, (cell.strip() for cell in cells), strict=False)), at)
    if problems:
        raise ProblemsError(problems)
