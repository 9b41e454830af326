"""A line of an EDIFACT order (LIN) in, with the segments that follow it; the fields of an order's line out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ....edi.segments import Segment
from .articles import article
from .edifact_dates import read_date
from .edifact_parts import number_of
from .told import Told

_ACTIONS = {
    "1": "added",
    "2": "deleted",
    "3": "changed",
    "4": "no action",
    "5": "the same",
    "6": "with amendment",
    "7": "not accepted",
}
_NET_FIRST = ("AAA", "NTP", "CAL", "INV", "AAE", "AAB", "")  # 5125
_NET = {"AAA", "NTP", "CAL"}
_ORDERED = ("21", "145", "1", "")  # 6063
_LATEST, _EARLIEST = {"2", "63", "69", "10", "38"}, {"64", "7"}


def begin(lin: Segment, *, cancelled: bool) -> dict[str, Any]:
    """LIN: number, action and the article's number."""
    action = lin.get(2, 1)
    line: dict[str, Any] = {
        "line_id": lin.get(1)[:128],
        "quantity": 0,
        "unit_price": None,
        "numbers": [(lin.get(3, 2), lin.get(3, 1))],
        "attributes": [],
        "discounts": [],
        "charges": [],
        "taxes": [],
        "external_refs": [],
        "prices": {},
        "counts": {},
        "at": lin,
        "gone": cancelled or action == "2",
    }
    if action and action != "5":
        line["change"] = {"code": action, "what": _ACTIONS.get(action, "")}
    return line


def continues(segment: Segment, line: dict[str, Any], told: Told) -> bool:
    """Take a segment into its line; False where it has no place there."""
    reader = _WITHIN.get(segment.tag)
    return reader(segment, line, told) if reader else False


def finish(line: dict[str, Any], told: Told) -> None:
    """What the whole line says: its article, its quantity, its price."""
    at = line.pop("at")
    numbers, counts, prices = line.pop("numbers"), line.pop("counts"), line.pop("prices")
    refs = line.pop("external_refs")
    line.update(article(numbers))
    line["external_refs"] = [*line["external_refs"], *refs]
    units = next((counts[kind] for kind in _ORDERED if kind in counts), None)
    gone = line.pop("gone") or units == 0
    if units is None and not counts and not gone:
        told.find("missing", at, 0, "the line has no ordered quantity", "QTY+21 says it")
    line["quantity"] = units or 1
    line["quantity_cancelled"] = line["quantity"] if gone else 0
    line["unit_price"] = next(
        (prices[kind] for kind in _NET_FIRST if kind in prices), next(iter(prices.values()), None)
    )
    amount = line.pop("amount", None)
    if line["unit_price"] is None and amount is not None:
        line["unit_price"] = amount / line["quantity"]
    line.pop("charge", None)
    _settle_charges(line, net=bool(_NET & prices.keys()))


def _settle_charges(line: dict[str, Any], *, net: bool) -> None:
    """A net price holds the line's allowances and charges already: then they are told, and counted no more."""
    for name in ("discounts", "charges"):
        found = [one for one in line[name] if "amount" in one]
        if net:
            told = [{"name": f"{name[:-1]} within the price", "value": f"{one['amount']:f}"} for one in found]
            line["attributes"] += told
        line[name] = [] if net else found


def _pia(pia: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001 (all readers are called alike)
    for at in range(2, len(pia) + 1):
        if pia.get(at, 1):
            line["numbers"].append((pia.get(at, 2), pia.get(at, 1)))
    return True


def _imd(imd: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    text = " ".join(part for part in (imd.get(3, 4), imd.get(3, 5)) if part) or imd.get(3, 1)
    if not text:
        return False
    if "title" not in line:
        line["title"] = text
    else:
        line["attributes"].append({"name": "description", "value": text})
    return not imd.get(3, 1)


def _qty(qty: Segment, line: dict[str, Any], told: Told) -> bool:
    kind, change = qty.get(1, 1), told.message.kind == "ORDCHG" or line["gone"]
    if kind not in _ORDERED:
        return False
    units = told.units(qty, 1, "quantity", 2, least=0 if change else 1)
    line["counts"][kind] = units or 0
    if qty.get(1, 3):
        line["attributes"].append({"name": "unit_of_measure", "value": qty.get(1, 3)})
    return True


def _pri(pri: Segment, line: dict[str, Any], told: Told) -> bool:
    price, basis = told.number(pri, 1, "price", 2), told.number(pri, 1, "basis of the price", 5)
    if price is None:
        return False
    if price < 0:
        told.find("number", pri, 1, f"the price {price:f} is below nothing", "an allowance is ALC+A", 2)
    line["prices"].setdefault(pri.get(1, 1), price / basis if basis else price)
    return True


def _moa(moa: Segment, line: dict[str, Any], told: Told) -> bool:
    value, kind = told.number(moa, 1, "amount", 2), moa.get(1, 1)
    charge = line.get("charge")
    if value is None:
        return False
    if charge is not None and kind in {"8", "23", "204"}:
        charge.setdefault("amount", abs(value))
        return True
    if kind in {"203", "66", "38"}:
        line.setdefault("amount", abs(value))
    elif kind == "146":
        line["prices"].setdefault("", abs(value))
    elif kind in {"124", "176"} and line.get("tax"):
        line["taxes"].append({**line.pop("tax"), "amount": abs(value)})
        return True
    return False


def _alc(alc: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    kind, title = alc.get(5, 1) or None, alc.get(5, 4) or None
    if alc.get(1) == "A":
        line["charge"] = {"code": kind, "title": title}
        line["discounts"].append(line["charge"])
    else:
        line["charge"] = {"type": kind or title}
        line["charges"].append(line["charge"])
    return True


def _tax(tax: Segment, line: dict[str, Any], told: Told) -> bool:
    rate = told.number(tax, 5, "rate of tax", 4)
    line["charge"] = None
    line["tax"] = {"title": tax.get(2, 1) or None} | ({"rate": rate / 100} if rate is not None and rate >= 0 else {})
    return False  # only with its amount it has a place; kept as it stands


def _dtm(dtm: Segment, line: dict[str, Any], told: Told) -> bool:
    code = dtm.get(1, 1)
    name = "latest" if code in _LATEST else "earliest" if code in _EARLIEST else None
    try:
        found = read_date(dtm.get(1, 2), dtm.get(1, 3), late=name == "latest") if name else None
    except (ValueError, OverflowError):
        told.find("date", dtm, 1, f"DTM holds `{dtm.get(1, 2)}`, which is no date", "102 is CCYYMMDD", 2)
        return True
    if name is None or found is None:
        return False
    line.setdefault("requested_delivery", {}).setdefault(name, found)
    return True


def _rff(rff: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    kind, number = number_of(rff)
    if number:
        line["external_refs"].append({"system": "edi", "type": kind, "value": number})
    return bool(number)


def _ftx(ftx: Segment, line: dict[str, Any], told: Told) -> bool:  # noqa: ARG001
    text = " ".join(filter(None, ftx.components(4)))
    if text:
        line["attributes"].append({"name": "note", "value": text})
    return bool(text)


_WITHIN = {
    "PIA": _pia,
    "IMD": _imd,
    "QTY": _qty,
    "PRI": _pri,
    "MOA": _moa,
    "ALC": _alc,
    "TAX": _tax,
    "DTM": _dtm,
    "RFF": _rff,
    "FTX": _ftx,
}
_ZERO = Decimal(0)
