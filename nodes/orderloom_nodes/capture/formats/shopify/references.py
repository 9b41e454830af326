"""What Shopify calls something, as an external reference; the same few products and tags come again and again."""

from __future__ import annotations

from functools import lru_cache

from orderloom.model import Channel, ExternalRef


@lru_cache(maxsize=16_384)
def reference(kind: str, value: str) -> ExternalRef:
    """Shopify's own id of a product, a variant, a customer, an order."""
    return ExternalRef(system="shopify", type=kind, value=value)


@lru_cache(maxsize=256)
def channel(account: str, source: str | None) -> Channel:
    """The shop, and the way in which the order came to it."""
    return Channel(type="shopify", account_id=account, source=source)
