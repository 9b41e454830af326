"""One or many: UBL lets most parts come again, and a part that came once stands alone. Amounts with their currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, tzinfo
from typing import Any

from orderloom.model import Money

from ...clock import moment_at
from ...problems import Findings, shown
from ...reading import Reading

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_FRACTION = re.compile(r"\.\d+", re.ASCII)


def many(read: Reading | None, name: str) -> Iterator[Reading]:
    """Each part of that name, whether one or several came."""
    if read is None:
        return
    value = read.data.get(name)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield _part(item, (*read.path, name, number), read.findings)
    elif value is not None:
        yield _part(value, (*read.path, name), read.findings)


def first(read: Reading | None, *names: str) -> Reading | None:
    """The first part at the end of the way."""
    for name in names:
        read = next(many(read, name), None)
    return read


def _part(value: Any, path: tuple[str | int, ...], findings: Findings) -> Reading:
    return Reading(value if isinstance(value, dict) else {"": value}, path, findings)


def texts(read: Reading | None, name: str) -> list[str]:
    """Every text of that name that says something."""
    value = read.data.get(name) if read is not None else None
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one]


def text(read: Reading | None, *names: str) -> str | None:
    """The first text at the end of the way."""
    *way, last = names
    found = texts(first(read, *way) if way else read, last)
    return found[0] if found else None


def money(
    read: Reading | None, name: str, currency: str, *, payable: bool = False, signed: bool = True
) -> Money | None:
    """An amount in the order's currency; `currencyID` of another is a finding."""
    if read is None or not read.has(name) or not currency:
        return None
    own = read.data.get(f"{name}@currencyID") or currency
    if own != currency:
        message = f"`{{}}` is in {shown(own)} and the order in {currency}"
        read.find("V016", name, message, "all amounts of an order are in one currency")
        return None
    return read.money(name, currency, payable=payable, signed=signed)


def moment(read: Reading | None, day: str, hour: str, zone: tzinfo, otherwise: time) -> datetime | None:
    """A day and, where it is told, the time of it; in the channel's zone where the document names none."""
    told = text(read, day)
    if read is None or not told:
        return None
    at = text(read, hour)
    try:
        date = _day(told)
        clock = time.fromisoformat(_short(at)) if at else otherwise
    except ValueError:
        read.find("V017", day, f"`{{}}` is {shown(' '.join(filter(None, (told, at))))}, which is not in the calendar",
                  "a day is written as 2026-01-31, a time as 14:00:00 or 14:00:00+01:00")  # fmt: skip
        return None
    wall = datetime.combine(date.date(), clock.replace(tzinfo=None))
    found = moment_at(wall, clock.tzinfo or date.tzinfo or zone)
    if found is None:
        told = shown(" ".join(filter(None, (told, at))))
        read.find("V017", day, f"`{{}}` is {told}, which the clocks there leave out", "give the hour that was meant")
    return found


def _day(told: str) -> datetime:
    """A day of XML Schema, which may bear an offset of its own: 2026-01-31, 2026-01-31Z, 2026-01-31+01:00."""
    found = _DAY.fullmatch(told)
    if found is None:
        raise ValueError(told)
    return datetime.fromisoformat(f"{found[1]}T00:00:00{found[2] or ''}")


def _short(told: str) -> str:
    """Python reads at most six digits of a second."""
    return _FRACTION.sub(lambda found: found[0][:7], told)
