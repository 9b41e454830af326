"""One request to the REST API in; its data, or a failure in words, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Http, Reply
from orderloom.world.shops.answers import data_of, failure, odd, quoted

ROOT = "wp-json/wc/v3"
PER_PAGE = 100  # the most that WordPress gives
MOST_PAGES = 100
_READ = {"status", "currency", "line_items", "meta_data"}  # of an order
_REFUSED = {"woocommerce_rest_cannot_create_order_refund", "woocommerce_rest_invalid_order_refund"}


class RefusedError(Exception):
    """WooCommerce understood a change and does not make it, in its words."""


class Store:
    """The API of one shop."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, path: str, *, query: Mapping[str, Any] | None = None, **parts: Any) -> Any:
        """Raises `ConnectionFailedError`."""
        return self._send("GET", path, parts, query=query)

    def put(self, path: str, body: Mapping[str, Any], **parts: Any) -> Any:
        """Raises `RefusedError` and `ConnectionFailedError`."""
        return self._send("PUT", path, parts, json=body)

    def post(self, path: str, body: Mapping[str, Any], key: str, **parts: Any) -> Any:
        """Raises `RefusedError` and `ConnectionFailedError`. WooCommerce heeds no key of a request: look first."""
        return self._send("POST", path, parts, json=body, key=key)

    def order(self, number: int) -> Mapping[str, Any]:
        """Raises `ConnectionFailedError` (invalid) where the shop does not know it."""
        found = self.get("orders/{order}", order=number)
        if not isinstance(found, dict) or found.get("id") != number:
            raise odd("is not the order that was asked for")
        if missing := sorted(_READ - found.keys()):
            raise odd(f"leaves out {' and '.join(missing)} of order {number}")
        return found

    def every(self, path: str, **parts: Any) -> Iterator[Mapping[str, Any]]:
        """The members of a list with pages. Raises `ConnectionFailedError`."""
        for page in range(1, MOST_PAGES + 1):
            found = self.get(path, query={"per_page": PER_PAGE, "page": page}, **parts)
            if not isinstance(found, list):
                raise odd("is no list")
            yield from found
            if len(found) < PER_PAGE:
                return
        raise odd(f"has more than {MOST_PAGES} pages")

    def _send(self, method: str, path: str, parts: Mapping[str, Any], **said: Any) -> Any:
        reply = self._http.send(method, f"{ROOT}/{path}", parts=parts, **said)
        if 200 <= reply.status < 300:
            return data_of(reply)
        code, words = _told(reply)
        if code in _REFUSED:
            raise RefusedError(quoted(words))
        if code == "woocommerce_rest_shop_order_invalid_id":
            raise ConnectionFailedError("invalid", f"the shop knows no order `{parts.get('order')}`")
        raise failure(reply, words)


def meta(thing: Mapping[str, Any], name: str) -> Any:
    """The value of a thing's own field of that name, or None."""
    return next((one.get("value") for one in thing.get("meta_data") or () if one.get("key") == name), None)


def _told(reply: Reply) -> tuple[str, str]:
    """Code and message of WordPress; a proxy before it says neither."""
    try:
        found = data_of(reply)
    except ConnectionFailedError:
        return "", ""
    return (str(found.get("code", "")), str(found.get("message", ""))) if isinstance(found, dict) else ("", "")
