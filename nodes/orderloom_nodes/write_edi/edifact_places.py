"""Parties and addresses in, NAD out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orderloom.model import Address
from orderloom_nodes.edi.answers import Partner
from orderloom_nodes.edi.writing import Row


def nad(code: str, address: Address | None, party: Mapping[str, Any] | None = None) -> Row:
    """Of 35 letters a line, as C080 and C059 have it; 9 says that the number is a GLN."""
    told = party or {}
    number = (told["id"], "", told.get("id_kind", "9")) if told.get("id") else ""
    if address is None:
        return ("NAD", code, number)
    name = address.company or address.name or told.get("name") or ""
    streets = tuple(line[:35] for line in address.address_lines[:4])
    return (
        "NAD", code, number, "", (name[:35], name[35:70]) if name[35:] else name, streets or "",
        (address.city or "")[:35], (address.region_code or "")[:9], (address.postal_code or "")[:9],
        address.country_code,
    )  # fmt: skip


def sides(us: Partner, partner: Partner) -> list[Row]:
    """Buyer and supplier by the numbers of the envelope."""
    return [("NAD", "BY", (partner.id, "", "9")), ("NAD", "SU", (us.id, "", "9"))]


def dtm(code: str, at: datetime, form: str = "102") -> Row:
    """A date (102) or a minute (203)."""
    return ("DTM", (code, f"{at:%Y%m%d}" if form == "102" else f"{at:%Y%m%d%H%M}", form))
