"""One object of a payload, read member by member; what is amiss is gathered with its path, never raised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from orderloom import did_you_mean
from orderloom.model import MINOR_DIGITS, Money, minor_unit

from .problems import Findings, Path, shown

T = TypeVar("T")
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d*)?|-?\.\d+", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(?:([Zz]|UTC)|([+-]\d\d):?(\d\d))", re.ASCII
)
_TRUTH = {"true": True, "false": False, "TRUE": True, "FALSE": False, "1": True, "0": False}


class Reading:
    """A view of one JSON object. A member that is null counts as absent, and so does an empty text."""

    __slots__ = ("data", "findings", "path")

    def __init__(self, data: Mapping[str, Any], path: Path, findings: Findings) -> None:
        self.data, self.path, self.findings = data, path, findings

    def text(self, name: str) -> str | None:
        """A text; a number is taken as it is written."""
        value = self.data.get(name)
        if value is None or isinstance(value, str):
            return value or None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        self._wrong(name, "a text")
        return None

    def identity(self, name: str) -> str | None:
        """An id: a text or a whole number, as text."""
        value = self.data.get(name)
        if not isinstance(value, Decimal):
            return self.text(name)
        if value == value.to_integral_value():
            return str(int(value))
        self._wrong(name, "a whole number or a text")
        return None

    def required(self, name: str, known: Collection[str] = ()) -> str:
        """A text that must be there; empty after a finding. `known` are fields that are never misspellings."""
        if self.data.get(name) in (None, ""):
            self.missing(name, known)
        return self.text(name) or ""

    def flag(self, name: str, default: bool) -> bool:
        """True or false, also as the text of it."""
        value = self.data.get(name)
        if value is True or value is False:
            return value
        if value is None or value == "":
            return default
        if isinstance(value, str | int) and str(value) in _TRUTH:
            return _TRUTH[str(value)]
        self._wrong(name, "true or false")
        return default

    def whole(self, name: str) -> int | None:
        """A whole number, also as the text of it."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        self._wrong(name, "a whole number")
        return None

    def number(self, name: str) -> Decimal | None:
        """A number, also as the text of it, exactly as written."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and _AMOUNT.fullmatch(value):
            return Decimal(value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
        self._wrong(name, "a number")
        return None

    def money(self, name: str, currency: str, *, payable: bool = True, signed: bool = False) -> Money | None:
        """An amount; `payable` ones have no more digits than the currency, others up to 6."""
        value = self.data.get(name)
        if value is None or value == "" or not currency:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self._wrong(name, "an amount")
            return None
        found = _money(value, currency, payable)
        if isinstance(found, str):
            code = "V013" if "decimals" in found else "V012"
            self.find(code, name, f"`{{}}` is {shown(value)}: {found}", _amount_help(value))
            return None
        if found.amount < 0 and not signed:
            message = f"`{{}}` is {found.amount:f}: an amount here is never negative"
            self.find("V014", name, message, "correct it in the shop")
            return None
        return found

    def moment(self, name: str) -> datetime | None:
        """A date and time with its offset from UTC."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self.find("V017", name, f"`{{}}` is {shown(value)}, which is no date and time with an offset",
                      "it is written as 2026-01-31T14:00:00-05:00")
            return None
        year, month, day, time, utc, hours, minutes = found.groups()
        try:
            return datetime.fromisoformat(f"{year}-{month}-{day}T{time}{'+00:00' if utc else f'{hours}:{minutes}'}")
        except ValueError:
            self.find("V017", name, f"`{{}}` is {shown(value)}, which is not in the calendar")
            return None

    def word(self, name: str, words: Mapping[str, T], what: str) -> T | None:
        """One of the words the channel uses, in capitals or not, as ours; another word is a finding."""
        value = self.text(name)
        if value is None or value.lower() in words:
            return words[value.lower()] if value else None
        mend = did_you_mean(value, words) or f"known are {', '.join(words)}"
        self.find("V022", name, f"`{{}}` is {shown(value)}, which is no {what}", mend)
        return None

    def told(self, name: str) -> str:
        """A word of the channel's in small letters, for comparing; empty where there is none."""
        return (self.text(name) or "").lower()

    def part(self, name: str) -> Reading | None:
        """An object inside this one."""
        value = self.data.get(name)
        if value is None or value in ("", []):
            return None
        if isinstance(value, dict):
            return Reading(value, (*self.path, name), self.findings)
        self._wrong(name, "an object")
        return None

    def parts(self, name: str) -> Iterator[Reading]:
        """The objects of a list inside this one."""
        value = self.data.get(name)
        if value is None or value == "":
            return
        if not isinstance(value, list):
            self._wrong(name, "a list")
            return
        for number, item in enumerate(value):
            if isinstance(item, dict):
                yield Reading(item, (*self.path, name, number), self.findings)
            elif item is not None:
                message = f"`{{}}` should be an object, not {shown(item)}"
                self.findings.add("V011", (*self.path, name, number), message, "each entry is `{…}`")

    def aside(self) -> Reading:
        """The same object for what only helps: where that is odd it can be left out, and nothing is refused."""
        return Reading(self.data, self.path, Findings(self.findings.document))

    def has(self, name: str) -> bool:
        """Whether the member says anything."""
        value = self.data.get(name)
        return bool(value) or value not in (None, "", [], {})       # false and 0 do say something

    def missing(self, name: str, known: Collection[str] = ()) -> None:
        """Say that a member is missing, and which one may be meant."""
        others = [other for other in self.data if other not in known]
        self.findings.add("V010", (*self.path, name), "`{}` is missing", did_you_mean(name, others) or f"add `{name}`")

    def find(self, code: str, name: str, message: str, help: str | None = None) -> None:  # noqa: A002
        """A finding about a member."""
        self.findings.add(code, (*self.path, name), message, help)

    def _wrong(self, name: str, wanted: str) -> None:
        self.find("V011", name, f"`{{}}` should be {wanted}, not {shown(self.data[name])}")


@lru_cache(maxsize=16_384)
def _money(value: str | int | Decimal, currency: str, payable: bool) -> Money | str:
    if isinstance(value, str) and not _AMOUNT.fullmatch(value):
        return "that is no amount"
    amount = Decimal(value)
    if not amount.is_finite() or abs(amount) >= 10**15:
        return "that is beyond 15 digits"
    unit = minor_unit(currency)
    exact = amount if amount.same_quantum(unit) else amount.quantize(unit)
    if exact == amount:
        return Money(amount=exact, currency=currency)
    if payable:
        return f"{currency} has {MINOR_DIGITS[currency] or 'no'} decimals"
    fine = amount.quantize(Decimal("0.000001"))
    return Money(amount=fine, currency=currency) if fine == amount else "more than 6 decimals are no price"


def _amount_help(value: object) -> str | None:
    return "write it without signs for thousands, such as 1234.50" if isinstance(value, str) and "," in value else None
