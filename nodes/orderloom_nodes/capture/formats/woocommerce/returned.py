"""WooCommerce's refund (REST API v3) in, the canonical return out. It names its order in its links alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from orderloom import PassedOver
from orderloom.model import ExternalRef, Return, ReturnLine, order_identity

from ...problems import Findings
from ...reading import Reading
from ...translate import translate
from .moments import moment

_ORDER = re.compile(r"/orders/(\d+)")


def read_return(data: Mapping[str, Any], account: str, findings: Findings) -> Return | PassedOver | None:
    """The return; a refund of money alone is left out, for nothing comes back; None after findings."""
    read = Reading(data, (), findings)
    try:
        return _read(read, account)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Return, findings)
        return None


def _read(read: Reading, account: str) -> Return | PassedOver | None:
    items = list(read.parts("line_items"))
    if not items and not read.findings.problems:
        return PassedOver("refunds of money alone: nothing comes back")
    own_id, when, order = read.required("id"), moment(read, "date_created"), _order(read)
    lines = [line for item in items if (line := _line(item)) is not None]
    if when is None and not read.has("date_created") and not read.has("date_created_gmt"):
        read.missing("date_created_gmt")
    if not order:
        read.find("V010", "parent_id", "`{}` is missing, and no link names the order", "send `_links`, or `parent_id`")
    if read.findings.problems or when is None:
        return None
    return Return(
        return_id=f"woocommerce:{account}:{own_id}",
        order_id=order_identity("woocommerce", account, order or ""),
        requested_at=when,
        initiator="merchant",
        status="closed",
        lines=tuple(lines),
        external_refs=(ExternalRef(system="woocommerce", type="refund", value=own_id),),
    )


def _order(read: Reading) -> str | None:
    told = read.identity("parent_id")
    if told and told != "0":
        return told
    links = read.part("_links")
    found = (_ORDER.search(one.text("href") or "") for one in (links.parts("up") if links else ()))
    return next((match[1] for match in found if match), None)


def _line(item: Reading) -> ReturnLine | None:
    """Units and sums of a refund's line are below nothing, and the line of the order stands in its fields."""
    quantity = item.whole("quantity")
    if not quantity:
        return None  # of this line money alone went back
    line_id = next(
        (str(one.data.get("value")) for one in item.parts("meta_data") if one.told("key") == "_refunded_item_id"), None
    ) or item.identity("id")
    if not line_id:
        item.missing("id")
        return None
    return ReturnLine(line_id=line_id, sku=item.text("sku") or "", quantity=abs(quantity), reason="other")
