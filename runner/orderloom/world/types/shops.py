"""Connections to the shops that orders come from: `shopify` and `woocommerce`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import TEXT, ConnectionType, Key, Unfit, is_loopback, reader, secret
from orderloom.world.secrets import secret_from
from orderloom.world.types.http import LIMITS, address, basic, service, with_ca

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")
_VERSION = re.compile(r"20[0-9]{2}-(01|04|07|10)")
FIRST_VERSION = "2026-04"  # the first that does a refund with the same key once


@reader(**TEXT)
def _shop(value: Any) -> str | Unfit:
    if isinstance(value, str) and _SHOP.fullmatch(value):
        return value
    return Unfit("is the shop's own name at Shopify, not its domain", "for example: my-shop.myshopify.com", "C330")


@reader(**TEXT)
def _version(value: Any) -> str | Unfit:
    if isinstance(value, str) and _VERSION.fullmatch(value) and value >= FIRST_VERSION:
        return value
    return Unfit(f"is a version of the Admin API from {FIRST_VERSION} on", 'in quotes: version: "2026-07"', "C331")


def _open_shopify(values: Mapping[str, Any], folder: Path) -> object:
    from orderloom.world.http import Base  # noqa: PLC0415 (only projects with a shop pay for it)
    from orderloom.world.shops.shopify import VERSION, Shopify  # noqa: PLC0415

    root = values.get("base", f"https://{values['shop']}").rstrip("/")
    base = Base.parse(f"{root}/admin/api/{values.get('version', VERSION)}")
    token = secret_from(values["token"], folder)
    return Shopify(service(base, with_ca(values, folder), {"X-Shopify-Access-Token": token}))


def _open_woocommerce(values: Mapping[str, Any], folder: Path) -> object:
    from orderloom.world.http import Base  # noqa: PLC0415
    from orderloom.world.shops.woocommerce import WooCommerce  # noqa: PLC0415

    signed = basic(secret_from(values["key"], folder).reveal(), secret_from(values["secret"], folder))
    return WooCommerce(service(Base.parse(values["base"]), with_ca(values, folder), {"Authorization": signed}))


def _odd(values: Mapping[str, Any]) -> Iterator[Unfit]:
    from orderloom.world.http import Base  # noqa: PLC0415

    base = Base.parse(values["base"]) if "base" in values else None
    if base is not None and base.scheme == "http" and not is_loopback(base.host):
        yield Unfit("would send its credentials unprotected", "write https:// in `base`", "S102")


TYPES: tuple[ConnectionType, ...] = (
    ConnectionType(
        "shopify",
        {
            "shop": Key(_shop, "my-shop.myshopify.com", required=True),
            "token": Key(secret, "{env: SHOPIFY_TOKEN}", required=True),
            "version": Key(_version, '"2026-07"'),
            "base": Key(address, "https://my-shop.myshopify.com"),
            **LIMITS,
        },
        _open_shopify,
        _odd,
    ),
    ConnectionType(
        "woocommerce",
        {
            "base": Key(address, "https://shop.example.com", required=True),
            "key": Key(secret, "{env: WOOCOMMERCE_KEY}", required=True),
            "secret": Key(secret, "{env: WOOCOMMERCE_SECRET}", required=True),
            **LIMITS,
        },
        _open_woocommerce,
        _odd,
    ),
)
