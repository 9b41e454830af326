"""Rows in, orders out: rows that a rule leaves out are counted, and an order with a bad row is kept back whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from orderloom import NodeError, PassedOver, Place, Problem, ProblemsError, Unreadable
from orderloom.model import Order, order_identity

from ...clock import moment_at
from .cells import EXCEL, day_of
from .column_map import ColumnMap
from .figures import number
from .postal import restored
from .rows import Row, csv_line, read_rows
from .sheet import is_workbook, read_sheet

_NUMBERS = ("quantity", "unit_price")
_SHOWN_ROWS = 20  # of a file that is refused whole
_MANGLED = re.compile(r"\d([.,]\d+)?[eE]\+\d+|\d{4}-\d\d-\d\d 00:00:00")  # 1.23E+12, or a day that was MAR1


def read_orders(data: bytes, name: str, columns: ColumnMap, account: str) -> Iterator[Order | PassedOver | Unreadable]:
    """Every order of the file, and at its end how many rows each rule left out.

    With `stop_at` the file is read to its end before the first order is given, and refused whole where too many of its
    rows are bad or where it cannot be read to its end.
    """
    reading = _File(name, columns, account)
    if columns.stop_at is None:
        yield from reading.orders(data)
        return
    made = list(reading.orders(data))
    refusal = reading.refusal(columns.stop_at)
    yield from [refusal] if refusal else made


class _File:
    """One file as it is read, and how many of its rows are bad."""

    def __init__(self, name: str, columns: ColumnMap, account: str) -> None:
        self.name, self.columns, self.account = name, columns, account
        self.left_out: Counter[str] = Counter()
        self.rows = 0
        self.bad: dict[int, Problem] = {}  # line → the first thing that is wrong with it
        self.broken: tuple[Problem, ...] = ()

    def orders(self, data: bytes) -> Iterator[Order | PassedOver | Unreadable]:
        read = read_sheet if is_workbook(data) else read_rows
        try:
            for rows in _together(read(data, self.name, self.columns), self.columns):
                made = _Group(rows, self.name, self.columns, self.account, self.left_out).read()
                self._count(len(rows[2]), made)
                if made is not None:
                    yield made
        except ProblemsError as error:
            self.broken = error.problems
            yield Unreadable(error.problems)
        for reason, count in sorted(self.left_out.items()):
            yield PassedOver(reason, count)

    def refusal(self, stop_at: Decimal) -> Unreadable | None:
        """The whole file with what is wrong with its first bad rows; None where it can be taken."""
        if self.broken:
            return Unreadable(self.broken)
        if len(self.bad) <= stop_at * self.rows:
            return None
        share = f"{len(self.bad)} of {self.rows} rows are bad, which is more than {(stop_at * 100).normalize():f}%"
        mend = "correct it and give it again, or change `stop_at` in the column map"
        whole = Problem("V610", f"{share}: nothing of this file is taken", Place(self.name), mend)
        return Unreadable((whole, *list(self.bad.values())[:_SHOWN_ROWS]))

    def _count(self, rows: int, made: Order | Unreadable | None) -> None:
        self.rows += rows
        for problem in made.problems if isinstance(made, Unreadable) else ():
            self.bad.setdefault(problem.place.line, problem)


def _together(rows: Iterator[Row], columns: ColumnMap) -> Iterator[tuple[str, bool, list[Row]]]:
    """The rows of one order after another: its name, whether it was met before, its rows.

    A row with shifted cells does not say whose it is: it counts to the orders on both sides of it, so that neither is
    run without one of its lines. So does the place where a file breaks off.
    """
    met: set[str] = set()
    group: list[Row] = []
    loose: list[Row] = []  # shifted ones since the last row that is known to be of the group
    name = ""
    try:
        for row in rows:
            found = str(columns.one_order.evaluate({"row": row.cells}) or "")
            if row.problem and found != name:
                loose.append(row)
                continue
            if group and found != name:
                yield name, name in met, [*group, *_maybe_of(name, loose)]
                met.add(name)
                group = []
            group += [*_maybe_of(found, loose), row]
            name, loose = found, []
    except ProblemsError as error:
        if group or loose:
            yield name, name in met, [*group, *_maybe_of(name, loose), _broken_off(name, error)]
        raise
    if group or loose:
        yield name, name in met, [*group, *_maybe_of(name, loose)]


def _maybe_of(name: str, loose: Sequence[Row]) -> Iterator[Row]:
    for row in loose:
        assert row.problem is not None
        message = f"{row.problem.message}; it may be a line of order {name}, which is kept back"
        yield replace(row, problem=replace(row.problem, message=message) if name else row.problem)


def _broken_off(name: str, error: ProblemsError) -> Row:
    place = error.problems[0].place
    message = f"order {name} may go on from here, where the file cannot be read"
    return Row({}, place.line, "", Problem("V601", message, place, "mend the file and give it again"))


class _Group:
    """The rows of one order."""

    def __init__(
        self, rows: tuple[str, bool, list[Row]], file: str, columns: ColumnMap, account: str, left_out: Counter[str]
    ) -> None:
        self.name, self.again, self.rows = rows
        self.file, self.columns, self.account, self.left_out = file, columns, account, left_out
        self.problems: list[Problem] = []

    def read(self) -> Order | Unreadable | None:
        kept = [(row, line) for row in self.rows if (line := self._line(row)) is not None]
        if kept and not self.name:
            self._find(kept[0][0], "V603", "nothing says which order this row belongs to", "`one_order` gave no text")
        if kept and self.again:
            message = f"the rows of order {self.name} stand in two places of the file"
            self._find(kept[0][0], "V604", message, "sort the file by the column that `one_order` reads")
        order = self._order(kept) if kept and not self.problems else None
        if self.problems:
            header = max((row.cells for row in self.rows), key=len)
            text = "\n".join([csv_line(header), *(row.text for row in self.rows if row.text)])
            return Unreadable(tuple(self.problems), text)
        return order

    def _line(self, row: Row) -> dict[str, Any] | None:
        """The fields of a line; None where a rule leaves the row out or something is wrong with it."""
        if row.problem:
            self.problems.append(row.problem)
            return None
        line = self.columns.line.evaluate({"row": row.cells})
        read = {field: number(line.get(field), self.columns.decimal, self.columns.thousands) for field in _NUMBERS}
        before = len(self.problems)
        self._find_no_numbers(row, line, {field for field, value in read.items() if value is None and line.get(field)})
        if len(self.problems) > before or self._left_out(row, {**line, **read}):
            return None
        self._find_no_numbers(row, line, {field for field, value in read.items() if value is None})
        if _MANGLED.fullmatch(str(line.get("sku") or "")):
            self._find(row, "V606", f"the article {_shown(line['sku'])} was made a number by a spreadsheet",
                       "give the column the format text, and export it again", "sku")
        if read["quantity"] is not None and (read["quantity"] % 1 or read["quantity"] < 1):
            self._find(row, "V607", f"the quantity is {read['quantity']}: a line has whole units from 1 on",
                       "let a row of the table say what such a row is", "quantity")
        return None if len(self.problems) > before else {**line, **read}

    def _find_no_numbers(self, row: Row, line: Mapping[str, Any], fields: set[str]) -> None:
        for field in sorted(fields):
            told = f"`{field}` is {_shown(line.get(field))}, which is no number"
            self._find(row, "V605", told, self._figures(), field)

    def _left_out(self, row: Row, line: Mapping[str, Any]) -> bool:
        if self.columns.rules is None:
            return False
        try:
            decision = self.columns.rules.decide({"row": row.cells, "line": line})
        except NodeError as error:
            self._find(row, "V608", f"the table has no answer for this row: {error.message}", "add a row for it")
            return True
        if decision.outcome == "keep":
            return False
        outputs = decision.outputs if isinstance(decision.outputs, Mapping) else {}
        why = outputs.get("reasons") or outputs.get("why")
        self.left_out[f"{decision.outcome}: {why}" if why else decision.outcome] += 1
        return True

    def _order(self, kept: list[tuple[Row, dict[str, Any]]]) -> Order | None:
        first = kept[0][0]
        fields = self.columns.order.evaluate({"row": first.cells})
        fields["ordered_at"] = self._moment(first, fields.get("ordered_at"))
        self._find_lost_zeros(first, fields)
        currency = fields.get("currency") or "USD"
        lines, total = [], Decimal(0)
        for place, (_, line) in enumerate(kept, start=1):
            price = {"amount": str(line["unit_price"]), "currency": currency}
            made = {"line_id": str(place), **line, "quantity": int(line["quantity"]), "unit_price": price}
            lines.append({key: value for key, value in made.items() if value is not None})
            total += line["unit_price"] * int(line["quantity"])
        whole = {"grand_total": {"amount": str(total.normalize() + 0), "currency": currency}}
        known = {
            "order_id": order_identity("csv", self.account, self.name),
            "order_number": self.name,
            "channel": {"type": "csv", "account_id": self.account},
            "totals": whole,
            "payment": {"status": "unpaid"},
        }
        return self._validated(first, {**known, **_present(fields), "lines": lines})

    def _validated(self, row: Row, data: dict[str, Any]) -> Order | None:
        if self.problems:
            return None
        try:
            return Order.model_validate(_as_text(data))
        except ValidationError as error:
            for one in error.errors(include_url=False)[:10]:
                path = ".".join(str(part) for part in one["loc"])
                told = _shown(one["input"]) if not isinstance(one["input"], (dict, list)) else "missing or wrong"
                mend = "correct the row, or the formula in the column map"
                self._find(row, "V609", f"`{path}` cannot be {told}", mend)
            return None

    def _find_lost_zeros(self, row: Row, fields: Mapping[str, Any]) -> None:
        """A code that a spreadsheet took for a number: 02134 of Boston came as 2134, and is another place."""
        for name in ("shipping_address", "billing_address"):
            found = fields.get(name) or {}
            code, country = str(found.get("postal_code") or ""), str(found.get("country_code") or "")
            if whole := restored(code, country):
                self._find(row, "V611", f"`{name}.postal_code` is {_shown(code)}, which in {country} has lost a zero",
                           f"give the column the format text, and export it again: it may have been {whole}",
                           f"{name}.postal_code")

    def _moment(self, row: Row, value: Any) -> Any:
        if isinstance(value, datetime) or value is None:
            return value
        text = str(value)
        found = self._read_moment(row, text)
        if found is None:
            self._find(row, "V605", f"`ordered_at` is {_shown(text)}, which is no date written as {self._dates()}",
                       self._date_mend(text), "ordered_at")
            return None
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        moment = moment_at(found, self.columns.zone)
        if moment is None:
            self._find(row, "V605", f"`ordered_at` is {_shown(text)}, an hour that the clocks of {self.columns.zone}"
                       " leave out on that day", "give the hour that was meant", "ordered_at")
        return moment

    def _read_moment(self, row: Row, text: str) -> datetime | None:
        form = self.columns.date_format
        days = number(text, self.columns.decimal, "")
        if days is not None and (form == EXCEL or (form is None and row.sheet)):
            return day_of(days)
        try:
            return datetime.fromisoformat(text) if form in (None, EXCEL) else datetime.strptime(text, str(form))
        except ValueError:
            return None

    def _dates(self) -> str:
        form = self.columns.date_format
        return "a spreadsheet counts days" if form == EXCEL else form or "2026-01-31T14:00:00Z"

    def _date_mend(self, text: str) -> str:
        days = number(text, self.columns.decimal, "")
        if days is not None and self.columns.date_format != EXCEL and (day := day_of(days)) is not None:
            return f"a spreadsheet counts {day:%Y-%m-%d} so: `dates: {{format: excel}}` in the column map reads it"
        return "`dates: {format: …, zone: …}` in the column map says how dates are written"

    def _figures(self) -> str:
        return f"decimals stand behind `{self.columns.decimal}`: `numbers` in the column map says so"

    def _find(self, row: Row, code: str, message: str, mend: str, field: str = "") -> None:
        column = self.columns.column_of(field) if field else None
        told = f"{message} (column `{column}`)" if column and not row.sheet else message
        self.problems.append(Problem(code, told, row.place(self.file, column), mend))


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what nobody said: an empty cell is no value."""
    found = {}
    for name, value in fields.items():
        kept = _present(value) if isinstance(value, Mapping) else value
        if kept not in (None, "", {}):
            found[name] = kept
    return found


def _as_text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _as_text(member) for name, member in value.items()}
    return [_as_text(item) for item in value] if isinstance(value, list) else value


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
