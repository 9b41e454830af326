"""Whether street, city and postal code of an address can be one place; where not, the places that may be meant."""

from __future__ import annotations

import difflib
import re
from typing import Any

from orderloom.model import Address
from orderloom_nodes.validate.findings import FieldProblem, Findings, Tell
from orderloom_nodes.validate.regions import Region
from orderloom_nodes.validate.us_places import cities_of, spelt_out, zips_of

# where every house has a number on the street; elsewhere houses have names, or villages no numbers at all
_NUMBERED = frozenset({"AT", "BE", "CA", "CH", "CZ", "DE", "DK", "FI", "HU", "LU", "NL", "NO", "PL", "SE", "US"})
_NO_NUMBER = re.compile(r"\b(?:general delivery|poste restante|postlagernd|rural route|c/o)\b", re.IGNORECASE)
MOST_ZIPS = 3


def check_house_number(address: Address, path: str, tell: Tell) -> list[FieldProblem]:
    """A street without any number is a street in which nobody finds the door."""
    if address.country_code not in _NUMBERED or address.kind in {"po_box", "military", "locker", "pickup_point"}:
        return []
    lines = address.address_lines
    if not lines or any(letter.isdigit() for line in lines for letter in line) or _NO_NUMBER.search(" ".join(lines)):
        return []
    return [tell("V118", f"{path}.address_lines[0]", f"`{lines[0]}` has no house number", "ask the customer for it")]


def check_zip_and_city(
    address: Address, region: Region | None, path: str, findings: Findings, tell: Tell
) -> tuple[list[FieldProblem], list[dict[str, Any]]]:
    """A ZIP code of one city beside the name of another one far off; a name that the post does not know is no such."""
    code, city = address.postal_code or "", address.city or ""
    if address.country_code != "US" or address.kind == "military" or region is None or not code or not city:
        return [], []
    known = cities_of(region.code, code)
    said = spelt_out(city)
    if not known or said in {spelt_out(name) for name in known}:
        return [], []
    elsewhere = zips_of(region.code, city)
    if elsewhere and all(other[:3] != code[:3] for other in elsewhere):
        candidates = _candidates(known, region, code, city, elsewhere)
        message = f"ZIP code {code} is {known[0]}, {region.code}, and {city} has others, such as {elsewhere[0]}"
        found = tell("V116", f"{path}.postal_code", message, "correct the one that is wrong")
        return [found], candidates
    near = difflib.get_close_matches(said, [spelt_out(name) for name in known], n=1, cutoff=0.8)
    if near:
        meant = next(name for name in known if spelt_out(name) == near[0])
        message = f"no `{city}` is known at ZIP code {code}"
        findings.note("V107", f"{path}.city", message, f"did you mean `{meant}`?", meant)
    return [], []


def _candidates(
    known: tuple[str, ...], region: Region, code: str, city: str, elsewhere: tuple[str, ...]
) -> list[dict[str, Any]]:
    where = {"region_code": region.code, "region_name": region.name}
    first = {"city": known[0], **where, "postal_code": code}
    return [first, *({"city": city, **where, "postal_code": other} for other in elsewhere[:MOST_ZIPS])]
