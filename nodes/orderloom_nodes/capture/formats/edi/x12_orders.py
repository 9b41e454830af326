"""X12's 850 (purchase order) and 860 (change of one, by the buyer) in; an order as it is gathered out.

Element positions and code lists are those of X12 004010 to 008030, written down November 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ....edi.segments import Segment
from . import x12_lines, x12_parties
from .draft import CANCELS, CHANGES, Draft
from .places import settle
from .told import Told

_PURPOSES = {  # element 353
    "00": "original",
    "01": CANCELS,
    "02": CHANGES,
    "03": CHANGES,
    "04": CHANGES,
    "05": "replacement",
    "06": "confirmation",
    "07": "duplicate",
    "13": "request",
    "15": "resubmission",
    "18": "reissue",
    "22": "information copy",
    "24": "draft",
    "SU": "status update",
}
_DROP_SHIP = {"DS", "OS"}  # element 92: such an order goes to whoever bought of the buyer
_EARLIEST, _LATEST, _SHIP_BY = {"064", "070", "371"}, {"002", "063", "067", "074", "077"}, {"010", "038", "011"}
_CARRIAGE = "D240 D500 G821 G830 I260 D270 G840"  # in one text: each alone looks like a code of our problems
CARRIAGE = frozenset(_CARRIAGE.split())  # SAC02: freight, shipping, handling of it


def read(told: Told, account: str) -> Draft:
    """Every segment of the set, each by the loop that it stands in."""
    draft = Draft(told, account)
    walk = _Walk(draft)
    for segment in told.message.segments[1:-1]:
        walk.take(segment)
    if not walk.begun:
        tag = "BCH" if told.message.kind == "860" else "BEG"
        told.absent(tag, f"the set has no {tag}, which says the order's number", f"{tag} follows ST")
    walk.end()
    settle(draft)
    return draft


class _Walk:
    """Which loop a segment stands in: the header, a party (N1), a line (PO1, POC) or a party within a line."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.told = draft, draft.told
        self.begun = False
        self.line: dict[str, Any] | None = None
        self.party: dict[str, Any] | None = None
        self.header: Mapping[str, Callable[[Segment], None]] = {
            "BEG": self._beg,
            "BCH": self._bch,
            "CUR": self._cur,
            "REF": self._ref,
            "DTM": self._dtm,
            "ITD": self._itd,
            "TD5": self._td5,
            "SAC": self._sac,
            "AMT": self._amt,
            "TXI": self._txi,
            "MSG": self._msg,
            "NTE": self._nte,
            "N1": self._n1,
            "CTT": self._ctt,
            "PO1": self._line,
            "POC": self._line,
            "SDQ": draft.keep,
        }

    def take(self, segment: Segment) -> None:
        tag = segment.tag
        if self.party is not None and x12_parties.continues(segment, self.party):
            return
        if tag in {"PO1", "POC", "CTT"}:
            self.line = self.party = None
        elif tag != "N1":
            self.party = None
        if self.line is not None and tag != "CTT":
            self._within_line(segment)
        else:
            self.header.get(tag, self.draft.keep)(segment)

    def end(self) -> None:
        for line in self.draft.lines:
            x12_lines.finish(line)
            self.draft.fees += line.pop("charges")

    def _within_line(self, segment: Segment) -> None:
        if segment.tag == "N1":
            self.party = x12_parties.begin(segment)
            self.draft.keep(segment, self.line)
        elif segment.tag == "AMT" and segment.get(1) == "TT":  # a summary that stands before its CTT
            self.line = None
            self._amt(segment)
        elif self.line is None or not x12_lines.continues(segment, self.line, self.told):
            self.draft.keep(segment, self.line)

    def _beg(self, beg: Segment) -> None:
        draft, told = self.draft, self.told
        self.begun = True
        draft.number = told.required(beg, 3, "order number")
        self._purpose(beg)
        draft.said |= _said({"order_type": beg.get(2), "release": beg.get(4), "contract": beg.get(6)})
        draft.order["order_type"] = "sale" if beg.get(2) in _DROP_SHIP else "wholesale"
        draft.ordered_at = told.moment(beg, 5, told.required(beg, 5, "date of the order"))

    def _bch(self, bch: Segment) -> None:
        draft, told = self.draft, self.told
        self.begun = True
        draft.number = told.required(bch, 3, "order number")
        self._purpose(bch)
        if not draft.revises:
            draft.purpose = CHANGES
        draft.said |= _said({"order_type": bch.get(2), "release": bch.get(4), "change": bch.get(5)})
        draft.sequence = int(bch.get(5)) if bch.get(5).isdecimal() and len(bch.get(5)) < 6 else 0
        draft.order["order_type"] = "sale" if bch.get(2) in _DROP_SHIP else "wholesale"
        draft.ordered_at = told.moment(bch, 6, told.required(bch, 6, "date of the order"))

    def _purpose(self, segment: Segment) -> None:
        code = self.told.required(segment, 1, "purpose")
        if code and code not in _PURPOSES:
            known = ", ".join(_PURPOSES)
            said = f"the purpose `{code}` is none of a purchase order's"
            self.told.find("code", segment, 1, said, f"known are {known}")
        self.draft.purpose = _PURPOSES.get(code, "original")

    def _cur(self, cur: Segment) -> None:
        if not self.draft.currency or cur.get(1) == "BY":
            self.draft.currency = self.told.required(cur, 2, "currency").upper()

    def _ref(self, ref: Segment) -> None:
        self.draft.refer(ref.get(1), ref.get(2))
        if ref.get(3):
            self.draft.keep(ref)

    def _dtm(self, dtm: Segment) -> None:
        code, draft = dtm.get(1), self.draft
        late = code in _LATEST | _SHIP_BY
        found = self.told.moment(dtm, 2, dtm.get(2), dtm.get(3) if len(dtm.get(3)) >= 4 else "", late=late)
        name = _promised(code)
        if found is not None and name:
            draft.promise.setdefault(name, found)
        if not name or found is None:
            draft.keep(dtm)

    def _itd(self, itd: Segment) -> None:
        days = itd.get(7)
        if days.isdecimal() and int(days) <= 10_000:
            self.draft.order["payment"] = {"status": "unpaid", "terms": {"type": "net", "net_days": int(days)}}
        self.draft.keep(itd)

    def _td5(self, td5: Segment) -> None:
        code, title = td5.get(12) or td5.get(3), td5.get(5)
        if (code or title) and not self.draft.shipping:
            way = _said({"service_code": code, "title": title})
            self.draft.shipping.append({**way, "price": Decimal(0)})
        self.draft.keep(td5)

    def _sac(self, sac: Segment) -> None:
        amount = x12_lines.allowance(sac, self.told)
        if amount is None:
            self.draft.keep(sac)
            return
        code, title = sac.get(2) or sac.get(4), sac.get(15) or None
        if sac.get(1) == "A":
            self.draft.discounts.append({"code": code or None, "title": title, "amount": amount})
        elif code in CARRIAGE:
            self.draft.shipping.append({"service_code": code, "title": title, "price": amount})
        else:
            self.draft.fees.append({"type": code or title, "amount": amount})

    def _txi(self, txi: Segment) -> None:
        tax = x12_lines.tax(txi, self.told)
        if tax is not None:
            self.draft.taxes.append(tax)
        else:
            self.draft.keep(txi)

    def _amt(self, amt: Segment) -> None:
        value = self.told.number(amt, 2, "amount")
        if amt.get(1) == "TT" and value is not None:
            self.draft.total = value
        else:
            self.draft.keep(amt)

    def _ctt(self, ctt: Segment) -> None:
        told, count = self.told.number(ctt, 1, "number of lines"), len(self.draft.lines)
        if told is not None and told != count:
            said = f"CTT01 counts {told:f} lines, and there are {count}"
            mend = "a line was lost on the way, or CTT is wrong"
            self.told.find("code", ctt, 1, said, mend, code="V704")
        if ctt.get(2):
            self.draft.said["hash_total"] = ctt.get(2)

    def _msg(self, msg: Segment) -> None:
        self.draft.texts.append(msg.get(1))

    def _nte(self, nte: Segment) -> None:
        self.draft.texts.append(nte.get(2))

    def _n1(self, n1: Segment) -> None:
        self.party = x12_parties.begin(n1)
        self.draft.parties.append(self.party)

    def _line(self, segment: Segment) -> None:
        begin = x12_lines.begin_changed if segment.tag == "POC" else x12_lines.begin
        self.line = begin(segment, self.told, cancelled=self.draft.purpose == CANCELS)
        self.line["line_id"] = self.line["line_id"] or str(len(self.draft.lines) + 1)
        self.draft.lines.append(self.line)
        change = self.line.pop("change", None)
        if change:
            self.draft.said.setdefault("changes", []).append({"line_id": self.line["line_id"], **change})


def _promised(code: str) -> str | None:
    if code in _SHIP_BY:
        return "ship_by"
    if code in _LATEST:
        return "latest_delivery"
    return "earliest_delivery" if code in _EARLIEST else None


def _said(data: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in data.items() if value}
