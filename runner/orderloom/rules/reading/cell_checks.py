"""Constants of an input cell in, findings out where they can never meet a fact of the column."""

from __future__ import annotations

from decimal import Decimal

from orderloom.rules.columns import Input, is_whole
from orderloom.rules.constants import Constants, Interval
from orderloom.rules.kinds import TEXT
from orderloom.rules.reading.literals import PYTHON_TYPES, listed, plain
from orderloom.rules.reading.reporting import CellReport


def check_constants(column: Input, constants: Constants, report: CellReport) -> bool:
    """Whether the cell may be evaluated: its constants have the column's type and no interval is impossible."""
    if column.kind.name not in PYTHON_TYPES:
        return True
    if not _of_the_type(column, constants, report):
        return False
    for value in constants.values:
        if value is not None:
            _check_value(column, value, report)
    possible = [_check_interval(column, interval, report) for interval in constants.intervals]
    return all(possible)


def expected(column: Input) -> str:
    """How a cell of this column looks, by example."""
    examples = {
        "number": "<= 5, (0..30] or 1, 2",
        "boolean": "true or false",
        "text": "US, CA or not(US)" if column.bare_words else '"US", "CA" or not("US")',
        "date": ">= 2026-03-02 or [2026-01-01..2026-03-31]",
        "time": "< 14:00:00",
        "date and time": ">= 2026-03-02T10:00:00Z",
        "days and time duration": "<= P3D",
        "years and months duration": "> P1Y",
    }
    return f"a cell of this column looks like {examples.get(column.kind.name, 'list contains(?, 5)')}"


def _of_the_type(column: Input, constants: Constants, report: CellReport) -> bool:
    ends = [end for interval in constants.intervals for end in (interval.low, interval.high)]
    for value in (*constants.values, *ends):
        if value is not None and type(value) not in PYTHON_TYPES[column.kind.name]:
            given = (
                "text" if isinstance(value, str) else "a number" if type(value) in {int, Decimal} else "another type"
            )
            report.add("D011", f"`{plain(value)}` is {given}, {column.wanted} is expected", expected(column))
            return False
    return True


def _check_value(column: Input, value: object, report: CellReport) -> None:
    if column.values and value not in column.values:
        report.not_allowed(value, column.values)
    elif column.whole and not is_whole(value):
        message = f"{plain(value)} is no whole number, and the column has no others: no fact can meet it"
        report.add("D013", message, "write a whole number, or take `whole: true` from the column")
    elif column.bounds is not None and not _meet(Interval(value, value), column.bounds):
        _outside(column, plain(value), report)


def _check_interval(column: Input, interval: Interval, report: CellReport) -> bool:
    if not column.kind.ordered and column.kind is not TEXT:
        report.add("D011", f"`{report.text}` is a range, {column.wanted} is expected", expected(column))
        return False
    try:
        empty = interval.empty
    except TypeError:  # times with and without an offset: FEEL cannot order them either
        report.add("D014", f"the ends of `{report.text}` cannot be compared", "give both an offset, or neither")
        return False
    if not empty and column.whole and interval.of_wholes().empty:
        report.add("D014", f"no whole number lies in `{report.text}`", "the column has no others: widen it")
        return False
    if empty:
        help_ = "the smaller end comes first, and both brackets are square where the ends are equal"
        report.add("D014", f"nothing lies in `{report.text}`", help_)
        return False
    if column.bounds is not None and not _meet(interval, column.bounds):
        _outside(column, f"`{report.text}`", report)
    if column.values and not any(_meet(interval, Interval(value, value)) for value in column.values):
        message = f"`{report.text}` meets none of the column's values: {listed(column.values)}"
        report.add("D013", message, "ask for some of them, or add to `values`")
    return True


def _outside(column: Input, what: str, report: CellReport) -> None:
    message = f"{what} lies outside the column's range {column.bounds}: no fact can meet it"
    report.add("D013", message, "ask for what lies inside, or widen `range`")


def _meet(one: Interval, other: Interval) -> bool:
    """Times with and without an offset do not compare, and so do not meet."""
    try:
        return one.meets(other)
    except TypeError:
        return False
