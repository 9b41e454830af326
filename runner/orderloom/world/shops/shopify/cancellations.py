"""An order to call off in; an order that is called off out, waited for: Shopify does it after it has answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orderloom.model import Order
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shops.answers import mark, own_order
from orderloom.world.shops.shopify import queries
from orderloom.world.shops.shopify.admin import Admin, RefusedError, gid

WAITS_S = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_REASONS: Mapping[str, str] = {
    "customer": "CUSTOMER", "inventory": "INVENTORY", "fraud": "FRAUD", "declined": "DECLINED", "staff": "STAFF",
}


def cancel(admin: Admin, order: Order, reason: str, key: str, pause: Callable[[float], None]) -> None:
    """Raises `ConnectionFailedError`: refused in the shop's words; timeout where its job does not end."""
    at = gid("Order", own_order(order, "shopify"))
    if _is_cancelled(admin, at):
        return
    wanted = {
        "orderId": at,
        "notifyCustomer": False,  # a step of the flow does
        "refundMethod": {"originalPaymentMethodsRefund": False},
        "restock": False,
        "reason": _REASONS.get(reason, "OTHER"),
        "staffNote": mark(key),
    }
    try:
        job = admin.change(queries.CANCEL, "orderCancel", wanted)["job"]
    except RefusedError as error:
        if _comes_to_be(admin, at, pause):  # the job of an attempt whose answer was lost is still at it
            return
        raise ConnectionFailedError("refused", f"the shop refuses to cancel the order: {error}") from None
    _await(admin, at, str(job["id"]) if job and not job["done"] else None, pause)


def _await(admin: Admin, at: str, job: str | None, pause: Callable[[float], None]) -> None:
    done = job is None
    for wait_s in (*WAITS_S, None):
        done = done or bool(admin.one(queries.JOB, "job", str(job))["done"])
        if done and _is_cancelled(admin, at):
            return
        if done:
            message = "the shop took the cancellation and did not carry it out: look there"
            raise ConnectionFailedError("refused", message)
        if wait_s is not None:
            pause(wait_s)
    message = f"the shop was still cancelling after {sum(WAITS_S):g} s"
    raise ConnectionFailedError("timeout", message, in_doubt=True)


def _comes_to_be(admin: Admin, at: str, pause: Callable[[float], None]) -> bool:
    for wait_s in WAITS_S[:4]:
        if _is_cancelled(admin, at):
            return True
        pause(wait_s)
    return _is_cancelled(admin, at)


def _is_cancelled(admin: Admin, at: str) -> bool:
    return admin.one(queries.CANCELLED, "order", at)["cancelledAt"] is not None
