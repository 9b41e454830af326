"""What a channel says and the canonical order has no place for, kept in its metadata under the channel's name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any


def kept(channel: str, data: Mapping[str, Any], mapped: Collection[str]) -> dict[str, Any]:
    """Every member that says something and is not in `mapped`: `{channel: {…}}`, or nothing at all."""
    found = {
        name: _plain(value)
        for name, value in data.items()
        if name not in mapped and value is not None and value not in ("", [], {})
    }
    return {channel: found} if found else {}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value
