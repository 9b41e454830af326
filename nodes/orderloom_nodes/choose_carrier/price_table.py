"""A table of prices as CSV, in; the same as a document with the place of every cell, out."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from orderloom import Document, Place, find_file, read_bytes, refuse

_MOST_BYTES = 2_000_000
_EXAMPLE = "a row names the columns first: up_to_kg, and the zones"


def read_prices(name: str, card: Place) -> Document:
    """The file `name` beside the card: a list of rows. Raises `ProblemsError`: no such file, or no table."""
    file = find_file(name, [Path(card.file).parent])
    if file is None or not name.endswith(".csv"):
        raise refuse("C201", f"there is no table `{name}` beside the card", card, "a .csv file in the card's folder")
    try:
        text = read_bytes(file, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("C213", "the table is not written in UTF-8", Place(str(file)), "save it as CSV UTF-8") from None
    lines = text.splitlines()
    separator = max(",;\t", key=lines[0].count) if lines else ","
    rows = list(csv.reader(lines, delimiter=separator))
    if not rows or "up_to_kg" not in (names := [cell.strip() for cell in rows[0]]):
        raise refuse("C213", "the first row does not name `up_to_kg`", Place(str(file), 1, 1, 2), _EXAMPLE)
    return _document(str(file), text, names, rows[1:], separator)


def _document(file: str, text: str, names: list[str], rows: list[list[str]], separator: str) -> Document:
    data: list[dict[str, Any]] = []
    values: dict[tuple[str | int, ...], Place] = {(): Place(file)}
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        found: dict[str, Any] = {}
        column = 1
        for name, cell in zip(names, row, strict=False):
            if cell.strip():
                found[name] = _number(cell.strip(), separator)
                values[len(data), name] = Place(file, number, column, column + max(1, len(cell)))
            column += len(cell) + 1
        values[(len(data),)] = Place(file, number, 1, 2)
        data.append(found)
    return Document(file, text, data, {}, values)


def _number(cell: str, separator: str) -> Any:
    """A comma is decimal only where columns are not parted by commas. What is no number stays text, to be found."""
    plain = cell.replace(",", ".") if separator != "," and cell.count(",") == 1 and "." not in cell else cell
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return cell
    return found if found.is_finite() else cell
