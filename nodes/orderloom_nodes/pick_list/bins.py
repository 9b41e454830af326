"""Where articles lie: a .csv of location, article, zone, aisle and bin in, checked; the way past them out."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from orderloom import Place, Problem, ProblemsError, did_you_mean, file_meant, find_file, read_bytes, refuse

COLUMNS = ("location_id", "sku", "zone", "aisle", "bin")
_MOST_BYTES = 50_000_000


class Bin(NamedTuple):
    zone: str
    aisle: str
    bin: str

    @property
    def way(self) -> tuple[Any, ...]:
        """By zone, aisle and bin, as people count: A2 comes before A10."""
        return tuple(_counted(part) for part in self)


NOWHERE = Bin("", "", "")


@dataclass(frozen=True)
class Bins:
    """By location and article."""

    at: Mapping[tuple[str, str], Bin]
    setting_schema: ClassVar[dict[str, Any]] = {
        "title": "Bins",
        "description": f"a .csv file, relative to the flow, with the columns {', '.join(COLUMNS)}",
        "type": "string",
    }

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> Bins:
        """The file that `bins:` names. Raises `ProblemsError` with all findings."""
        if not isinstance(value, str) or not value.strip():
            raise refuse("C221", "`bins` names a .csv file", place, "for example: `bins: stock/bins.csv`")
        file = find_file(value, folders)
        if file is None:
            raise refuse("C221", f"there is no file `{value}`", place, file_meant(value, folders, ".csv"))
        try:
            text = read_bytes(file, _MOST_BYTES).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise refuse("C222", "the file is not written in UTF-8", Place(str(file)), "save it as CSV UTF-8") from None
        return cls.read(text, str(file))

    @classmethod
    def read(cls, text: str, file: str) -> Bins:
        """Raises `ProblemsError` with all findings."""
        rows = list(csv.reader(text.splitlines()))
        names = [name.strip() for name in rows[0]] if rows else []
        problems = [
            Problem("C222", f"there is no column `{name}`", Place(file, 1, 1, 2), did_you_mean(name, names) or _HEAD)
            for name in COLUMNS
            if name not in names
        ]
        found: dict[tuple[str, str], Bin] = {}
        for number, row in enumerate(rows[1:] if not problems else (), 2):
            cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
            key = cells.get("location_id", ""), cells.get("sku", "")
            if any(row) and not all(key):
                told = "the row lacks a location or an article"
                problems.append(Problem("C222", told, Place(file, number, 1, 2), _HEAD))
            elif key in found:
                told = f"`{key[1]}` at `{key[0]}` stands in two rows"
                problems.append(Problem("C222", told, Place(file, number, 1, 2), "keep the bin that it is picked from"))
            elif any(row):
                found[key] = Bin(*(cells.get(name, "") for name in COLUMNS[2:]))
        if problems:
            raise ProblemsError(problems)
        return cls(found)

    def of(self, location_id: str, sku: str) -> Bin:
        """Where it lies; `NOWHERE` where nobody said."""
        return self.at.get((location_id, sku), NOWHERE)


_HEAD = f"the first line is: {','.join(COLUMNS)}"


def _counted(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Figures by value, other characters by letter; what is empty comes last."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    told = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part.casefold()) for part in parts)
    return told or ((True, 0, "\U0010ffff"),)
