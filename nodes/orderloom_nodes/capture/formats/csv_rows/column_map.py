"""A column map in: which rows are one order, which a rule leaves out, and what each field is made of.

    columns: online-retail
    one_order: =row.InvoiceNo                  # rows with the same value are one order; they stand together
    rules: rules/csv-rows.table.yaml           # asked about every row: `keep`, or a word for what it is instead
    numbers: {decimal: ".", thousands: ","}
    dates: {format: "%Y-%m-%d %H:%M:%S", zone: Europe/London}   # or `format: excel`, the numbers of days
    sheet: Orders                              # of a workbook; else the first that is shown
    order: {order_number: =row.InvoiceNo, ordered_at: =row.InvoiceDate, currency: GBP}
    line: {sku: =row.StockCode, quantity: =row.Quantity, unit_price: =row.UnitPrice}
    stop_at: 20%                               # with more bad rows than that the file is refused whole
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orderloom import (
    ANY,
    CallLog,
    DecisionTable,
    Document,
    Fields,
    Formula,
    Place,
    Problem,
    ProblemsError,
    did_you_mean,
    file_meant,
    find_file,
    read_document,
    read_fields,
    refuse,
)
from orderloom.model import Line, Order

from .file_schema import columns_schema
from .shape import FORMULAS, misshapen

_KNOWN = {"row": ANY}  # its columns are those of the file, checked when it is read
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?) ?%")


@dataclass(frozen=True)
class ColumnMap:
    """A column map that was read and found right."""

    name: str
    one_order: Fields
    order: Fields
    line: Fields
    rules: DecisionTable | None
    separator: str | None
    encoding: str | None
    decimal: str
    thousands: str
    date_format: str | None
    zone: ZoneInfo
    sheet: str | None = None  # of a workbook; else the first that is shown
    stop_at: Decimal | None = None  # of 1: with a larger share of bad rows the file is refused whole
    setting_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "description": "the path of a column map"}
    file_kind: ClassVar[str] = "columns"

    @classmethod
    def file_schema(cls) -> dict[str, Any]:
        """What a column map may hold, for editors."""
        return columns_schema()

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> ColumnMap:
        """By path. Raises `ProblemsError` with all findings of the file."""
        file = find_file(value, folders) if isinstance(value, str) else None
        if file is None:
            mend = file_meant(str(value), folders, ".columns.yaml")
            raise refuse("M005", f"there is no column map `{value}`", place, mend)
        return cls.load(file, folders)

    @classmethod
    def load(cls, file: Path, folders: Sequence[Path]) -> ColumnMap:
        """From a file that is there. Raises `ProblemsError` with all findings."""
        return _read(read_document(file), folders)

    def for_call(self, log: CallLog, now: Any) -> ColumnMap:
        """The same map, whose rules are judged by the run's own clock. What they decide is counted, not logged."""
        del log
        return replace(self, rules=self.rules.at(now)) if self.rules else self

    def column_of(self, field: str) -> str | None:
        """The one column that a field is made of; None where there are more, or none."""
        read = {name for formula in self._formulas if formula.path == field for name in _columns(formula)}
        return read.pop() if len(read) == 1 else None

    def uses(self, column: str) -> bool:
        """Whether anything reads that column; a rule table may read any."""
        return self.rules is not None or any(column in _columns(formula) for formula in self._formulas)

    @property
    def _formulas(self) -> tuple[Formula, ...]:
        return (*self.one_order.formulas, *self.order.formulas, *self.line.formulas)

    def unknown_columns(self, header: Sequence[str]) -> Iterator[Problem]:
        """A finding for every column that a formula reads and the file does not have."""
        for formula in self._formulas:
            for column in _columns(formula):
                if column not in header:
                    message = f"`{formula.path or 'one_order'}` reads the column `{column}`, which is not there"
                    mend = did_you_mean(column, header) or f"the file has: {', '.join(header)}"
                    yield Problem("M006", message, formula.place, mend)


def _columns(formula: Formula) -> Iterator[str]:
    for read in formula.expression.reads:
        root, column = (*read.path, None)[:2]
        if root == "row" and isinstance(column, str):
            yield column


def _read(document: Document, folders: Sequence[Path]) -> ColumnMap:
    problems = list(misshapen(document))
    if problems:
        raise ProblemsError(problems)
    data = document.data
    fields = {key: read_fields(document, (key,), _KNOWN, problems) for key in FORMULAS}
    problems += [*_unknown_fields(document, "order", Order), *_unknown_fields(document, "line", Line)]
    zone = _zone(document, problems)
    rules = _rules(document, folders, problems)
    stop_at = _share(document, problems)
    if problems:
        raise ProblemsError(problems)
    numbers, dates = data.get("numbers") or {}, data.get("dates") or {}
    return ColumnMap(
        name=str(data.get("columns", "columns")), rules=rules, **fields,
        separator=data.get("separator"), encoding=data.get("encoding"), decimal=str(numbers.get("decimal", ".")),
        thousands=str(numbers.get("thousands", "")), date_format=dates.get("format"), zone=zone,
        sheet=data.get("sheet"), stop_at=stop_at,
    )


def _unknown_fields(document: Document, key: str, model: Any) -> Iterator[Problem]:
    for name in document.data[key]:
        if name not in model.model_fields:
            mend, what = did_you_mean(name, model.model_fields), "an order" if key == "order" else "a line"
            yield Problem("M003", f"{what} has no field `{name}`", document.key_place((key, name)), mend)


def _zone(document: Document, problems: list[Problem]) -> ZoneInfo:
    name = str((document.data.get("dates") or {}).get("zone", "UTC"))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = document.place(("dates", "zone"))
        problems.append(Problem("M003", f"`{name}` is no time zone of IANA", place, "such as Europe/London"))
        return ZoneInfo("UTC")


def _share(document: Document, problems: list[Problem]) -> Decimal | None:
    said = document.data.get("stop_at")
    if said is None:
        return None
    found = _SHARE.fullmatch(str(said))
    if found and Decimal(found[1]) <= 100:
        return Decimal(found[1]) / 100
    place = document.place(("stop_at",))
    problems.append(Problem("M003", "`stop_at` is a share of the file's rows, from 0% to 100%", place, "such as 20%"))
    return None


def _rules(document: Document, folders: Sequence[Path], problems: list[Problem]) -> DecisionTable | None:
    if "rules" not in document.data:
        return None
    try:
        table = DecisionTable.load_setting(document.data["rules"], document.place(("rules",)), folders)
    except ProblemsError as error:
        problems += error.problems
        return None
    if "keep" not in table.outcome_words:
        message = "the table of a column map needs an `outcome` column with the word `keep`"
        problems.append(Problem("M003", message, document.place(("rules",)), "rows of that outcome are order lines"))
    return table
