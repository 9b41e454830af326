"""EDIFACT's dates (DTM) in, moments in UTC out; the formats are those of code list 2379, read November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from .told import moment

_ZONES = {  # the usual ones of ISO 9735's ZZZ, in hours
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "CES": 2,
    "EET": 2,
    "EES": 3,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "JST": 9,
    "HKT": 8,
    "SGT": 8,
    "IST": 5.5,
}


def read_date(value: str, form: str, *, late: bool = False) -> datetime:
    """One moment; of a period its end where `late`, else its beginning. Raises ValueError for what is no date.

    `late`: what names a day, a week or a month is its end.
    """
    if form in {"711", "713", "715", "717", "718", "719"} or (form not in _FORMS and "-" in value):
        begin, _, end = value.partition("-")
        half = end if late and end else begin
        return read_date(half, {8: "102", 6: "101", 12: "203", 10: "201"}.get(len(half), "102"), late=late)
    reader = _FORMS.get(form)
    if reader is None:
        raise ValueError(form)
    return reader(value, late)


def _day(value: str, late: bool) -> datetime:
    return moment(value, late=late)


def _minute(value: str, late: bool) -> datetime:  # noqa: ARG001 (all readers are called alike)
    cut = 6 if len(value) in (10, 12) and not value.startswith(("19", "20")) else 8
    if len(value) == 10 and cut == 8:
        cut = 6
    return moment(value[:cut], value[cut:])


def _long(value: str, late: bool) -> datetime:  # noqa: ARG001
    return moment(value[:8], value[8:])


def _zoned(value: str, late: bool) -> datetime:  # noqa: ARG001
    digits = value.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    zone = value[len(digits) :]
    if zone and zone not in _ZONES:
        raise ValueError(zone)
    return moment(digits[:8], digits[8:]) - timedelta(hours=_ZONES.get(zone, 0))


def _offset(value: str, late: bool) -> datetime:  # noqa: ARG001
    base, sign, shift = value[:12], value[12:13], value[13:17]
    if sign not in "+-" or not shift.isdecimal():
        raise ValueError(value)
    away = timedelta(hours=int(shift[:2]), minutes=int(shift[2:] or 0))
    return moment(base[:8], base[8:]) - (away if sign == "+" else -away)


def _week(value: str, late: bool) -> datetime:
    if len(value) != 6 or not value.isdecimal():
        raise ValueError(value)
    return _at(date.fromisocalendar(int(value[:4]), int(value[4:]), 7 if late else 1), late)


def _month(value: str, late: bool) -> datetime:
    if len(value) != 6 or not value.isdecimal():
        raise ValueError(value)
    first = date(int(value[:4]), int(value[4:]), 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return _at(following - timedelta(days=1) if late else first, late)


def _at(day: date, late: bool) -> datetime:
    return datetime.combine(day, time(23, 59, 59) if late else time(), UTC)


def _day_month(value: str, late: bool) -> datetime:
    if len(value) not in (6, 8):
        raise ValueError(value)
    return moment(value[4:] + value[2:4] + value[:2], late=late)


_FORMS = {
    "2": _day_month,
    "3": _day_month,
    "4": _day_month,
    "101": _day,
    "102": _day,
    "201": _minute,
    "202": _minute,
    "203": _long,
    "204": _long,
    "205": _offset,
    "303": _zoned,
    "304": _zoned,
    "610": _month,
    "616": _week,
    "": _day,
}
