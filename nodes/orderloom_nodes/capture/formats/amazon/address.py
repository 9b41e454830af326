"""Amazon's addresses in, Address out; what Amazon hides (street, name, phone) stays away, the rest is kept."""

from __future__ import annotations

from typing import NamedTuple

from orderloom.model import Address

from ...reading import Reading
from ..places import country, district, region
from .words import ADDRESSES


class Spelling(NamedTuple):
    """How one shape spells the members of an address; lines are the name and 1, 2, 3."""

    name: str
    company: str
    line: str
    city: str
    municipality: str
    district: tuple[str, ...]
    region: str
    postal_code: str
    country: str
    phone: str
    kind: str
    extended: str
    neighborhood: str


V0 = Spelling("Name", "CompanyName", "AddressLine", "City", "Municipality", ("District", "County"), "StateOrRegion",
              "PostalCode", "CountryCode", "Phone", "AddressType", "ExtendedFields", "Neighborhood")  # fmt: skip
V2026 = Spelling("name", "companyName", "addressLine", "city", "municipality", ("districtOrCounty",), "stateOrRegion",
                 "postalCode", "countryCode", "phone", "addressType", "extendedFields", "neighborhood")  # fmt: skip
VENDOR = V2026._replace(district=("district", "county"))


def read_address(found: Reading | None, names: Spelling, *, access_point: bool = False) -> Address | None:
    """The address with as much as is told; None where nothing is."""
    if found is None or not any(found.has(name) for name in found.data):
        return None
    code = country(found.text(names.country))
    extended = found.part(names.extended)
    parts = [text for name in names.district if (text := found.text(name))]
    region_code, region_name = region(found.text(names.region), code)
    near = (extended.text(names.neighborhood) if extended else None) or (district(parts[0], code) if parts else None)
    return Address(
        name=found.text(names.name),
        company=found.text(names.company),
        address_lines=tuple(line for number in "123" if (line := found.text(f"{names.line}{number}"))),
        dependent_locality=near,
        city=found.text(names.city) or found.text(names.municipality),
        region_code=region_code,
        region_name=region_name,
        postal_code=found.text(names.postal_code),
        country_code=code,
        phone=found.text(names.phone),
        kind="pickup_point" if access_point else ADDRESSES.get(found.told(names.kind)),  # type: ignore[arg-type]
        original={"district": ", ".join(parts)} if parts and near != parts[0] else None,
    )
