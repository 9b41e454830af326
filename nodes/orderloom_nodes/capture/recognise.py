"""What a payload is, told by its shape: the name of a format, or a sentence on what it is instead of an order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# a member that wraps what it names; the first word is what it holds
_ANSWERS = ("payload", "static", "response", "application/json")  # as Amazon's API and its sandbox answer
WRAPPED_ORDERS = ("order", "orders", "draft_order", "draft_orders", "Orders", *_ANSWERS)
WRAPPED_RETURNS = ("return", "returns", "refund", "refunds", *_ANSWERS, "request", "requests")

_WRAPPERS = {
    "refund": "a Shopify refund", "fulfillment": "a Shopify fulfilment", "transaction": "a Shopify transaction",
    "fulfillment_order": "a Shopify fulfilment order", "fulfillment_event": "a Shopify fulfilment event",
    "checkout": "a Shopify checkout", "customer": "a Shopify customer", "product": "a Shopify product",
    "variant": "a Shopify product variant", "dispute": "a Shopify payment dispute", "location": "a Shopify location",
    "inventory_level": "a Shopify stock level", "inventory_item": "a Shopify inventory item",
    "shipping_zone": "a Shopify shipping zone", "gift_card": "a Shopify gift card", "shop": "a Shopify shop",
    "price_rule": "a Shopify price rule", "discount_code": "a Shopify discount code",
    "webhook": "a Shopify webhook subscription", "order_edit": "a Shopify order edit",
}
# of `gid://shopify/Customer/1`; an Order and a DraftOrder are orders
_GLOBAL_IDS = {
    "Customer": "a Shopify customer", "Return": "a Shopify return", "Refund": "a Shopify refund",
    "Fulfillment": "a Shopify fulfilment", "FulfillmentOrder": "a Shopify fulfilment order",
    "Product": "a Shopify product", "ProductVariant": "a Shopify product variant", "Checkout": "a Shopify checkout",
    "AbandonedCheckout": "a Shopify checkout", "OrderTransaction": "a Shopify transaction",
    "InventoryItem": "a Shopify inventory item", "InventoryLevel": "a Shopify stock level",
    "Location": "a Shopify location", "Collection": "a Shopify collection", "Shop": "a Shopify shop",
    "Metaobject": "a Shopify metaobject", "GiftCard": "a Shopify gift card",
}
_GLOBAL_ID = re.compile(r"gid://shopify/(\w+)/")
_SHAPES = (
    ({"refund_line_items"}, "a Shopify refund"),
    ({"order_id", "tracking_company"}, "a Shopify fulfilment"),
    ({"order_id", "tracking_numbers"}, "a Shopify fulfilment"),
    ({"assigned_location_id", "line_items"}, "a Shopify fulfilment order"),
    ({"abandoned_checkout_url"}, "a Shopify checkout"),
    ({"order_id", "kind", "gateway"}, "a Shopify transaction"),
    ({"inventory_item_id", "available"}, "a Shopify stock level"),
    ({"date_created_gmt", "refunded_by"}, "a WooCommerce refund"),
    ({"NotificationType", "Payload"}, "a notice of Amazon"),
    ({"variants", "title"}, "a Shopify product"),
    ({"return_line_items"}, "a Shopify return"),
    ({"myshopify_domain"}, "a Shopify shop, as app/uninstalled and shop/update send it"),
    ({"orders_count", "default_address"}, "a Shopify customer"),
    ({"shipment_id", "packages"}, "a shipment of ours"),
    ({"return_id", "lines"}, "a return request of ours"),
)
_BEGINNINGS = (
    (b"ISA", "an X12 interchange"), (b"ST*", "an X12 transaction set"), (b"STX=", "a TRADACOMS interchange"),
    (b"UNA", "an EDIFACT interchange"), (b"UNB", "an EDIFACT interchange"), (b"<", "XML or HTML"), (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet"), (b"\x1f\x8b", "a gzip archive"),
)


_AMAZON = (
    {"AmazonOrderId"}, {"orderId", "orderItems"}, {"orderId", "salesChannel"}, {"purchaseOrderNumber", "orderDetails"},
    {"purchaseOrderNumber", "purchaseOrderState"},
)
_EBAY = ({"orderId", "lineItems"}, {"legacyOrderId"}, {"orderId", "pricingSummary"})
_WOOCOMMERCE = {"order_key", "date_created_gmt", "billing", "prices_include_tax"}


def format_of(data: Mapping[str, Any], document: str) -> str | None:
    """The format that a document has by its shape; None where it has none that is known."""
    if document == "return":
        if {"merchantSku", "numberOfUnits"} <= data.keys() or "marketplaceChannelDetails" in data:
            return "amazon"
        if data.keys() & {"refund_line_items", "return_line_items"}:
            return "shopify"
        if "refunded_by" in data or ("_links" in data and "line_items" in data):
            return "woocommerce"
        return "return" if "return_id" in data or {"requested_at", "lines"} <= data.keys() else None
    if "form" in data and data.keys() & {"lines", "taken_at", "number"}:
        return "form"
    if "line_items" in data and not other_than_order(data):
        return "woocommerce" if data.keys() & _WOOCOMMERCE else "shopify"
    for name, signs in (("amazon", _AMAZON), ("ebay", _EBAY)):
        if any(sign <= data.keys() for sign in signs):
            return name
    ours = "lines" in data and "return_id" not in data
    return "order" if ours and data.keys() & {"order_id", "schema_version", "totals", "channel"} else None


def other_than_order(data: Mapping[str, Any]) -> str | None:
    """What it is, where it is a document of another kind or of a channel that is not known here."""
    for needed, what in _SHAPES:
        if needed <= data.keys():
            return what
    own = _GLOBAL_ID.match(gid) if isinstance(gid := data.get("admin_graphql_api_id"), str) else None
    if own and own[1] in _GLOBAL_IDS:
        return _GLOBAL_IDS[own[1]]
    if data.keys() == {"id"}:
        return "a Shopify notice that something was deleted"
    if isinstance(data.get("data"), dict) and data.keys() <= {"data", "errors", "extensions"}:
        return "an answer of a GraphQL API"
    if len(data) > 2:
        return None
    return next((what for name, what in _WRAPPERS.items() if _wraps(data, name)), None)


def other_than_json(payload: bytes) -> str | None:
    """What the first bytes say, where they are not the beginning of JSON."""
    start = payload.lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((what for begin, what in _BEGINNINGS if start.startswith(begin)), None)


def _wraps(data: Mapping[str, Any], name: str) -> bool:
    return isinstance(data.get(name), dict) or isinstance(data.get(f"{name}s"), list)
