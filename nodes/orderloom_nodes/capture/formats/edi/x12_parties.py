"""An N1 loop in (N1, N2, N3, N4, PER and what else follows); a party with its role out."""

from __future__ import annotations

from typing import Any

from ....edi.segments import Segment
from .places import BILL_TO, BUYER, SHIP_TO

_ROLES = {  # element 98
    "ST": SHIP_TO,
    "BT": BILL_TO,
    "BY": BUYER,
    "SO": BUYER,
    "OB": BUYER,
    "DA": SHIP_TO,
    "CN": SHIP_TO,
    "SF": "ship_from",
    "WH": "warehouse",
    "SU": "supplier",
    "SE": "supplier",
    "VN": "supplier",
    "Z7": "mark_for",
    "RI": "remit_to",
    "EV": "selling_agent",
    "II": "issuer",
    "PR": BILL_TO,
}
_NUMBERS = {"TE": "phone", "EM": "email", "FX": "fax", "CP": "phone"}


def begin(n1: Segment) -> dict[str, Any]:
    """N1: who, by name and by a number that the partner knows."""
    found = {
        "code": n1.get(1),
        "role": _ROLES.get(n1.get(1), ""),
        "name": n1.get(2),
        "id_kind": n1.get(3),
        "id": n1.get(4),
    }
    return {name: value for name, value in found.items() if value}


def continues(segment: Segment, party: dict[str, Any]) -> bool:
    """Take a segment into the party before it; False where it begins something else."""
    reader = _WITHIN.get(segment.tag)
    if reader is not None:
        reader(segment, party)
    return reader is not None


def _n2(n2: Segment, party: dict[str, Any]) -> None:
    party["other_names"] = [*party.get("other_names", []), *filter(None, n2.elements())]


def _n3(n3: Segment, party: dict[str, Any]) -> None:
    party["lines"] = [*party.get("lines", []), *filter(None, n3.elements())]


def _n4(n4: Segment, party: dict[str, Any]) -> None:
    told = {"city": n4.get(1), "region": n4.get(2), "postal_code": n4.get(3), "country": n4.get(4)}
    party.update({name: value for name, value in told.items() if value})
    if n4.get(6):
        party["location"] = f"{n4.get(5)} {n4.get(6)}".strip()


def _per(per: Segment, party: dict[str, Any]) -> None:
    if per.get(2):
        party.setdefault("contact", per.get(2))
    for at in range(3, len(per) + 1, 2):
        name = _NUMBERS.get(per.get(at))
        if name and per.get(at + 1):
            party.setdefault(name, per.get(at + 1))


_WITHIN = {"N2": _n2, "N3": _n3, "N4": _n4, "PER": _per}
