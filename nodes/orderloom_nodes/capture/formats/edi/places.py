"""Names and addresses of partners in; the order's addresses and its customer out."""

from __future__ import annotations

import re
from typing import Any

from .draft import Draft

# N404 may be left out within the United States and Canada
_STATES = frozenset(
    re.findall(
        "..",
        "ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWYPRVIGUASMPAAAEAP",
    )
)
_PROVINCES = frozenset(re.findall("..", "ABBCMBNBNLNSNTNUONPEQCSKYT"))
_ALPHA_3 = {
    "USA": "US",
    "CAN": "CA",
    "MEX": "MX",
    "GBR": "GB",
    "DEU": "DE",
    "FRA": "FR",
    "NLD": "NL",
    "BEL": "BE",
    "ESP": "ES",
    "ITA": "IT",
    "AUT": "AT",
    "CHE": "CH",
    "SWE": "SE",
    "DNK": "DK",
    "NOR": "NO",
    "FIN": "FI",
    "POL": "PL",
    "IRL": "IE",
    "PRT": "PT",
    "CHN": "CN",
    "JPN": "JP",
    "AUS": "AU",
    "NZL": "NZ",
    "BRA": "BR",
    "IND": "IN",
    "KOR": "KR",
}
_US_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)
_CA_CODE = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.ASCII)
SHIP_TO, BILL_TO, BUYER = "ship_to", "bill_to", "buyer"


def country(code: str, region: str, postal_code: str) -> str:
    """ISO alpha-2; where none is told that of a state or province with a postal code of its form. Else empty."""
    told = code.upper()
    if len(told) == 2 and told.isascii() and told.isalpha():
        return told
    if told in _ALPHA_3:
        return _ALPHA_3[told]
    if region.upper() in _STATES and _US_ZIP.fullmatch(postal_code):
        return "US"
    return "CA" if region.upper() in _PROVINCES and _CA_CODE.fullmatch(postal_code.upper()) else ""


def settle(draft: Draft) -> None:
    """Give each party its place in the order; `draft.parties` keeps all of them, with their partner's codes."""
    by_role: dict[str, dict[str, Any]] = {}
    for party in draft.parties:
        by_role.setdefault(party.get("role", ""), party)
    ship, bill, buyer = by_role.get(SHIP_TO), by_role.get(BILL_TO), by_role.get(BUYER)
    if ship:
        draft.order["shipping_address"] = _address(ship)
    if bill or (buyer and buyer.get("lines")):
        draft.order["billing_address"] = _address(bill or buyer or {})
    who = buyer or bill or ship
    if who:
        draft.order["customer"] = _customer(who)
    for party in draft.parties:
        if party.get("role") in {SHIP_TO, BUYER, BILL_TO}:
            draft.refer(f"{party['code']}", party.get("id", ""))


def _address(party: dict[str, Any]) -> dict[str, Any]:
    code = country(party.get("country", ""), party.get("region", ""), party.get("postal_code", ""))
    lines = party.get("lines", [])
    found = {
        "company": party.get("name"),
        "name": party.get("contact") or party.get("name"),
        "address_lines": [*lines[:4], ", ".join(lines[4:])] if len(lines) > 5 else lines,
        "city": party.get("city"),
        "region_code": party.get("region"),
        "postal_code": party.get("postal_code"),
        "phone": party.get("phone"),
        "email": party.get("email"),
        "country_code": code,
    }
    return {name: value for name, value in found.items() if value}


def _customer(party: dict[str, Any]) -> dict[str, Any]:
    found = {
        "company": party.get("name"),
        "customer_id": (party.get("id") or "")[:128] or None,
        "email": party.get("email"),
        "phone": party.get("phone"),
    }
    return {name: value for name, value in found.items() if value}
