"""The words of carriers for where a parcel is in, ours out.

Statuses and details of EasyPost's trackers as its API reference lists them, and the codes of X12 data element 1650
(shipment status, AT701 of a 214) that are plain about a parcel; both read on 2026-11-28.
"""

from __future__ import annotations

from typing import get_args

from orderloom.model.shipment import ShipmentStatus

UNKNOWN = "unknown"  # a carrier's word that we do not know: kept, and it moves nothing

_EASYPOST = {
    "pre_transit": "label_purchased",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "available_for_pickup": "available_for_pickup",
    "return_to_sender": "returned_to_sender",
    "failure": "delivery_failed",
    "cancelled": "cancelled",
    "error": UNKNOWN,
    "unknown": UNKNOWN,
}
# a detail says more than the status it stands beside
_DETAILS = {
    "lost": "lost",
    "damaged": "delivery_failed",
    "refused": "delivery_failed",
    "return": "returned_to_sender",
    "label_created": "label_purchased",
    "arrived_at_pickup_location": "available_for_pickup",
}
_X12_1650 = {
    "A3": "returned_to_sender",
    "A7": "delivery_failed",
    "AF": "in_transit",
    "AR": "available_for_pickup",
    "CA": "cancelled",
    "CP": "in_transit",
    "D1": "delivered",
    "I1": "in_transit",
    "J1": "in_transit",
    "OA": "out_for_delivery",
    "OF": "out_for_delivery",
    "P1": "in_transit",
    "R1": "in_transit",
    "SD": "in_transit",
    "X1": "in_transit",
    "X4": "in_transit",
    "X6": "in_transit",
    "XB": "label_purchased",
}
_GENERIC = {
    "created": "label_purchased", "accepted": "in_transit", "picked_up": "in_transit", "shipped": "in_transit",
    "transit": "in_transit", "departed": "in_transit", "arrived": "in_transit", "exception": "delivery_failed",
    "attempted": "delivery_failed", "failed": "delivery_failed", "returned": "returned_to_sender",
    "pickup": "available_for_pickup", "missing": "lost",
}  # fmt: skip
_OURS = {status: status for status in get_args(ShipmentStatus)}


def our_word(status: str | None, detail: str | None = None) -> str:
    """`return_to_sender` as `returned_to_sender`, `D1` as `delivered`; `unknown` for what no list has."""
    if detail and (told := _DETAILS.get(_plain(detail))):
        return told
    word = _plain(status or "")
    return _EASYPOST.get(word) or _OURS.get(word) or _GENERIC.get(word) or _X12_1650.get(word.upper()) or UNKNOWN


def same_carrier(one: str | None, other: str | None) -> bool:
    """Whether two names may be of one carrier: `USPS` and `usps`, `UPSDAP` and `ups`. Who is not named may be any."""
    if not one or not other:
        return True
    first, second = _bare(one), _bare(other)
    return first.startswith(second) or second.startswith(first)


def _plain(word: str) -> str:
    return "_".join(word.strip().lower().replace("-", " ").split())


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
