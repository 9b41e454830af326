"""WooCommerce's billing and shipping in, Address out; an address of empty texts is none."""

from __future__ import annotations

import re

from orderloom.model import Address

from ...countries import country_code
from ...reading import Reading

_CODE = re.compile(r"[A-Z0-9]{1,4}")


def read_address(found: Reading | None) -> Address | None:
    """An address with as much as is told; None where nothing is."""
    if found is None or not any(found.text(name) for name in found.data if name not in ("email", "phone")):
        return None
    name = " ".join(filter(None, (found.text("first_name"), found.text("last_name"))))
    country = _country(found)
    code, region = _state(found.text("state") or "", country)
    return Address(
        name=name or None,
        company=found.text("company"),
        address_lines=tuple(line for line in (found.text("address_1"), found.text("address_2")) if line),
        city=found.text("city"),
        region_code=code,
        region_name=region,
        postal_code=found.text("postcode"),
        country_code=country,
        phone=found.text("phone"),
        email=found.text("email"),
    )


def _country(found: Reading) -> str:
    told = found.text("country") or ""
    if len(told) == 2 and told.isascii() and told.isalpha():
        return told.upper()
    return country_code(told) or ""


def _state(told: str, country: str) -> tuple[str | None, str | None]:
    """The code and the name: WooCommerce writes some codes with their country in front (JP13), and some names."""
    bare = told.removeprefix(f"{country}-")
    if country and bare.startswith(country) and bare[len(country):].isdigit():
        bare = bare[len(country):]
    if _CODE.fullmatch(bare):
        return bare, None
    return None, told or None
