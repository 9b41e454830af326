"""One request to Stripe's API in; its document, or a failure in words, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Reply

VERSION = "2024-06-20"
MOST_PAGES = 20
_IN_USE = {"idempotency_key_in_use", "lock_timeout"}


class FormHttp(Protocol):
    """HTTP with bodies as forms have them."""

    def send(
        self, method: str, path: str, *, parts: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None, key: str = "",
    ) -> Reply: ...  # fmt: skip


class StripeRefusedError(Exception):
    """Stripe understood and did not do it: a declined card, a refund beyond the charge. `error` is its own object."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        self.error = error
        super().__init__(str(error.get("message") or error.get("code") or "refused"))


class Api:
    """The API of one account."""

    def __init__(self, http: FormHttp) -> None:
        self._http = http

    def get(self, path: str, query: Mapping[str, Any] | None = None, **parts: str) -> dict[str, Any]:
        """Raises `ConnectionFailedError`, and `StripeRefusedError` for what is not there."""
        return self._read(self._http.send("GET", f"v1/{path}", parts=parts, query=query or {}, headers=_HEADERS))

    def post(self, path: str, body: Mapping[str, Any], key: str, **parts: str) -> dict[str, Any]:
        """Once for its key, which Stripe keeps for a day at least. Raises as `get`."""
        form = dict(_flat(body))
        return self._read(self._http.send("POST", f"v1/{path}", parts=parts, form=form, headers=_HEADERS, key=key))

    def every(self, path: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The members of a list, the newest first. Raises as `get`."""
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self.get(path, {"limit": 100, **query, **after})
            members = page.get("data") or []
            yield from members
            if not page.get("has_more") or not members:
                return
            after = {"starting_after": str(members[-1]["id"])}

    def _read(self, reply: Reply) -> dict[str, Any]:
        found = _document(reply)
        if 200 <= reply.status < 300:
            return found
        error = found.get("error")
        error = error if isinstance(error, dict) else {}
        words = str(error.get("message") or f"HTTP {reply.status}")
        if reply.status in {401, 403}:
            raise ConnectionFailedError("refused", f"Stripe does not let this key do that: {words}")
        if reply.status == 429 or error.get("code") == "rate_limit":
            raise ConnectionFailedError("rate_limited", "Stripe asks to slow down")
        if reply.status >= 500 or reply.status == 408:
            raise ConnectionFailedError("unavailable", f"Stripe could not answer: {words}", in_doubt=True)
        if reply.status == 409 or error.get("code") in _IN_USE:
            raise ConnectionFailedError("unavailable", f"Stripe is still at the same call: {words}", in_doubt=True)
        if error.get("type") == "idempotency_error":
            raise ConnectionFailedError("invalid", f"the same key came with another request: {words}")
        raise StripeRefusedError({**error, "status": reply.status})


_HEADERS = {"Stripe-Version": VERSION}


def _document(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    if reply.status >= 400:
        return {}
    message = f"Stripe answered HTTP {reply.status} with something that is not JSON"
    raise ConnectionFailedError("unavailable", message, in_doubt=True)


def _flat(body: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """`{"metadata": {"order": "1"}}` as `metadata[order]=1`; what is None is left out."""
    for name, value in body.items():
        at = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, Mapping):
            yield from _flat(value, at)
        elif isinstance(value, (list, tuple)):
            yield from _flat({str(place): one for place, one in enumerate(value)}, at)
        elif value is not None:
            yield at, ("true" if value else "false") if isinstance(value, bool) else str(value)
