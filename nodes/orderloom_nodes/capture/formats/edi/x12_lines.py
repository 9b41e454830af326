"""A line of an 850 (PO1) or an 860 (POC) in, with the segments that follow it; the fields of an order's line out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ....edi.segments import Segment
from .articles import article
from .told import Told

_CHANGES = {  # element 670
    "AI": "added",
    "CA": "changed",
    "CC": "changed",
    "CB": "changed",
    "CE": "changed",
    "CF": "cancelled",
    "CG": "changed",
    "CH": "changed",
    "CI": "changed",
    "CT": "dates changed",
    "DI": "deleted",
    "MU": "changed",
    "NC": "the same",
    "OA": "added again",
    "OC": "changed",
    "PC": "price changed",
    "PQ": "price and quantity changed",
    "PR": "price and reschedule",
    "QD": "quantity decreased",
    "QI": "quantity increased",
    "RA": "replaced in part",
    "RB": "replaced",
    "RC": "rejected",
    "RE": "replaced",
    "RM": "replaced",
    "RQ": "rescheduled",
    "RS": "rescheduled",
    "RZ": "all values replaced",
    "TI": "transferred",
}
_GONE = {"DI", "CF"}
_PER = {"HP": 100, "PN": 100, "CP": 100, "TP": 1000, "MP": 1000, "PT": 1000, "PF": 1}  # 639
_LATEST, _EARLIEST = {"002", "063", "067", "074", "010", "038"}, {"064", "070", "037", "018", "371"}


def begin(po1: Segment, told: Told, *, cancelled: bool) -> dict[str, Any]:
    """PO1: number, quantity, unit, price and the article's numbers."""
    units = told.units(po1, 2, "quantity")
    if units is None and not po1.get(2):
        told.required(po1, 2, "quantity")
    line = _line(po1, po1.get(1), units or 1, po1.get(3), told, 4)
    line.update(article(_numbers(po1, 6)))
    line["quantity_cancelled"] = line["quantity"] if cancelled else 0
    return line


def begin_changed(poc: Segment, told: Told, *, cancelled: bool) -> dict[str, Any]:
    """POC: as PO1, with what became of the line. POC03 is the quantity that is ordered now."""
    code = told.required(poc, 2, "code for the change")
    if code and code not in _CHANGES:
        told.find("code", poc, 2, f"the change `{code}` is none of a line's", f"known are {', '.join(_CHANGES)}")
    units = told.units(poc, 3, "quantity", least=0)
    gone = cancelled or code in _GONE or units == 0
    line = _line(poc, poc.get(1), units or 1, poc.get(5, 1), told, 6)
    line.update(article(_numbers(poc, 8)))
    line["quantity_cancelled"] = line["quantity"] if gone else 0
    left = {"left_to_receive": poc.get(4)} if poc.get(4) else {}
    line["change"] = {"code": code, "what": _CHANGES.get(code, ""), **left}
    return line


def _line(segment: Segment, number: str, units: int, unit: str, told: Told, price: int) -> dict[str, Any]:
    amount = told.number(segment, price, "price")
    if amount is not None and amount < 0:
        told.find("number", segment, price, f"the price {amount:f} is below nothing", "what goes back is a SAC*A")
    basis = segment.get(price + 1)
    per = _PER.get(basis, 1)
    said = {"unit_of_measure": unit, "price_basis": basis}
    return {
        "line_id": number[:128],
        "quantity": units,
        "unit_price": amount / per if amount is not None else None,
        "attributes": [{"name": name, "value": value} for name, value in said.items() if value],
        "discounts": [],
        "charges": [],
        "taxes": [],
    }


def _numbers(segment: Segment, first: int) -> list[tuple[str, str]]:
    return [(segment.get(at), segment.get(at + 1)) for at in range(first, len(segment) + 1, 2)]


def continues(segment: Segment, line: dict[str, Any], told: Told) -> bool:
    """Take a segment into its line; False where it has no place there."""
    reader = _WITHIN.get(segment.tag)
    return reader(segment, line, told) if reader else False


def _pid(pid: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001 (all readers are called alike)
    if not pid.get(5):
        return False
    kind = pid.get(2)
    if "title" not in line and kind in {"", "08", "GEN"}:
        line["title"] = pid.get(5)
    else:
        line["attributes"].append({"name": f"description{' ' + kind if kind else ''}", "value": pid.get(5)})
    return True


def _ctp(ctp: Segment, line: dict[str, Any], told: Told) -> bool:
    price = told.number(ctp, 3, "price")
    if price is None or line["unit_price"] is not None or price < 0:
        return False
    line["unit_price"] = price
    return True


def _sac(sac: Segment, line: dict[str, Any], told: Told) -> bool:
    amount = allowance(sac, told)
    if amount is None:
        return False
    if sac.get(1) == "C":
        line["charges"].append({"type": sac.get(2) or sac.get(15) or None, "amount": amount})
        return True
    line["discounts"].append({"code": sac.get(2) or None, "title": sac.get(15) or None, "amount": amount})
    return True


def _txi(txi: Segment, line: dict[str, Any], told: Told) -> bool:
    found = tax(txi, told)
    if found is not None:
        line["taxes"].append(found)
    return found is not None


def _dtm(dtm: Segment, line: dict[str, Any], told: Told) -> bool:
    code = dtm.get(1)
    name = "latest" if code in _LATEST else "earliest" if code in _EARLIEST else None
    found = told.moment(dtm, 2, dtm.get(2), late=name == "latest")
    if name is None or found is None:
        return False
    line.setdefault("requested_delivery", {}).setdefault(name, found)
    return True


def _ref(ref: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    if ref.get(2):
        line["external_refs"].append({"system": "edi", "type": ref.get(1), "value": ref.get(2)})
    return bool(ref.get(2)) and not ref.get(3)


def _msg(msg: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    line["attributes"].append({"name": "message", "value": msg.get(1)})
    return True


def _lin(lin: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    found = article([*((ref["type"], ref["value"]) for ref in line["external_refs"]), *_numbers(lin, 2)])
    line.update(found)
    return True


_WITHIN = {
    "PID": _pid,
    "CTP": _ctp,
    "SAC": _sac,
    "TXI": _txi,
    "DTM": _dtm,
    "REF": _ref,
    "MSG": _msg,
    "LIN": _lin,
}


def finish(line: dict[str, Any]) -> None:
    """What the whole line says: without a title its first description."""
    if "title" not in line:
        told = next((one["value"] for one in line["attributes"] if one["name"].startswith("description")), None)
        if told:
            line["title"] = told


def allowance(sac: Segment, told: Told) -> Decimal | None:
    """SAC05, which has two decimals that are not written; None where the segment asks for no money (SAC*N, SAC*P)."""
    if sac.get(1) not in {"A", "C"}:
        return None
    amount = told.number(sac, 5, "amount")
    if amount is None:
        return None
    return abs(amount) if "." in sac.get(5) else abs(amount) / 100


def tax(txi: Segment, told: Told) -> dict[str, Any] | None:
    """TXI: the kind of tax, its amount and its percentage."""
    amount, percent = told.number(txi, 2, "amount of tax"), told.number(txi, 3, "percentage")
    if amount is None or amount < 0:
        return None
    found: dict[str, Any] = {"title": txi.get(1) or None, "amount": amount}
    if percent is not None and percent >= 0:
        found["rate"] = percent / 100
    return found
