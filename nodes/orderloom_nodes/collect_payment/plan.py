"""When a declined charge is tried again and when not, and what the book of orders is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from orderloom import Later, Orders, World
from orderloom.model import Order, Payment, Transaction
from orderloom_nodes.collect_payment.charge import tries

MOST_TRIES = 15  # in 30 days: the card networks' rule for one charge (docs.stripe.com, Smart Retries, 2026-11)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _times(value: object) -> tuple[timedelta, ...]:
    if not isinstance(value, (list, tuple)) or len(value) >= MOST_TRIES:
        raise ValueError(f"a list of at most {MOST_TRIES - 1} times, such as [4h, 1d, 3d]")
    return tuple(_time(one) for one in value)


def _time(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d{1,4})([mhd])", str(value))
    if not found:
        raise ValueError("times such as 30m, 4h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


RetryPlan = Annotated[tuple[timedelta, ...], BeforeValidator(_times, json_schema_input_type=list[str])]


def next_try(world: World, plan: tuple[timedelta, ...], moved: Transaction) -> Later | None:
    """When to try again; None where the decline is final or the plan is at its end."""
    before = tries(world)
    if moved.decline_type != "soft" or len(before) >= len(plan):
        return None
    kept = [one.model_dump(mode="json", exclude_none=True) for one in (*before, moved)]
    return Later(world.now() + plan[len(before)], {"tries": kept})


def is_cancelled(world: World, orders: str, order: Order) -> bool:
    """Whether the order is cancelled, or was while its next try was waited for."""
    book = world.optional(orders, Orders)
    record = book.find(order.order_id) if book is not None else None
    return order.cancelled_at is not None or (record is not None and record.order.cancelled_at is not None)


def noted(world: World, orders: str, order: Order, payment: Payment) -> None:
    """Leave word in the book of orders, where the project has one."""
    book = world.optional(orders, Orders)
    if book is not None:
        status = f"{world.key}:payment:{len(payment.transactions)}:{payment.status}"
        book.note(order.model_copy(update={"payment": payment}), status)
