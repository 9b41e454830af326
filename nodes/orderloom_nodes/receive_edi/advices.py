"""A warehouse's 945 in; what it sent of an order of ours, and what it picked short, out.

Element positions are those of X12 004010, written down November 2026.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orderloom import PassedOver, Place, Problem, Unreadable
from orderloom_nodes.capture.formats.edi import Envelope, grave, problem
from orderloom_nodes.capture.formats.edi.articles import article
from orderloom_nodes.capture.formats.edi.told import Told
from orderloom_nodes.edi.answers import Advice, AdviceLine, Partner
from orderloom_nodes.edi.envelope import Group, Interchange, Message
from orderloom_nodes.edi.interchanges import Loose, interchanges
from orderloom_nodes.edi.segments import Segment

_TRACKING = {"2I", "CN", "BM"}  # N901: tracking, the carrier's reference, bill of lading


def advices(data: bytes, name: str, envelope: Envelope = "strict") -> Iterator[Advice | PassedOver | Unreadable]:
    """Every 945 of a file; at the end how many messages were of other kinds."""
    others: Counter[str] = Counter()
    for found in interchanges(data):
        if isinstance(found, Loose):
            mend = "nobody can tell which warehouse it is: let it send its envelope"
            yield Unreadable((Problem("V700", found.looks_like, Place(name, found.line, 1, 2), mend),), found.text)
        elif broken := grave(found.faults, envelope):
            problems = tuple(problem(fault, found, name) for fault in broken)
            yield Unreadable(problems, found.stretch.text)
        else:
            yield from _of_interchange(found, name, envelope, others)
    for reason, count in sorted(others.items()):
        yield PassedOver(reason, count)


def _of_interchange(
    whole: Interchange, name: str, envelope: Envelope, others: Counter[str]
) -> Iterator[Advice | Unreadable]:
    for group in whole.groups:
        for message in group.messages:
            if (whole.syntax, message.kind) != ("x12", "945"):
                others[f"{message.kind} of {whole.sender}: no shipping advice"] += 1
                continue
            yield _one(whole, group, message, name, envelope)


def _one(whole: Interchange, group: Group, message: Message, name: str, envelope: Envelope) -> Advice | Unreadable:
    told = Told(whole, group, message)
    told.faults += grave([*group.faults, *message.faults], envelope)
    advice = _Advice(told).read() if not told.faults else None
    if advice is not None:
        return advice
    problems = tuple(problem(fault, whole, name, group, message) for fault in told.faults)
    return Unreadable(problems, "\n".join(segment.raw for segment in message.segments))


class _Advice:
    """One 945 as it is gathered."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.head: dict[str, Any] = {}
        self.lines: list[dict[str, Any]] = []
        self.tracking: list[str] = []
        self.kept: list[str] = []
        self.number = ""
        self.readers = {
            "W06": self._w06, "N1": self._n1, "W27": self._w27, "LX": self._lx, "W12": self._w12, "N9": self._n9,
            "MAN": self._man, "G69": self._g69, "W03": self._w03,
        }  # fmt: skip

    def read(self) -> Advice | None:
        for segment in self.told.message.segments[1:-1]:
            self.readers.get(segment.tag, self._keep)(segment)
        if "order_number" not in self.head:
            self.told.absent("W06", "the advice has no W06, which says whose order it was", "W06 follows ST")
        if not self.lines:
            self.told.absent("W12", "the advice names no lines", "a W12 says what was shipped of a line")
        if self.told.faults:
            return None
        lines = tuple(AdviceLine(**line) for line in self.lines)
        short = tuple(line for line in lines if line.short > 0)
        whole = self.told.whole
        partner = Partner(id=whole.sender, qualifier=whole.sender_qualifier, group=self.told.group.sender)
        return Advice(
            **self.head, partner=partner, tracking_numbers=tuple(dict.fromkeys(self.tracking)), lines=lines,
            short=short, complete=not short, shipped=sum(line.shipped for line in lines), kept=tuple(self.kept),
        )  # fmt: skip

    def _keep(self, segment: Segment) -> None:
        self.kept.append(segment.raw)

    def _w06(self, w06: Segment) -> None:
        self.head = {
            "order_number": self.told.required(w06, 2, "order number"),
            "shipped_at": self.told.moment(w06, 3, w06.get(3)),
            "shipment_number": w06.get(4) or None, "purchase_order_number": w06.get(6) or None,
        }  # fmt: skip

    def _n1(self, n1: Segment) -> None:
        if n1.get(1) in {"SF", "WH"} and "warehouse" not in self.head:
            self.head["warehouse"] = n1.get(4) or n1.get(2) or None
        self._keep(n1)

    def _w27(self, w27: Segment) -> None:
        self.head["carrier"] = w27.get(2) or w27.get(3) or None

    def _lx(self, lx: Segment) -> None:
        self.number = lx.get(1)

    def _w12(self, w12: Segment) -> None:
        ordered = self.told.units(w12, 2, "ordered quantity", least=0)
        shipped = self.told.units(w12, 3, "shipped quantity", least=0)
        told_short = self.told.number(w12, 4, "difference")
        shipped = 0 if shipped is None else shipped
        if ordered is None:
            ordered = shipped + (abs(int(told_short)) if told_short is not None else 0)
        off = 1 if len(w12.get(7)) > 2 and len(w12.get(8)) == 2 else 0  # warehouses that write one too many
        case = w12.get(6 + off)
        found = article([(w12.get(7 + off), w12.get(8 + off)), ("UK" if len(case) == 14 else "UA", case)])
        line = {
            "line_id": self.number or str(len(self.lines) + 1), "sku": found["sku"], "gtin": found.get("gtin"),
            "status": w12.get(1), "ordered": ordered, "shipped": shipped, "short": max(0, ordered - shipped),
            "unit": w12.get(5), "lot": w12.get(9 + off) or None, "sscc": (),
        }  # fmt: skip
        self.lines.append(line)

    def _n9(self, n9: Segment) -> None:
        if n9.get(1) in _TRACKING:
            self.tracking.append(n9.get(2))
        elif n9.get(1) == "LV" and self.lines:
            self._sscc(n9.get(2))
        elif n9.get(1) == "LI" and self.lines:
            self.lines[-1]["line_id"] = n9.get(2)
        else:
            self._keep(n9)

    def _man(self, man: Segment) -> None:
        if man.get(1) == "GM" and self.lines:
            self._sscc(man.get(2))
        elif man.get(1) in {"CP", "SM"}:
            self.tracking.append(man.get(2))
        else:
            self._keep(man)

    def _sscc(self, value: str) -> None:
        plain = value[2:] if len(value) == 20 and value.startswith("00") else value
        self.lines[-1]["sscc"] = (*self.lines[-1]["sscc"], plain)

    def _g69(self, g69: Segment) -> None:
        if self.lines:
            self.lines[-1]["title"] = g69.get(1)

    def _w03(self, w03: Segment) -> None:
        told, shipped = self.told.number(w03, 1, "total of units"), sum(line["shipped"] for line in self.lines)
        if told is not None and told != shipped:
            said = f"W0301 counts {told:f} units, and the lines have {shipped}"
            self.told.find("code", w03, 1, said, "a line was lost on the way, or W03 is wrong", code="V704")
