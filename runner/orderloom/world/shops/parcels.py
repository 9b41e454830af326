"""A shipment in; its carrier by the name that shops know, and its tracking numbers, out."""

from __future__ import annotations

from orderloom.model import Shipment

# Names that Shopify's FulfillmentTrackingInput and WooCommerce's Shipment Tracking make links for (read 2026-11-23).
_NAMES = {
    "ups": "UPS", "usps": "USPS", "fedex": "FedEx", "dhl": "DHL Express", "dpd": "DPD", "gls": "GLS",
    "royal-mail": "Royal Mail", "canada-post": "Canada Post", "australia-post": "Australia Post",
}


def company(shipment: Shipment) -> str | None:
    """The carrier's name; its code where we know no name for it."""
    labels = (package.label for package in shipment.packages)
    codes = [label.carrier_code for label in labels if label is not None and label.carrier_code]
    code = codes[0] if codes else shipment.carrier.carrier_code if shipment.carrier else None
    return _NAMES.get(code.lower(), code) if code else None


def tracking_numbers(shipment: Shipment) -> tuple[str, ...]:
    """Each once, in the order of the packages."""
    found = (package.tracking_number for package in shipment.packages)
    return tuple(dict.fromkeys(number for number in found if number))


def quantities(shipment: Shipment) -> dict[str, int]:
    """How many of each line leave, by line id."""
    found: dict[str, int] = {}
    for line in shipment.lines:
        found[line.line_id] = found.get(line.line_id, 0) + line.quantity
    return found
