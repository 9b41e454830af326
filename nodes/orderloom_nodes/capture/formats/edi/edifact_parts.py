"""Segments that mean the same wherever they stand in an EDIFACT message: parties, references, texts."""

from __future__ import annotations

from typing import Any

from ....edi.segments import Segment
from .places import BILL_TO, BUYER, SHIP_TO

_ROLES = {  # 3035
    "DP": SHIP_TO,
    "ST": SHIP_TO,
    "CN": SHIP_TO,
    "UC": SHIP_TO,
    "UD": SHIP_TO,
    "BY": BUYER,
    "OB": BUYER,
    "IV": BILL_TO,
    "BT": BILL_TO,
    "PR": BILL_TO,
    "SU": "supplier",
    "SE": "supplier",
    "SF": "ship_from",
    "WH": "warehouse",
    "CA": "carrier",
    "FW": "forwarder",
}
_WAYS = {"TE": "phone", "AL": "phone", "EM": "email", "FX": "fax"}


def begin_party(nad: Segment) -> dict[str, Any]:
    """NAD: who, by a number (a GLN where the agency is 9), and where."""
    free = [line for line in nad.components(3) if line]
    names = [name for name in nad.components(4)[:5] if name]
    streets = [line for line in nad.components(5) if line]
    found = {
        "code": nad.get(1),
        "role": _ROLES.get(nad.get(1), ""),
        "id": nad.get(2, 1),
        "id_kind": nad.get(2, 3),
        "name": names[0] if names else (free[0] if free else ""),
        "lines": [*names[1:], *streets] if streets else [*names[1:], *(free if names else free[1:])],
        "city": nad.get(6),
        "region": nad.get(7, 1),
        "postal_code": nad.get(8),
        "country": nad.get(9),
    }
    return {name: value for name, value in found.items() if value}


def party_continues(segment: Segment, party: dict[str, Any]) -> bool:
    """Take what follows NAD and belongs to it; False where the segment begins something else."""
    if segment.tag == "CTA":
        name = segment.get(2, 2) or segment.get(2, 1)
        if name:
            party.setdefault("contact", name)
    elif segment.tag == "COM":
        for at in range(1, len(segment) + 1):
            way = _WAYS.get(segment.get(at, 2))
            if way:
                party.setdefault(way, segment.get(at, 1))
    elif segment.tag == "RFF":
        party.setdefault("references", []).append(":".join(number_of(segment)))
    elif segment.tag == "LOC":
        party["location"] = segment.get(2, 1)
    else:
        return segment.tag in {"FII", "DOC"}
    return True


def number_of(rff: Segment) -> tuple[str, str]:
    """A reference's kind and number."""
    return rff.get(1, 1), rff.get(1, 2)
