"""Rows as they stand in a file, before anything in them is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderloom.problems import did_you_mean
from orderloom.rules.columns import RESERVED
from orderloom.rules.reading.cells import RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.sources import Spot

Types = Mapping[str, str]  # column → the word for its type


@dataclass(eq=False, slots=True)
class RawRow:
    """A row as it stands; without an id of its own it is r1, r2, … by its position.

    `texts` are those of cells that are plain text and nothing else, in forms where that is known of all: to read them
    spares making the cells.
    """

    id: str
    cells: Mapping[str, RawCell]
    spot: Spot
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RawRows:
    """All rows as they stand, and the text they came from where that is a file of its own."""

    rows: tuple[RawRow, ...] = ()
    text: str = ""
    spreadsheet: bool = False


def unknown_column(name: str, spot: Spot, columns: Types, findings: Findings) -> None:
    """Nothing is said about the columns that every row may have."""
    if name not in columns and name not in RESERVED:
        help_ = did_you_mean(name, [*columns, *RESERVED]) or f"its columns are: {', '.join(columns)}"
        findings.add("D007", f"the table has no column `{name}`", spot.place, help_)
