"""Parties and addresses in, N1 loops out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.model import Address, Order
from orderloom_nodes.edi.writing import Row


def parties(order: Order | None) -> list[Mapping[str, Any]]:
    """The parties of an order that came by EDI, as the partner named them."""
    edi = order.metadata.get("edi") if order is not None else None
    return list(edi.get("parties", ())) if isinstance(edi, Mapping) else []


def known(order: Order | None, role: str) -> Mapping[str, Any]:
    """The first party of a role: `ship_to`, `buyer`; empty where there is none."""
    return next((party for party in parties(order) if party.get("role") == role), {})


def n1_loop(code: str, address: Address | None, party: Mapping[str, Any] | None = None) -> Iterator[Row]:
    """N1, N3 and N4 of a place; the partner's own number for it stands in N104."""
    told = party or {}
    name = (address.company or address.name if address else None) or told.get("name") or ""
    if not name and not told.get("id"):
        return
    yield ("N1", code, name[:60], *([told.get("id_kind", "92"), told["id"]] if told.get("id") else []))
    if address is None:
        return
    lines = list(address.address_lines)
    for at in range(0, min(len(lines), 4), 2):
        yield ("N3", *(line[:55] for line in lines[at : at + 2]))
    where = (address.city or "", address.region_code or "", address.postal_code or "", address.country_code)
    if any(where):
        yield ("N4", where[0][:30], where[1][:2], where[2][:15], where[3])
