"""What kind of place an address is, where it says so itself: a PO box, a field post office, a parcel locker."""

from __future__ import annotations

import re

from orderloom.model import Address

_PO_BOX = re.compile(
    r"""\b(?: p\.?\s*o\.?\s*b(?:ox)?(?![a-z]) | post\s+office\s+box | gpo\s+box | locked\s+bag | private\s+bag
        | postfach | postbus | postboks | postbox | postilokero | casella\s+postale | caixa\s+postal
        | bo[iî]te\s+postale | skrytka\s+pocztowa
        | apartado(?:\s+(?:de\s+correos|postal|a[eé]reo))?\s*(?:n[º°o.]*\s*)?\d )""",
    re.IGNORECASE | re.VERBOSE,
)
# short words that mean a box only in these countries, and only at the start of a line
_SHORT = {
    "SE": re.compile(r"box\s+\d", re.IGNORECASE),
    "FI": re.compile(r"(?:pl|pb)\s+\d", re.IGNORECASE),
    **dict.fromkeys(
        ("FR", "BE", "LU", "MC", "CH", "MA", "TN", "SN", "CI", "CM"), re.compile(r"b\.?\s?p\.?\s*\d", re.IGNORECASE)
    ),
}
_LOCKER = re.compile(
    r"\b(?:packstation\s*\d|paczkomat|amazon\s+(?:hub\s+)?locker|parcel\s+locker|inpost\s+locker)", re.IGNORECASE
)
_PICKUP_POINT = re.compile(
    r"\b(?:postfiliale\s*\d|paketshop|parcel\s?shop|point\s+relais|mondial\s+relay|pickup\s+point)", re.IGNORECASE
)
_FIELD_POST_REGIONS = frozenset({"AA", "AE", "AP"})         # USPS Publication 28, section 238
_FIELD_POST_CITIES = frozenset({"APO", "FPO", "DPO"})
_FIELD_POST = re.compile(r"\b(?:APO|FPO|DPO)\s+A[AEP]\b|\bBFPO\s*\d")


def kind_of(address: Address) -> str | None:
    """The kind that its words show, or None where they show none."""
    if _is_field_post(address):
        return "military"
    for line in address.address_lines:
        if _LOCKER.search(line):
            return "locker"
        if _PICKUP_POINT.search(line):
            return "pickup_point"
        short = _SHORT.get(address.country_code)
        if _PO_BOX.search(line) or (short and short.match(line)):
            return "po_box"
    return None


def _is_field_post(address: Address) -> bool:
    if address.country_code == "US":
        return address.region_code in _FIELD_POST_REGIONS or (address.city or "").upper() in _FIELD_POST_CITIES
    if address.country_code == "GB":
        return any(
            _FIELD_POST.search(text.upper())
            for text in (*address.address_lines, address.city or "", address.postal_code or "")
        )
    return False
