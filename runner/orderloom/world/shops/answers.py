"""What a shop answered, as data or as a failure in words; and what marks a change there as ours."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from orderloom.model import Order
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Reply

LONGEST_QUOTE = 300
LONGEST_WAIT_S = 3_600.0
_TAG = re.compile(r"<[^>]*>")
_OWN_ID = re.compile(r"(?:gid://shopify/[A-Za-z]+/)?([0-9]{1,20})\Z")


def mark(key: str) -> str:
    """The word by which a note, a reason or a refund is known again as the doing of one call."""
    return f"orderloom-{key}"


def own_number(value: str, what: str) -> int:
    """The shop's number for something. Raises `ConnectionFailedError` (invalid) where `value` is none."""
    found = _OWN_ID.match(value)
    if found is None:
        raise ConnectionFailedError("invalid", f"{what} `{value}` has no number of the shop's own")
    return int(found[1])


def own_order(order: Order, system: str) -> int:
    """The shop's number of an order: what it was captured with, else the end of the order's id."""
    refs = (ref.value for ref in order.external_refs if ref.system == system and ref.type == "order")
    return own_number(next(refs, order.order_id.rpartition(":")[2]), "order")


def quoted(text: object) -> str:
    """The shop's own words, on one line and without markup."""
    words = " ".join(_TAG.sub(" ", str(text)).split())
    shown = "".join(letter for letter in words if letter.isprintable())
    return shown if len(shown) <= LONGEST_QUOTE else shown[: LONGEST_QUOTE - 1] + "…"


def data_of(reply: Reply) -> Any:
    """The JSON of an answer, numbers exact. Raises `ConnectionFailedError` where it is none."""
    try:
        return json.loads(reply.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        message = f"the shop answered HTTP {reply.status} with something that is not JSON"
        raise ConnectionFailedError("unavailable", message, in_doubt=True) from None


def failure(reply: Reply, words: str = "") -> ConnectionFailedError:
    """What a status outside 200–299 means (RFC 9110, 15; 429: RFC 6585)."""
    status, said = reply.status, f": {quoted(words)}" if words else ""
    if status in {401, 403}:
        message = f"the shop does not let this connection do that (HTTP {status}){said}"
        return ConnectionFailedError("refused", f"{message}; look at its key and permissions")
    if status in {429, 430}:  # 430: Shopify's, for requests that look unlike a client's
        return ConnectionFailedError("rate_limited", f"the shop asks to slow down (HTTP {status})", wait_of(reply))
    if status in {402, 423}:
        return ConnectionFailedError("refused", f"the shop is closed to programs (HTTP {status}){said}")
    if status == 408 or status >= 500:
        message = f"the shop could not answer (HTTP {status}){said}"
        return ConnectionFailedError("unavailable", message, wait_of(reply), in_doubt=True)
    if 300 <= status < 400:
        message = f"the shop is somewhere else (HTTP {status} to {quoted(reply.headers.get('location', 'nowhere'))})"
        return ConnectionFailedError("invalid", message)
    return ConnectionFailedError("invalid", f"the shop does not take the request (HTTP {status}){said}")


def wait_of(reply: Reply) -> float | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3); a date there is left to the flow's own delay."""
    told = reply.headers.get("retry-after", "")
    return min(float(told), LONGEST_WAIT_S) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", told) else None


def odd(what: str) -> ConnectionFailedError:
    """An answer that is JSON and not of the published shape."""
    return ConnectionFailedError("invalid", f"the shop's answer {what}; is the connection's address that of a shop?")
