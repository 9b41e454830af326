"""Which order it is and when it was what, as both shapes of an Amazon order say it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from orderloom.model import Raw, order_identity

from ...reading import Reading
from ..kept import kept
from ..shopify import content_hash
from .words import references


def identity(
    read: Reading, account: str, own_id: str, mapped: Collection[str], *, seller: str | None, replaced: str | None
) -> dict[str, Any]:
    """The order's names, with what was not mapped. `seller`: the seller's own number, where it is another one."""
    other = seller if seller != own_id else None
    return {
        "order_id": order_identity("amazon", account, own_id),
        "order_number": own_id or None,
        "original_order_id": order_identity("amazon", account, replaced) if replaced else None,
        "external_refs": references(own_id, {"seller_order": other}),
        "metadata": kept("amazon", read.data, mapped),
        "raw": Raw(media_type="application/json", sha256=content_hash(read.data)),
    }


def moments(ordered: datetime | None, updated: datetime | None, is_cancelled: bool) -> dict[str, Any]:
    """The order's times. Amazon counts no revisions: the second of the last change stands for one."""
    changed = updated or ordered
    return {
        "revision": max(0, int(changed.timestamp())) if changed else 0,
        "ordered_at": ordered,
        "updated_at": updated,
        "cancelled_at": changed if is_cancelled else None,
        "cancel_reason": "other" if is_cancelled else None,
    }
