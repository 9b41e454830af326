"""What a proof says of a table: its findings, with region, example and edit, and what could not be proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from orderloom.rules.explain import json_value
from orderloom.rules.prove.column_axis import Cell
from orderloom.rules.prove.grid import Box

Severity = Literal["error", "warning", "info"]
Kind = Literal[
    "gap", "default", "overlap", "conflict", "masked", "subsumed", "mergeable", "unused_column", "unreachable_output"
]


@dataclass(frozen=True)
class Edit:
    """One cell of a row from one text to another; without a column the row is deleted."""

    row: str
    column: str | None = None
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        if self.column is None:
            return f"delete {self.row}"
        return f'{self.row} {self.column} "{self.old}" -> "{self.new}"'


@dataclass(frozen=True)
class Fix:
    """Edits after which the finding is gone and no other has come. `certain`: `--fix` may apply it without asking."""

    edits: tuple[Edit, ...]
    effect: str  # "closes the gap, adds no overlap"
    certain: bool = True

    def __str__(self) -> str:
        return ", ".join(map(str, self.edits))


@dataclass(frozen=True)
class Finding:
    """One thing about a table. `region` is one box, by column the text of a cell; what may be anything is left out."""

    kind: Kind
    severity: Severity
    message: str
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    region: Mapping[str, str] = field(default_factory=dict)
    edges: Mapping[str, str] = field(default_factory=dict)  # by column, which rows end at the region and begin after it
    example: Mapping[str, Any] | None = None
    order: str | None = None  # the name of the past order that the example is
    day: date | None = None  # of the example, where rows are valid by date
    count: int | None = None
    fix: Fix | None = None
    box: Box = field(default=(), repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        fix = self.fix and {
            "edits": [vars(edit) for edit in self.fix.edits],
            "effect": self.fix.effect,
            "certain": self.fix.certain,
        }
        return {
            "kind": self.kind,
            "severity": self.severity,
            "message": self.message,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "region": dict(self.region),
            "example": None if self.example is None else json_value(self.example),
            "order": self.order,
            "on": str(self.day) if self.day else None,
            "count": self.count,
            "fix": fix,
        }


@dataclass(frozen=True)
class Proof:
    """`complete`: every fact that the columns allow gets an answer, and no two rows contradict one another."""

    table: str
    rows: int
    complete: bool
    findings: tuple[Finding, ...]
    unanalysed: tuple[Cell, ...] = ()
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # what a missing fact means
    omitted: Mapping[str, int] = field(default_factory=dict)  # by kind, how many were found and are not listed
    stopped: tuple[str, ...] = ()  # what was not searched to its end
    orders: int | None = None  # past orders that were looked at
    unread: int = 0  # past orders whose facts the table does not take

    @property
    def failed(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def except_rows(self) -> tuple[str, ...]:
        """The rows with cells that cannot be analysed."""
        return tuple(dict.fromkeys(cell.row for cell in self.unanalysed))

    def as_json(self) -> dict[str, Any]:
        """The published form."""
        return {
            "table": self.table,
            "complete": self.complete,
            "findings": [finding.as_json() for finding in self.findings],
            "unanalysed": [vars(cell) for cell in self.unanalysed],
            "assumptions": list(self.assumptions),
            "missing": list(self.missing),
            "omitted": dict(self.omitted),
            "stopped": list(self.stopped),
            "orders": self.orders,
            "orders_not_read": self.unread,
        }
