"""EDIFACT's envelope: UNB, UNG, UNH in; groups and messages out, each with what is wrong with it.

Error codes are those of data element 0085 of ISO 9735 (CONTRL), read November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .envelope import Fault, Group, Interchange, Level, Message
from .segments import Segment, tokenize
from .separators import of_una
from .texts import CHARACTER_SETS, Stretch

_RELEASE = re.compile(r"[DS]:\d\d[AB]\b|\d{1,2}:9\d\d\b|[12]:9\d\d?\b|D:9\d\b")
_AGAIN = "let the partner send the whole interchange again"


def read(stretch: Stretch) -> Interchange:
    """The interchange at the beginning of a stretch."""
    separators = of_una(stretch.text)
    start = 9 if stretch.text.startswith("UNA") else 0
    segments = tokenize(stretch.text, separators, start)
    header = next(segments, None) or Segment("UNB", start, 1, separators)
    whole = _header(Interchange("edifact", separators, stretch, header))
    _Walk(whole).go(segments)
    return whole


def _header(whole: Interchange) -> Interchange:
    unb = whole.header
    whole.version = f"{unb.get(1, 1)}:{unb.get(1, 2)}"
    whole.sender, whole.sender_qualifier = unb.get(2, 1), unb.get(2, 2)
    whole.receiver, whole.receiver_qualifier = unb.get(3, 1), unb.get(3, 2)
    whole.date, whole.time = unb.get(4, 1), unb.get(4, 2)
    whole.control, whole.test, whole.wants_answer = unb.get(5, 1), unb.get(11) == "1", unb.get(9) == "1"
    whole.faults += _odd_header(whole, unb)
    return whole


def _odd_header(whole: Interchange, unb: Segment) -> Iterator[Fault]:
    odd = whole.separators.odd
    if odd:
        said = f"the {odd} separator cannot be `{getattr(whole.separators, odd)}`".replace("\n", "⏎")
        yield Fault("V701", "interchange", "22", said, unb, mend="UNA names six characters of different meaning")
    level = unb.get(1, 1)
    if level not in CHARACTER_SETS:
        said = f"the syntax level `{level}` is none that is known"
        yield Fault("V705", "interchange", "2", said, unb, 1, 1, f"known are {', '.join(CHARACTER_SETS)}")
    if not whole.control:
        yield Fault("V701", "interchange", "13", "UNB holds no control reference", unb, 5)
    if not whole.sender:
        yield Fault("V701", "interchange", "13", "UNB names no sender", unb, 2)


class _Walk:
    """The segments of one interchange, sorted into groups and messages."""

    def __init__(self, whole: Interchange) -> None:
        self.whole = whole
        self.group: Group | None = None
        self.message: Message | None = None
        self.met = 0

    def go(self, segments: Iterator[Segment]) -> None:
        service = {"UNG": self._ung, "UNH": self._unh, "UNT": self._unt, "UNE": self._une}
        for segment in segments:
            if segment.tag == "UNZ":
                self._unz(segment)
                rest = next(segments, None)
                self.whole.after = self.whole.stretch.text[rest.offset :] if rest else ""
                return
            service.get(segment.tag, self._other)(segment)
        self._close_group()
        said = f"the interchange ends without its trailer UNZ+…+{self.whole.control}"
        self.whole.faults.append(Fault("V702", "interchange", "13", said, self.whole.header, tag="UNZ", mend=_AGAIN))

    def _ung(self, ung: Segment) -> None:
        self._close_group()
        self.group = Group(ung.get(1), ung.get(5), ung.get(7), ung.get(2, 1), ung.get(3, 1), ung)
        self.whole.groups.append(self.group)

    def _unh(self, unh: Segment) -> None:
        self._close_message()
        if self.group is None:
            self.group = self._without_group(unh)
        self.met += 1
        told = unh.components(2)
        self.message = Message(told[0], unh.get(1), ":".join(told[1:]), [unh], place=self.met)
        self.group.messages.append(self.message)
        if not _RELEASE.match(self.message.version):
            said = f"UNH says version `{self.message.version}`, which is no directory of EDIFACT"
            fault = Fault("V705", "message", "12", said, unh, 2, 2, "such as D:96A:UN")
            self.message.faults.append(fault)

    def _without_group(self, unh: Segment) -> Group:
        grouped = [group for group in self.whole.groups if group.header is not None]
        if grouped:
            said = "a message stands outside of the groups of its interchange"
            self.whole.faults.append(Fault("V706", "interchange", "30", said, unh, mend="UNG opens a group"))
        group = next((group for group in self.whole.groups if group.header is None), None) or Group()
        if group not in self.whole.groups:
            self.whole.groups.append(group)
        return group

    def _unt(self, unt: Segment) -> None:
        if self.message is None:
            self._lost(unt)
            return
        self.message.segments.append(unt)
        count = len(self.message.segments)
        self.message.faults += _compared("UNT", unt, count, self.message.control, "message")
        self.message = None

    def _une(self, une: Segment) -> None:
        self._close_message()
        if self.group is None or self.group.header is None:
            self._lost(une)
            return
        self.group.told = int(une.get(1)) if une.get(1).isdecimal() else None
        self.group.faults += _compared("UNE", une, len(self.group.messages), self.group.control, "group")
        self.group = None

    def _unz(self, unz: Segment) -> None:
        self._close_group()
        grouped = any(group.header is not None for group in self.whole.groups)
        count = len(self.whole.groups) if grouped else self.met
        self.whole.faults += _compared("UNZ", unz, count, self.whole.control, "interchange")

    def _other(self, segment: Segment) -> None:
        if self.message is not None:
            self.message.segments.append(segment)
        else:
            self._lost(segment)

    def _lost(self, segment: Segment) -> None:
        said = f"`{segment.tag[:12]}` stands outside of a message"
        mend = "UNH opens a message: it is missing or misspelt"
        self.whole.faults.append(Fault("V706", "interchange", "33", said, segment, mend=mend))

    def _close_message(self) -> None:
        if self.message is not None:
            said = f"message {self.message.control} ends without its trailer UNT"
            first = self.message.segments[0]
            self.message.faults.append(Fault("V702", "message", "13", said, first, tag="UNT", mend=_AGAIN))
            self.message = None

    def _close_group(self) -> None:
        self._close_message()
        if self.group is not None and self.group.header is not None:
            said = f"group {self.group.control} ends without its trailer UNE"
            self.group.faults.append(Fault("V702", "group", "13", said, self.group.header, tag="UNE", mend=_AGAIN))
        self.group = None


def _compared(tag: str, trailer: Segment, count: int, control: str, level: Level) -> Iterator[Fault]:
    what = {"UNT": "segments", "UNE": "messages", "UNZ": "groups or messages"}[tag]
    told = trailer.get(1)
    if not told.isdecimal() or int(told) != count:
        said = f"{tag} counts `{told}` {what}, and there are {count}"
        yield Fault("V704", level, "29", said, trailer, 1, mend=_AGAIN)
    if trailer.get(2) != control:
        said = f"{tag} refers to `{trailer.get(2)}`, and the header's reference is `{control}`"
        yield Fault("V703", level, "28", said, trailer, 2, mend=_AGAIN)
