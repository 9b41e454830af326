"""A reply in; its body as data or text out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from orderloom import NodeError, Reply


def read_body(told: str, reply: Reply) -> Any:
    """JSON as data with exact numbers, other text as it is, nothing as None. Raises `NodeError` of class invalid."""
    if not reply.body:
        return None
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    text = _text(told, reply)
    if kind != "application/json" and not kind.endswith("+json"):
        return text
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NodeError("invalid", f"{told}: the service says that it answers JSON, and does not") from None


def _text(told: str, reply: Reply) -> str:
    _, _, charset = reply.headers.get("content-type", "").lower().partition("charset=")
    try:
        return reply.body.decode(charset.strip(' "') or "utf-8")
    except (LookupError, UnicodeDecodeError):
        raise NodeError("invalid", f"{told}: the service answered what is no text") from None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
