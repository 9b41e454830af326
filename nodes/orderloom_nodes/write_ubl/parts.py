"""Parts that every answer has: who it is from and to, what it refers to, its articles and quantities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orderloom.model import Address, Line, Order

PEPPOL = "urn:fdc:peppol.eu:poacc"
Data = dict[str, Any]


def told(order: Order) -> Mapping[str, Any]:
    """What the buyer's own document said and the order has no place for; empty where it was no UBL."""
    found = order.metadata.get("ubl")
    return found if isinstance(found, Mapping) else {}


def head(order: Order, number: str, profile: tuple[str, str], now: datetime) -> Data:
    """Version, profile (that of PEPPOL where the order came by it), number and moment."""
    by_peppol = "peppol" in str(told(order).get("CustomizationID", "")).lower()
    transaction, process = profile
    return {
        "UBLVersionID": "2.1",
        "CustomizationID": f"{PEPPOL}:trns:{transaction}:3" if by_peppol else None,
        "ProfileID": f"{PEPPOL}:bis:{process}:3" if by_peppol else None,
        "ID": number,
        "IssueDate": f"{now:%Y-%m-%d}",
        "IssueTime": f"{now:%H:%M:%SZ}",
    }


def reference(order: Order) -> Data:
    """The order by the buyer's number of it."""
    number = order.purchase_order_number or order.order_number or order.order_id
    return {"OrderReference": {"ID": number, "IssueDate": f"{order.ordered_at:%Y-%m-%d}"}}


def seller(order: Order) -> Data:
    """The seller as the buyer named it."""
    found = told(order).get("SellerSupplierParty")
    return dict(found) if isinstance(found, Mapping) else {"Party": {"PartyName": {"Name": "Seller"}}}


def buyer(order: Order) -> Data:
    """The buyer as it named itself, else by what the order says of it."""
    found = told(order).get("BuyerCustomerParty")
    if isinstance(found, Mapping):
        return dict(found)
    customer = order.customer
    name = (customer.company or customer.last_name) if customer else None
    number = customer.customer_id if customer else None
    return {"Party": {"PartyIdentification": {"ID": number}, "PartyName": {"Name": name or "Buyer"}}}


def item(line: Line) -> Data:
    """The article by its names and numbers."""
    numbers = {one.type: one.value for one in line.external_refs}
    return {
        "Name": line.title or line.sku or line.line_id,
        "BuyersItemIdentification": {"ID": numbers.get("buyers_item")},
        "SellersItemIdentification": {"ID": line.sku},
        "StandardItemIdentification": {"ID": line.gtin, "ID@schemeID": "0160"},
    }


def unit(line: Line | None) -> str:
    """The unit that the line was ordered in; a piece where it says none."""
    return next((one.value for one in (line.attributes if line else ()) if one.name == "unit" and one.value), "EA")


def address(found: Address | None) -> Data | None:
    """An address in UBL's own members."""
    if found is None:
        return None
    first, *rest = [*found.address_lines, ""]
    return {
        "StreetName": first,
        "AdditionalStreetName": rest[0] if rest else None,
        "CityName": found.city,
        "PostalZone": found.postal_code,
        "CountrySubentity": found.region_name or found.region_code,
        "AddressLine": [{"Line": line} for line in rest[1:] if line],
        "Country": {"IdentificationCode": found.country_code},
    }
