"""Moments and spans as a person reads them: local time, and the largest unit."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def ago(span: timedelta) -> str:
    """`3 d`, `2 h`, `20 min`, `8 s`."""
    seconds = max(int(span.total_seconds()), 0)
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def moment(at: datetime) -> str:
    """By the clock of this machine."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
