"""When somebody may be written to: hours of the night in, the next moment that is none of theirs out.

The clock is that of where they live. Where a country has several zones and the address does not tell which, a moment
counts as night if it is night in any of them. Zones are those of the IANA database (zone.tab); states of the United
States, Canada and Australia have the zone in which most of their people live.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from orderloom.model import Address

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_REGIONS = {
    "America/New_York": "US CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "US AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "US CO ID MT NM UT WY",
    "America/Phoenix": "US AZ",
    "America/Los_Angeles": "US CA NV OR WA",
    "America/Anchorage": "US AK",
    "Pacific/Honolulu": "US HI",
    "America/Toronto": "CA ON QC NU",
    "America/Halifax": "CA NB NS PE",
    "America/St_Johns": "CA NL",
    "America/Winnipeg": "CA MB",
    "America/Regina": "CA SK",
    "America/Edmonton": "CA AB NT",
    "America/Vancouver": "CA BC",
    "America/Whitehorse": "CA YT",
    "Australia/Sydney": "AU NSW ACT",
    "Australia/Melbourne": "AU VIC",
    "Australia/Brisbane": "AU QLD",
    "Australia/Adelaide": "AU SA",
    "Australia/Darwin": "AU NT",
    "Australia/Perth": "AU WA",
    "Australia/Hobart": "AU TAS",
    "Europe/Berlin": "DE",  # zone.tab has Büsingen too, whose clocks are the same
    "Europe/Madrid": "ES",  # most of it; of the Canaries below
    "Atlantic/Canary": "ES TF GC",
    "Europe/Lisbon": "PT",
    "Asia/Shanghai": "CN",  # the one legal time of all China
    "Pacific/Auckland": "NZ",
}


@dataclass(frozen=True)
class Quiet:
    """From when to when nobody is written to; over midnight where it ends before it begins."""

    begins: time
    ends: time

    def holds(self, moment: datetime, zone: ZoneInfo) -> bool:
        at = moment.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def over(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The next end of it, in UTC."""
        local = moment.astimezone(zone)
        day = local.date() if local.time() < self.ends else local.date() + timedelta(days=1)
        return datetime.combine(day, self.ends, tzinfo=zone).astimezone(UTC)


def _quiet(value: object) -> Quiet:
    if isinstance(value, Quiet):
        return value
    found = _HOURS.fullmatch(str(value).replace(" ", ""))
    if not found or found[1] + found[2] == found[3] + found[4]:
        raise ValueError("hours such as 21:00-08:00")
    return Quiet(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))


QuietHours = Annotated[Quiet, BeforeValidator(_quiet, json_schema_input_type=str)]


def may_write_at(now: datetime, quiet: Quiet, address: Address | None) -> datetime:
    """`now`, or the first moment after it at which it is night nowhere where they may live."""
    zones, moment = zones_of(address), now
    for _ in range(2 * len(zones)):
        night = next((zone for zone in zones if quiet.holds(moment, zone)), None)
        if night is None:
            return moment
        moment = quiet.over(moment, night)
    return quiet.over(now, zones[0])  # it is always night in one of them


def zones_of(address: Address | None) -> Sequence[ZoneInfo]:
    """The zones that the address may lie in; UTC where nothing is known."""
    if address is None or not address.country_code:
        return (ZoneInfo("UTC"),)
    country = address.country_code
    names = _by_region().get((country, address.region_code or "")) or _by_region().get((country, ""))
    return tuple(ZoneInfo(name) for name in ((names,) if names else _by_country().get(country, ("UTC",))))


@cache
def _by_region() -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for zone, told in _REGIONS.items():
        country, *regions = told.split()
        found |= {(country, region): zone for region in regions or [""]}
    return found


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    zones: dict[str, list[str]] = defaultdict(list)
    for row in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            country, _, zone, *_ = row.split("\t")
            zones[country].append(zone)
    return {country: tuple(found) for country, found in zones.items()}
