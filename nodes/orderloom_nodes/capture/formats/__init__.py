"""The formats that orders are captured in: one module or package each, and one registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from orderloom import PassedOver
from orderloom.model import Order, Return

from ..problems import Findings
from . import amazon, canonical, ebay, form, shopify, woocommerce
from .shopify import returned as shopify_returned
from .woocommerce import returned as woocommerce_returned

FormatName = Literal["shopify", "woocommerce", "amazon", "ebay", "form", "canonical", "order", "return"]
DocumentKind = Literal["order", "return"]
Read = Callable[[Mapping[str, Any], str, Findings], Order | Return | PassedOver | None]


@dataclass(frozen=True)
class Format:
    """How a format is named, and what reads a document of each kind: (data, account, findings)."""

    name: FormatName
    about: str
    readers: Mapping[DocumentKind, Read]


FORMATS: dict[str, Format] = {
    found.name: found
    for found in (
        Format(
            "shopify",
            "an order, a refund or a return of Shopify's REST Admin API or webhooks",
            {"order": shopify.read_order, "return": shopify_returned.read_return},
        ),
        Format(
            "woocommerce",
            "an order or a refund of WooCommerce's REST API or webhooks",
            {"order": woocommerce.read_order, "return": woocommerce_returned.read_return},
        ),
        Format(
            "amazon",
            "an order or a return of Amazon's Selling Partner API",
            {"order": amazon.read_order, "return": amazon.read_return},
        ),
        Format("ebay", "an order of eBay's Fulfillment API", {"order": ebay.read_order}),
        Format("form", "an order that was taken by phone or in the store", {"order": form.read_order}),
        Format("canonical", "our own JSON", {"order": canonical.read_order, "return": canonical.read_return}),
        Format("order", "an order in our own JSON", {"order": canonical.read_order}),
        Format("return", "a return in our own JSON", {"return": canonical.read_return}),
    )
}
