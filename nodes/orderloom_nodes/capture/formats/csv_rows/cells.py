"""A cell of a sheet in, the text out that an export as CSV would have held; numbers and days as the map writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))
EXCEL = "excel"  # as a format of dates: the number of a day, as spreadsheets count them
_FIRST = datetime(1899, 12, 30)
_DAYS = (61, 2_958_466)  # before, the year 1900 has a 29 February; after, no year of ours


def cell_text(value: Any, decimal: str, date_format: str | None) -> str:
    """What a person sees, in full: 15 digits, the most that a spreadsheet keeps of a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value).replace(".", decimal)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if date_format in (None, EXCEL) else value.strftime(str(date_format))
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()


def _number(value: float) -> str:
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    found = Decimal(format(value, ".15g"))
    if abs(found) >= 10**15:  # digits are lost: written so that whoever reads an article's number sees it
        return format(float(value), "e")
    return format(found.to_integral_value() if found == found.to_integral_value() else found, "f")


def day_of(number: Decimal) -> datetime | None:
    """The moment that a spreadsheet counts as so many days, without a zone; None for what is no such number."""
    if not _DAYS[0] <= number < _DAYS[1]:
        return None
    seconds = (number % 1 * 86_400).to_integral_value()
    return _FIRST + timedelta(days=int(number // 1), seconds=int(seconds))
