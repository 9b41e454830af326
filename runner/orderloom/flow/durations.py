"""Texts like `30s`, `8h`, `PT2H` and `4x 2s..5m` in; durations and retry plans out.

ValueError      the text is neither; the message says what is wanted
"""

from __future__ import annotations

import re
from datetime import timedelta

from orderloom.flow.model import Retry

WANTED = "a whole number with its unit: 30s, 5m, 8h or 2d"
WANTED_RETRY = "how often, then the first and the longest pause: `4x 2s..5m`"
MOST_RETRIES = 50  # a retry that never ends is no retry: what fails fifty times needs a person
LONGEST = timedelta(days=3660)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SHORT = re.compile(r"([0-9]{1,9})([smhd])")
_ISO = re.compile(r"P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?")
_RETRY = re.compile(r"([0-9]{1,9})x(?: +(\S+?)\.\.(\S+))?")


def parse_duration(text: str) -> timedelta:
    """A positive duration of up to ten years, short (`30s`) or ISO 8601 without years and months (`PT30S`)."""
    found = _short(text) or _iso(text)
    if found is None:
        raise ValueError(WANTED)
    if not timedelta(0) < found <= LONGEST:
        raise ValueError("something longer than nothing and at most ten years")
    return found


def parse_retry(text: str) -> Retry:
    """`4x 2s..5m`; `0x` takes a retry that the flow's defaults would give back again."""
    match = _RETRY.fullmatch(text.strip())
    if match is None or (match[2] is None) != (int(match[1]) == 0):
        raise ValueError(WANTED_RETRY)
    times = int(match[1])
    if times == 0:
        return Retry(0, timedelta(0), timedelta(0))
    if times > MOST_RETRIES:
        raise ValueError(f"at most {MOST_RETRIES} further attempts, such as `4x 2s..5m`")
    try:
        first, most = parse_duration(match[2]), parse_duration(match[3])
    except ValueError as error:
        raise ValueError(WANTED_RETRY) from error
    if first > most:
        raise ValueError("a first pause that is no longer than the longest, such as `4x 2s..5m`")
    return Retry(times, first, most)


def format_duration(value: timedelta) -> str:
    """The shortest way to write it: `90s`, `8h`, `2d`."""
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _short(text: str) -> timedelta | None:
    match = _SHORT.fullmatch(text)
    return _made({_UNITS[match[2]]: int(match[1])}) if match else None


def _iso(text: str) -> timedelta | None:
    match = _ISO.fullmatch(text)
    if match is None or text in {"P", "PT"}:
        return None
    return _made(
        {
            unit: int(part or 0)
            for unit, part in zip(("days", "hours", "minutes", "seconds"), match.groups(), strict=True)
        }
    )


def _made(parts: dict[str, int]) -> timedelta:
    try:
        return timedelta(**parts)
    except OverflowError:
        return timedelta.max
