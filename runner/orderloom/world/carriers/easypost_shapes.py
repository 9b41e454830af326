"""EasyPost's documents (API v2, read November 2026): a shipment of ours in, theirs out; their answers in, ours out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import ROUND_UP, Decimal
from typing import Any

from orderloom.model import Address, Label, Measure, Money, Package, RateQuote, Shipment
from orderloom.world.errors import ConnectionFailedError

_OUNCE = Decimal("28.349523125")  # grams, exactly (NIST SP 811, B.8)
_INCH = Decimal("2.54")
_FORMATS = {"pdf": "PDF", "png": "PNG", "zpl": "ZPL"}
REFUNDED = {"submitted", "refunded"}


def shipment_body(shipment: Shipment, package: Package | None, reference: str | None, form: str) -> dict[str, Any]:
    """For POST /shipments. Raises `ConnectionFailedError` (invalid) where an address or the weight is not known."""
    body: dict[str, Any] = {
        "to_address": _address(shipment.ship_to, "ship_to"),
        "from_address": _address(shipment.ship_from, "ship_from"),
        "parcel": _parcel(shipment, package),
        "options": {"label_format": form.upper()},
    }
    customs = _customs(shipment)
    body |= {"customs_info": customs} if customs else {}
    body |= {"reference": reference} if reference else {}
    body |= {"is_return": True} if shipment.direction == "return" else {}
    return {"shipment": body}


def quotes(answer: Mapping[str, Any]) -> tuple[RateQuote, ...]:
    """The rates of an answer, by carrier and service; the cheapest where a service has several."""
    found: dict[tuple[str, str], RateQuote] = {}
    for rate in answer.get("rates") or ():
        quote = _quote(rate)
        key = (quote.carrier_code, quote.service_code)
        if key not in found or quote.amount.amount < found[key].amount.amount:
            found[key] = quote
    return tuple(found[key] for key in sorted(found))


def messages(answer: Mapping[str, Any]) -> Iterator[str]:
    """Why carriers gave no price, in their words."""
    for said in answer.get("messages") or ():
        if isinstance(said, Mapping) and said.get("message"):
            yield f"{said.get('carrier') or 'EasyPost'}: {str(said['message'])[:200]}"


def label_of(answer: Mapping[str, Any], form: str, path: str | None, sha256: str | None) -> Label:
    """The label of a shipment that was bought."""
    rate = answer.get("selected_rate") or {}
    return Label(
        label_id=str(answer["id"]),
        carrier_code=code_of(str(rate["carrier"])) if rate.get("carrier") else None,
        tracking_number=str(answer["tracking_code"]),
        format=_FORMATS[form],  # type: ignore[arg-type]  # one of the three
        path=path,
        sha256=sha256,
        cost=_money(rate) if rate.get("rate") else None,
        voided_at=datetime.now(UTC) if answer.get("refund_status") in REFUNDED else None,
    )


def is_bought(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("tracking_code") and answer.get("postage_label"))


def service_of(rate: Mapping[str, Any]) -> tuple[str, str]:
    """`("usps", "ground_advantage")` for USPS's GroundAdvantage."""
    return code_of(str(rate.get("carrier", ""))), code_of(str(rate.get("service", "")))


def code_of(name: str) -> str:
    """Their names in our spelling: `GroundAdvantage` and `GROUND_ADVANTAGE` are `ground_advantage`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def _quote(rate: Mapping[str, Any]) -> RateQuote:
    carrier, service = service_of(rate)
    days = rate.get("delivery_days") if rate.get("delivery_days") is not None else rate.get("est_delivery_days")
    return RateQuote(
        quote_id=str(rate["id"]),
        carrier_code=carrier,
        service_code=service,
        amount=_money(rate),
        transit_days=int(days) if days is not None else None,
        guaranteed=rate.get("delivery_date_guaranteed") is True,
        delivers_by=_moment(rate.get("delivery_date")),
    )


def _money(rate: Mapping[str, Any]) -> Money:
    return Money.of(str(rate["rate"]), str(rate.get("currency") or "USD"))


def _moment(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _address(address: Address | None, which: str) -> dict[str, Any]:
    if address is None or not address.country_code or not address.address_lines:
        raise ConnectionFailedError("invalid", f"the shipment has no `{which}` with street and country")
    lines = address.address_lines
    told = {
        "name": address.name, "company": address.company, "street1": lines[0], "street2": ", ".join(lines[1:]),
        "city": address.city, "state": address.region_code or address.region_name, "zip": address.postal_code,
        "country": address.country_code, "phone": address.phone, "email": address.email,
        "residential": True if address.kind == "residential" else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _parcel(shipment: Shipment, package: Package | None) -> dict[str, Any]:
    """Ounces and inches, rounded up."""
    weight = package.weight if package else None
    if weight is None and shipment.weight_kg and len(shipment.packages) < 2:
        weight = Measure(value=shipment.weight_kg, unit="kg")
    if weight is None or not weight.value:
        raise ConnectionFailedError("invalid", "the weight of the parcel is not known: enter it")
    told: dict[str, Any] = {"weight": _up(weight.grams / _OUNCE)}
    if package and package.dimensions and all(package.dimensions.cm):
        sides = zip(("length", "width", "height"), package.dimensions.cm, strict=True)
        told |= {name: _up(side / _INCH) for name, side in sides}
    return told


def _up(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.1"), ROUND_UP))


def _customs(shipment: Shipment) -> dict[str, Any] | None:
    customs = shipment.customs
    if customs is None or not customs.items:
        return None
    return {
        "contents_type": customs.contents_type or "merchandise", "restriction_type": "none",
        "non_delivery_option": "return", "customs_items": [_item(item) for item in customs.items],
    }  # fmt: skip


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is not known is left out: EasyPost then says what it wants."""
    value = item.get("value")
    worth, currency = (value.get("amount"), value.get("currency")) if isinstance(value, Mapping) else (value, None)
    told = {
        "description": item.get("description"), "quantity": item.get("quantity"),
        "value": str(worth) if worth else None, "currency": currency,
        "weight": _up(Decimal(str(item["weight_g"])) / _OUNCE) if item.get("weight_g") else None,
        "hs_tariff_number": item.get("hs_code"), "origin_country": item.get("origin_country"),
    }  # fmt: skip
    return {name: one for name, one in told.items() if one is not None}
