"""Any value that may pass between steps, and what is to be the same of it once it was written and read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from pydantic import BaseModel

from orderloom.feel import MonthsDuration, Range
from orderloom.feel.making import duration_of, make_date, make_date_time, make_time
from orderloom.feel.wide import WideDateTime, WideTime

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
ADVERSE = st.sampled_from(
    ["\1d", "\1D", "\1s", "\1o", "\1m", "\1", "\1\1d", "\1r", "d", '"\1d', '\\"\1d', "", "\0", "outcome", "\1\1", "'"]
)
KEYS = TEXTS | ADVERSE
ZONES = st.one_of(
    st.none(),
    st.just(UTC),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    st.integers(-3600, 3600).map(lambda seconds: timezone(timedelta(seconds=seconds))),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Etc/UTC"]).map(ZoneInfo),
)
NUMBERS = st.one_of(
    st.booleans(),
    st.integers(-(10**34) + 1, 10**34 - 1),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
    st.sampled_from([Decimal("0.10"), Decimal("1E+3"), Decimal("-0"), Decimal("1E-6143"), Decimal("9.99")]),
    st.floats(),
)
NANOS = st.integers(0, 999_999_999)
WIDE_DATES = st.builds(make_date, st.integers(-999_999_999, 999_999_999), st.integers(1, 12), st.integers(1, 28))
TIMES = st.builds(make_time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), NANOS, ZONES)
WIDE_DATE_TIMES = st.builds(
    make_date_time,
    WIDE_DATES | st.dates(date(1, 1, 2), date(9999, 12, 30)),
    TIMES,
)
TEMPORAL = st.one_of(
    st.dates(),
    WIDE_DATES,
    TIMES,
    st.times(timezones=ZONES),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=ZONES),
    WIDE_DATE_TIMES,
    st.timedeltas(),
    st.integers(-(10**30), 10**30).map(duration_of),
    st.integers(-(10**9), 10**9).map(MonthsDuration),
)
SCALARS = st.one_of(st.none(), NUMBERS, TEXTS | ADVERSE, TEMPORAL)
RANGES = st.one_of(
    st.builds(Range, NUMBERS | TEMPORAL, NUMBERS | TEMPORAL, st.booleans(), st.booleans()),
    st.builds(Range, st.none(), NUMBERS, st.booleans(), st.booleans(), st.sampled_from(["<", "<=", ">", ">=", "="])),
)
VALUES = st.recursive(
    SCALARS | RANGES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def exactly(value: Any) -> Any:
    """The value with the type of each part of it; lists of either class are lists."""
    if isinstance(value, BaseModel):
        return (type(value), {name: exactly(getattr(value, name)) for name in type(value).model_fields})
    if isinstance(value, Mapping):
        return ("record", {name: exactly(member) for name, member in value.items()})
    if isinstance(value, (list, tuple)):
        return ("list", [exactly(item) for item in value])
    if isinstance(value, Range):
        bounds = [exactly(value.low), exactly(value.high)]
        return (Range, bounds, value.low_closed, value.high_closed, value.form)
    if isinstance(value, (time, datetime, WideTime, WideDateTime)):
        return (_class(value), str(value), value.utcoffset(), _zone(value.tzinfo))
    return (type(value), repr(value))


def _class(value: Any) -> type:
    return datetime if isinstance(value, datetime) else type(value)


def _zone(zone: Any) -> Any:
    return zone.key if isinstance(zone, ZoneInfo) else None
