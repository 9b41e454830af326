"""EDIFACT's ORDERS, and ORDCHG where it changes one, in; an order as it is gathered out.

Positions and code lists are those of the directories D.93A, D.96A and D.01B, written down November 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from ....edi.segments import Segment
from . import edifact_lines
from .draft import CANCELS, CHANGES, Draft
from .edifact_dates import read_date
from .edifact_parts import begin_party, number_of, party_continues
from .places import settle
from .told import Told

_PURPOSES = {  # 1225
    "": "original",
    "1": CANCELS,
    "2": CHANGES,
    "3": CHANGES,
    "4": CHANGES,
    "5": "replacement",
    "6": "confirmation",
    "7": "duplicate",
    "9": "original",
    "16": "proposed",
    "31": "copy",
    "42": "confirmation",
    "43": "additional",
    "46": "provisional",
}
_PROMISED = {  # 2005
    "2": "latest_delivery",
    "63": "latest_delivery",
    "69": "latest_delivery",
    "61": "latest_delivery",
    "76": "latest_delivery",
    "64": "earliest_delivery",
    "10": "ship_by",
    "38": "ship_by",
    "11": "ship_by",
    "200": "ship_by",
}
_TOTALS = ("86", "128", "9", "39")  # 5025: of the whole message
LATEST = {"latest_delivery", "ship_by"}


def read(told: Told, account: str) -> Draft:
    """Every segment of the message, each by the group that it stands in."""
    draft = Draft(told, account, otherwise="EUR")
    walk = _Walk(draft)
    for segment in told.message.segments[1:-1]:
        walk.take(segment)
    if not walk.begun:
        told.absent("BGM", "the message has no BGM, which says the order's number", "BGM follows UNH")
    walk.end()
    settle(draft)
    return draft


class _Walk:
    """Which group a segment stands in: header, party (NAD), allowance (ALC), tax (TAX), line (LIN) or summary (UNS)."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.told = draft, draft.told
        self.begun = self.summary = False
        self.line: dict[str, Any] | None = None
        self.party: dict[str, Any] | None = None
        self.charge: dict[str, Any] | None = None
        self.totals: dict[str, Decimal] = {}
        self.header: Mapping[str, Callable[[Segment], None]] = {
            "BGM": self._bgm,
            "DTM": self._dtm,
            "FTX": self._ftx,
            "RFF": self._rff,
            "NAD": self._nad,
            "CUX": self._cux,
            "PAT": self._pat,
            "TDT": self._tdt,
            "ALC": self._alc,
            "MOA": self._moa,
            "PCD": self._pcd,
            "TAX": self._tax,
            "CNT": self._cnt,
            "UNS": self._uns,
            "LIN": self._lin,
        }

    def take(self, segment: Segment) -> None:
        if self.party is not None and party_continues(segment, self.party):
            return
        if segment.tag != "NAD":
            self.party = None
        if segment.tag == "UNS":
            self.line = None
        if self.line is not None and segment.tag != "LIN":
            self._within_line(segment)
        else:
            self.header.get(segment.tag, self.draft.keep)(segment)

    def _within_line(self, segment: Segment) -> None:
        line = self.line or {}
        if segment.tag == "NAD":  # another place for this line alone
            self.party = begin_party(segment)
            self.draft.keep(segment, line)
        elif not edifact_lines.continues(segment, line, self.told):
            self.draft.keep(segment, line)

    def end(self) -> None:
        for line in self.draft.lines:
            edifact_lines.finish(line, self.told)
            self.draft.fees += line.pop("charges")
        for charge in [*self.draft.discounts, *self.draft.fees]:
            percent = charge.pop("percent", None)
            if "amount" not in charge:
                charge["amount"] = Decimal(0)
                self.told.notes.append(f"an allowance or charge of {percent or '?'} percent is told without its amount")
        self.draft.total = next((self.totals[code] for code in _TOTALS if code in self.totals), None)
        if self.begun and self.draft.ordered_at is None and not self.told.faults:
            self._dated_by_its_envelope()

    def _dated_by_its_envelope(self) -> None:
        self.draft.ordered_at = self.draft._sent_at()
        self.told.notes.append("the message has no date of its own (DTM+137): the interchange's stands for it")
        if self.draft.ordered_at is None:
            self.told.absent("DTM", "neither the message nor its interchange says when it was made", "DTM+137 says it")

    def _bgm(self, bgm: Segment) -> None:
        draft, told = self.draft, self.told
        self.begun = True
        draft.number = told.required(bgm, 2, "order number", 1)
        code = bgm.get(3, 1)
        if code not in _PURPOSES:
            said = f"the function `{code}` is none of an order's"
            told.find("code", bgm, 3, said, f"known are {', '.join(filter(None, _PURPOSES))}")
        draft.purpose = _PURPOSES.get(code, "original")
        if (bgm.get(1, 1) == "230" or told.message.kind == "ORDCHG") and not draft.revises:
            draft.purpose = CHANGES
        draft.said |= {"order_type": bgm.get(1, 1)} if bgm.get(1, 1) else {}
        draft.order["order_type"] = "sale" if bgm.get(1, 1) == "227" else "wholesale"

    def _dtm(self, dtm: Segment) -> None:
        code = dtm.get(1, 1)
        name = _PROMISED.get(code)
        found = _moment(dtm, self.told, late=name in LATEST)
        if code in {"137", "4"} and found is not None and (code == "137" or self.draft.ordered_at is None):
            self.draft.ordered_at = found
        elif name and found is not None:
            self.draft.promise.setdefault(name, found)
        else:
            self.draft.keep(dtm)

    def _ftx(self, ftx: Segment) -> None:
        text = " ".join(filter(None, ftx.components(4))) or ftx.get(3, 1)
        if text:
            self.draft.texts.append(text)

    def _rff(self, rff: Segment) -> None:
        kind, number = number_of(rff)
        if kind == "ON" and self.draft.revises and number:
            self.draft.said["document_number"] = self.draft.number
            self.draft.number = number  # a change bears a number of its own and refers to the order's
        self.draft.refer(kind, number)

    def _nad(self, nad: Segment) -> None:
        self.party = begin_party(nad)
        self.draft.parties.append(self.party)

    def _cux(self, cux: Segment) -> None:
        found = [(cux.get(at, 3), cux.get(at, 2)) for at in (1, 2) if cux.get(at, 2)]
        if found:
            self.draft.currency = next((code for kind, code in found if kind == "9"), found[0][1]).upper()

    def _pat(self, pat: Segment) -> None:
        days = pat.get(3, 4)
        if pat.get(3, 3) == "D" and days.isdecimal() and int(days) <= 10_000:
            self.draft.order["payment"] = {"status": "unpaid", "terms": {"type": "net", "net_days": int(days)}}
        self.draft.keep(pat)

    def _tdt(self, tdt: Segment) -> None:
        code, title = tdt.get(5, 1), tdt.get(5, 4)
        if (code or title) and not self.draft.shipping:
            way = {"service_code": code or None, "title": title or None}
            self.draft.shipping.append({**way, "price": Decimal(0)})
        self.draft.keep(tdt)

    def _alc(self, alc: Segment) -> None:
        kind = alc.get(5, 1) or alc.get(2, 1)
        if alc.get(1) == "A":
            self.charge = {"code": kind or None, "title": alc.get(5, 4) or None}
            self.draft.discounts.append(self.charge)
        else:
            self.charge = {"type": kind or alc.get(5, 4) or None}
            self.draft.fees.append(self.charge)

    def _pcd(self, pcd: Segment) -> None:
        if self.charge is not None:
            self.charge["percent"] = self.told.number(pcd, 1, "percentage", 2)
        else:
            self.draft.keep(pcd)

    def _tax(self, tax: Segment) -> None:
        self.charge = None
        self.draft.said.setdefault("tax", []).append(tax.raw)

    def _moa(self, moa: Segment) -> None:
        code, value = moa.get(1, 1), self.told.number(moa, 1, "amount", 2)
        if not self.draft.currency and moa.get(1, 3):
            self.draft.currency = moa.get(1, 3).upper()
        if value is None:
            return
        if self.charge is not None and code in {"8", "23", "204", "131"} and "amount" not in self.charge:
            self.charge["amount"] = abs(value)
        elif code in {"124", "176"}:
            self.draft.taxes.append({"title": "VAT", "amount": abs(value)})
        else:
            self.totals.setdefault(code, value)
            self.draft.keep(moa)

    def _uns(self, uns: Segment) -> None:  # noqa: ARG002 (all readers are called alike)
        self.summary, self.charge = True, None

    def _cnt(self, cnt: Segment) -> None:
        value, count = self.told.number(cnt, 1, "count", 2), len(self.draft.lines)
        if cnt.get(1, 1) == "2" and value is not None and value != count:
            said = f"CNT counts {value:f} lines, and there are {count}"
            mend = "a line was lost on the way, or CNT is wrong"
            self.told.find("code", cnt, 1, said, mend, 2, code="V704")
        self.draft.said[f"count_{cnt.get(1, 1)}"] = cnt.get(1, 2)

    def _lin(self, lin: Segment) -> None:
        self.charge = None
        self.line = edifact_lines.begin(lin, cancelled=self.draft.purpose == CANCELS)
        self.line["line_id"] = self.line["line_id"] or str(len(self.draft.lines) + 1)
        self.draft.lines.append(self.line)
        change = self.line.pop("change", None)
        if change:
            self.draft.said.setdefault("changes", []).append({"line_id": self.line["line_id"], **change})


def _moment(dtm: Segment, told: Told, *, late: bool) -> datetime | None:
    try:
        return read_date(dtm.get(1, 2), dtm.get(1, 3), late=late) if dtm.get(1, 2) else None
    except (ValueError, OverflowError):
        said = f"DTM holds `{dtm.get(1, 2)}` in format `{dtm.get(1, 3)}`, which is no date"
        told.find("date", dtm, 1, said, "102 is CCYYMMDD, 203 is CCYYMMDDHHMM", 2)
        return None
