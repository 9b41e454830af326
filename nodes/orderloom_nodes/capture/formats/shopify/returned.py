"""Shopify's refunds and returns (REST resources and webhooks) in, the canonical return out, with what was given back.

Fields are those of the published Refund resource and of the webhooks returns/…, versions to 2025-10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from orderloom import PassedOver
from orderloom.model import (
    MINOR_DIGITS,
    ExternalRef,
    Money,
    Refund,
    RefundAllocation,
    Return,
    ReturnLine,
    order_identity,
)
from orderloom.model.returns import RequestStatus, ReturnReason

from ...problems import Findings
from ...reading import Reading
from ...translate import translate

_REASONS: dict[str, ReturnReason] = {
    "color": "style",
    "defective": "defective",
    "not_as_described": "not_as_described",
    "other": "other",
    "size_too_large": "too_large",
    "size_too_small": "too_small",
    "style": "style",
    "unknown": "other",
    "unwanted": "unwanted",
    "wrong_item": "wrong_item",
}
_STATES: dict[str, RequestStatus] = {
    "requested": "requested",
    "open": "approved",
    "closed": "closed",
    "declined": "declined",
    "canceled": "cancelled",
    "cancelled": "cancelled",
}


def read_return(data: Mapping[str, Any], account: str, findings: Findings) -> Return | PassedOver | None:
    """The return; a refund of money alone is left out, for nothing comes back; None after findings."""
    read = Reading(data, (), findings)
    try:
        return _return(read, account) if "return_line_items" in data else _refund(read, account)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Return, findings)
        return None


def _refund(read: Reading, account: str) -> Return | PassedOver | None:
    """A refund is a return that has been closed; what was taken off the order before it left comes back too."""
    items = list(read.parts("refund_line_items"))
    if not items:
        return PassedOver("refunds of money alone: nothing comes back")
    lines = [line for item in items if (line := _refunded_line(item)) is not None]
    head = _head(read, account)
    given = _given_back(read)
    if read.findings.problems:
        return None
    return Return(**head, status="closed", lines=tuple(lines), refund=given, initiator="merchant")


def _head(read: Reading, account: str) -> dict[str, Any]:
    own_id, order = read.required("id"), read.identity("order_id") or _within(read, "order")
    when = next(
        (
            found
            for name in ("created_at", "requested_at", "processed_at", "updated_at")
            if (found := read.moment(name)) is not None
        ),
        None,
    )
    if not order:
        read.missing("order_id")
    if when is None:
        read.missing("created_at")
    return {
        "return_id": f"shopify:{account}:{own_id}",
        "rma_number": read.text("name"),
        "order_id": order_identity("shopify", account, order or ""),
        "requested_at": when,
        "external_refs": (ExternalRef(system="shopify", type="return", value=own_id),) if own_id else (),
    }


def _within(read: Reading, name: str) -> str | None:
    part = read.part(name)
    return part.identity("id") if part is not None else None


def _refunded_line(item: Reading) -> ReturnLine | None:
    before = len(item.findings.problems)
    line_id, quantity = item.identity("line_item_id") or _within(item, "line_item"), item.whole("quantity")
    about = item.part("line_item") or Reading({}, (), item.findings)
    if not line_id:
        item.missing("line_item_id")
    if quantity is None or quantity < 1:
        item.find("V018", "quantity", "`{}` is no count: a line has from 1 to 1,000,000 units")
    if len(item.findings.problems) > before or quantity is None or line_id is None:
        return None
    back = item.told("restock_type") in ("return", "cancel")
    return ReturnLine(
        line_id=line_id,
        sku=about.text("sku") or "",
        quantity=quantity,
        reason="other",
        received_quantity=quantity if back else None,
        disposition="restock" if back else None,
    )


def _given_back(read: Reading) -> Refund | None:
    paid = [one for one in read.parts("transactions") if one.told("kind") == "refund"]
    moved = [(one, money) for one in paid if (money := _moved(one)) is not None]
    if not moved or len({money.currency for _, money in moved}) > 1:
        return None
    amounts = [money for _, money in moved]
    states = {one.told("status") for one, _ in moved}
    return Refund(
        refund_id=read.identity("id"),
        amount=sum(amounts[1:], amounts[0]),
        method="original_payment",
        allocations=tuple(_allocations(moved)),
        status="success" if states == {"success"} else "failure" if states <= {"failure", "error"} else "pending",
    )


def _moved(one: Reading) -> Money | None:
    currency = one.text("currency")
    return one.money("amount", currency) if currency in MINOR_DIGITS else None


def _allocations(moved: list[tuple[Reading, Money]]) -> Iterator[RefundAllocation]:
    """To the payment that each came from, where it is told; else under its own name."""
    for one, money in moved:
        payment = one.identity("parent_id") or one.identity("id")
        if payment:
            yield RefundAllocation(transaction_id=payment, amount=money)


def _return(read: Reading, account: str) -> Return | None:
    lines = [line for item in read.parts("return_line_items") if (line := _returned_line(item)) is not None]
    head, status = _head(read, account), read.word("status", _STATES, "status of a return")
    if not lines and not read.findings.problems:
        read.find("V019", "return_line_items", "`{}` is empty: a return has at least one line")
    if read.findings.problems:
        return None
    return Return(**head, status=status or "requested", lines=tuple(lines))


def _returned_line(item: Reading) -> ReturnLine | None:
    before = len(item.findings.problems)
    shipped = item.part("fulfillment_line_item")
    line = (shipped.part("line_item") if shipped else None) or item.part("line_item") or Reading({}, (), item.findings)
    line_id, quantity = line.identity("id") or item.identity("line_item_id"), item.whole("quantity")
    if not line_id:
        item.missing("line_item_id")
    if quantity is None or quantity < 1:
        item.find("V018", "quantity", "`{}` is no count: a line has from 1 to 1,000,000 units")
    if len(item.findings.problems) > before or quantity is None or line_id is None:
        return None
    return ReturnLine(
        line_id=line_id,
        sku=line.text("sku") or "",
        quantity=quantity,
        reason=_REASONS.get(item.told("return_reason"), "other"),
        customer_note=item.text("customer_note") or item.text("return_reason_note"),
    )
