"""One message as it is read: values of its segments out, and what is wrong as faults in the standard's codes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from orderloom import Place, Problem

from ....edi.envelope import Fault, Group, Interchange, Message, line_and_column
from ....edi.segments import Segment

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)-?", re.ASCII)
_MOST = 10**15
_ACKNOWLEDGED = {  # by standard and level, with and without an element
    "x12": {"interchange": "TA1 note", "group": "AK905", "message": "AK502", "segment": "AK304", "element": "AK403"},
    "edifact": dict.fromkeys(("interchange", "group", "message", "segment", "element"), "CONTRL error"),
}
_WRONG = {"missing": ("1", "13"), "code": ("7", "12"), "date": ("8", "12"), "number": ("6", "37")}


@dataclass
class Told:
    """What a reader was told and found. `lenient`: counts and references that are wrong are notes."""

    whole: Interchange
    group: Group
    message: Message
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def find(
        self, kind: str, segment: Segment, element: int, said: str, mend: str = "", component: int = 0, code: str = ""
    ) -> None:
        """A finding about an element; `kind` is missing, code, date or number."""
        standard = _WRONG[kind][self.whole.syntax == "edifact"]
        ours = code or ("V708" if kind == "missing" else "V709")
        self.faults.append(Fault(ours, "segment", standard, said, segment, element, component, mend))

    def absent(self, tag: str, said: str, mend: str = "") -> None:
        """A segment that must be there is not."""
        standard = "13" if self.whole.syntax == "edifact" else "3"
        self.faults.append(Fault("V707", "segment", standard, said, self.message.segments[0], mend=mend, tag=tag))

    def required(self, segment: Segment, element: int, what: str, component: int = 0) -> str:
        """A value that must be there; empty after a finding."""
        found = segment.get(element, component)
        if not found:
            self.find("missing", segment, element, f"{segment.tag} holds no {what}", f"add the {what}", component)
        return found

    def number(self, segment: Segment, element: int, what: str, component: int = 0) -> Decimal | None:
        """A number with a point or a comma; None where there is none, or after a finding."""
        value = segment.get(element, component)
        if not value:
            return None
        if not _NUMBER.fullmatch(value) or len(value) > 40:
            said = f"the {what} is `{value[:40]}`, which is no number"
            self.find("number", segment, element, said, "digits with one point", component)
            return None
        bare = value.rstrip("-").replace(",", ".").removeprefix("+")
        read = -Decimal(bare) if value.endswith("-") else Decimal(bare)
        if abs(read) >= _MOST:
            self.find("number", segment, element, f"the {what} is beyond 15 digits", "", component)
            return None
        return read

    def units(self, segment: Segment, element: int, what: str, component: int = 0, least: int = 1) -> int | None:
        """A whole number of units; None where there is none, or after a finding."""
        value = self.number(segment, element, what, component)
        if value is None:
            return None
        if value % 1 or not least <= value <= 1_000_000:
            said = f"the {what} is {value:f}: a line has whole units, {least} to 1,000,000"
            self.find("number", segment, element, said, "order whole units", component)
            return None
        return int(value)

    def moment(
        self, segment: Segment, element: int, date: str, time: str = "", *, late: bool = False
    ) -> datetime | None:
        """An X12 date and time (CCYYMMDD or YYMMDD, HHMM…) as UTC; `late`: a day without a time is its end."""
        try:
            return moment(date, time, late=late) if date else None
        except ValueError:
            said = f"{segment.tag} holds `{date} {time}`".rstrip(" `") + "`, which is not in the calendar"
            self.find("date", segment, element, said, "a date is CCYYMMDD")
            return None

    def header(self) -> dict[str, Any]:
        """Where the message came from, for the order's metadata and for answers to it."""
        whole, group = self.whole, self.group
        partner = {"id": whole.sender, "qualifier": whole.sender_qualifier, "group": group.sender}
        us = {"id": whole.receiver, "qualifier": whole.receiver_qualifier, "group": group.receiver}
        found = {
            "syntax": whole.syntax,
            "version": whole.version,
            "message": self.message.kind,
            "message_version": self.message.version,
            "interchange": whole.control,
            "group": group.control,
            "control": self.message.control,
            "from": _filled(partner),
            "to": _filled(us),
            "test": whole.test,
        }
        return _filled(found)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, {}, [], False)}


def moment(date: str, time: str = "", *, late: bool = False) -> datetime:
    """CCYYMMDD or YYMMDD with HHMM, HHMMSS or more behind it, as UTC. Raises ValueError. Years below 50 are 20YY."""
    if not date.isdecimal() or not date.isascii() or (time and not (time.isdecimal() and time.isascii())):
        raise ValueError(date)
    if len(date) == 6:
        date = ("20" if date < "500101" else "19") + date
    if len(date) != 8:
        raise ValueError(date)
    day = datetime.strptime(date, "%Y%m%d").replace(tzinfo=UTC)
    if not time:
        return day + timedelta(hours=23, minutes=59, seconds=59) if late else day
    if len(time) < 4 or time[:2] > "24" or time[2:4] > "59" or time[4:6] > "60":
        raise ValueError(time)
    return day + timedelta(hours=int(time[:2]), minutes=int(time[2:4]), seconds=int(time[4:6] or 0))


def problem(
    fault: Fault, whole: Interchange, file: str, group: Group | None = None, message: Message | None = None
) -> Problem:
    """A fault as a finding of ours: interchange, group, message, segment and element, and the standard's reason."""
    within = [f"interchange {whole.control or '?'}"]
    if group is not None and group.header is not None:
        within.append(f"group {group.control or '?'}")
    if message is not None:
        within.append(f"message {message.control or '?'}")
    if fault.segment is not None:
        number = fault.segment.number
        if message is not None and fault.segment in message.segments:
            number = message.segments.index(fault.segment) + 1
        within.append(f"segment {number} ({fault.segment.tag[:6]})")
        within += (
            [f"element {fault.element}" + (f".{fault.component}" if fault.component else "")] if fault.element else []
        )
    line, column, end = line_and_column(whole.stretch, fault.segment)
    said = f"{fault.said}{reason(fault, whole)}; {', '.join(within)}"
    return Problem(fault.code, said, Place(file, line, column, max(end, column + 1)), _mend(fault) or None)


def _mend(fault: Fault) -> str:
    if not fault.counts:
        return fault.mend
    return f"{fault.mend or 'correct it'}; from one that never counts right `envelope: lenient` takes it"


def reason(fault: Fault, whole: Interchange) -> str:
    """The code that the standard's acknowledgement gives, in brackets; nothing where it has none."""
    names = _ACKNOWLEDGED.get(whole.syntax)
    if names is None or not fault.standard:
        return ""
    level = "element" if fault.level == "segment" and fault.element else fault.level
    return f" ({names[level]} {fault.standard})"
