"""TRADACOMS' ORDERS (version 9) in; an order as it is gathered out. Who buys and sells stands in the file's ORDHDR.

Costs without a point have four decimals that are not written, as the standard's OUCT; sums are pounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....edi.segments import Segment
from .articles import article
from .draft import CANCELS, CHANGES, Draft
from .places import BUYER, SHIP_TO, settle
from .told import Told

_TYPES = {"0440": CHANGES, "0450": CANCELS, "0460": CANCELS}  # TYP: 0430 are new orders


def read(told: Told, account: str) -> Draft:
    """The header of the file, then every segment of the message."""
    draft = Draft(told, account, otherwise="GBP")
    for segment in _header(told):
        _HEADER.get(segment.tag, _keep)(draft, segment)
    for segment in told.message.segments[1:-1]:
        _WITHIN.get(segment.tag, _keep)(draft, segment)
    if not draft.number and not told.faults:
        told.absent("ORD", "the message has no ORD, which says the order's number", "ORD= follows CLO=")
    if draft.number and draft.ordered_at is None and not told.faults:
        draft.ordered_at = told.moment(told.whole.header, 4, told.whole.date)
        told.notes.append("ORD says no date: that of the transmission stands for it")
    settle(draft)
    return draft


def _header(told: Told) -> Iterator[Segment]:
    for message in told.group.messages:
        if message.kind == "ORDHDR" and not message.faults and message.place < told.message.place:
            yield from message.segments[1:-1]


def _keep(draft: Draft, segment: Segment) -> None:
    draft.keep(segment, draft.lines[-1] if draft.lines else None)


def _typ(draft: Draft, typ: Segment) -> None:
    draft.purpose = _TYPES.get(typ.get(1), "original")
    draft.said["order_type"] = typ.get(1)


def _party(code: str, role: str) -> Any:
    def take(draft: Draft, segment: Segment) -> None:
        lines = [line for line in segment.components(3)[:4] if line]
        found = {
            "code": code,
            "role": role,
            "id": segment.get(1, 1),
            "other_id": segment.get(1, 2),
            "name": segment.get(2),
            "lines": lines,
            "postal_code": segment.get(3, 5),
        }
        if role and lines:
            found["country"] = "GB"
        draft.parties.append({name: value for name, value in found.items() if value})

    return take


def _fil(draft: Draft, fil: Segment) -> None:
    draft.said |= {"file_generation": fil.get(1), "file_version": fil.get(2)}


def _clo(draft: Draft, clo: Segment) -> None:
    lines = [line for line in clo.components(3)[:4] if line]
    found = {
        "code": "CLO",
        "role": SHIP_TO,
        "id": clo.get(1, 1) or clo.get(1, 3),
        "other_id": clo.get(1, 2) or clo.get(1, 3),
        "name": clo.get(2),
        "lines": lines,
        "postal_code": clo.get(3, 5),
        "country": "GB",
    }
    draft.parties.append({name: value for name, value in found.items() if value})


def _ord(draft: Draft, order: Segment) -> None:
    draft.number = draft.told.required(order, 1, "order number", 1)
    draft.refer("supplier", order.get(1, 2))
    date = order.get(1, 3) or order.get(1, 4)
    draft.ordered_at = draft.told.moment(order, 1, date)
    draft.order["order_type"] = "wholesale"
    if len(order) > 1:
        draft.keep(order)


def _din(draft: Draft, din: Segment) -> None:
    for element, name, late in ((1, "earliest_delivery", False), (2, "latest_delivery", True)):
        found = draft.told.moment(din, element, din.get(element, 1), late=late)
        if found is not None:
            draft.promise[name] = found
    draft.texts += [text for text in (din.get(4), din.get(5)) if text]


def _old(draft: Draft, old: Segment) -> None:
    told = draft.told
    units = told.units(old, 6, "quantity", 1)
    if units is None and not old.get(6, 1):
        told.required(old, 6, "quantity", 1)
    cost = told.number(old, 7, "cost", 1)
    if cost is not None and "." not in old.get(7, 1):
        cost /= 10_000
    numbers = [
        ("EAN", old.get(2, 1)),
        ("SA", old.get(2, 2)),
        ("DUN", old.get(3, 1)),
        ("IN", old.get(4, 2)),
        ("BP", old.get(4, 1)),
    ]
    per = old.get(5, 1)
    title = " ".join(part for part in old.components(10) if part)
    line = {
        "line_id": old.get(1) or str(len(draft.lines) + 1),
        "quantity": units or 1,
        "unit_price": cost,
        "discounts": [],
        "taxes": [],
        **article(numbers),
        "attributes": [{"name": "units_in_traded_unit", "value": per}] if per else [],
        "quantity_cancelled": (units or 1) if draft.purpose == CANCELS else 0,
    }
    draft.lines.append({**line, "title": title} if title else line)


def _dnb(draft: Draft, dnb: Segment) -> None:
    draft.texts += [text for text in dnb.components(4) if text]
    draft.keep(dnb, draft.lines[-1] if draft.lines else None)


def _otr(draft: Draft, otr: Segment) -> None:
    value, count = draft.told.number(otr, 1, "number of lines"), len(draft.lines)
    if value is not None and value != count:
        said = f"OTR= counts {value:f} lines, and there are {count}"
        draft.told.find("code", otr, 1, said, "a line was lost on the way, or OTR= is wrong", code="V704")


_HEADER = {"TYP": _typ, "SDT": _party("SDT", "supplier"), "CDT": _party("CDT", BUYER), "FIL": _fil}
_WITHIN = {"CLO": _clo, "ORD": _ord, "DIN": _din, "OLD": _old, "DNB": _dnb, "OTR": _otr}
