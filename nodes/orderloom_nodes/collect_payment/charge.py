"""One charge at the gateway: asked first what became of the same call before, so that nothing is charged twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom import ConnectionFailedError, NodeError, Payments, World
from orderloom.model import Money, Order, Transaction


def charge(world: World, connection: str, order: Order, amount: Money) -> Transaction:
    """The transaction of this try. Raises `NodeError` (unavailable) while nobody knows what became of it."""
    gateway = world.connection(connection, Payments)
    attempt = len(tries(world)) + 1
    key = world.key if attempt == 1 else f"{world.key}-{attempt}"
    try:
        known = gateway.find(key) if world.in_doubt else None
        moved = known or gateway.collect(order, amount, key)
    except ConnectionFailedError as failure:
        if failure.error_class != "timeout":
            raise
        found = gateway.find(key)
        if found is None:
            told = f"{failure.message}; it is asked again before another charge"
            raise NodeError("unavailable", told, in_doubt=True) from failure
        moved = found
    if moved.status in {"pending", "unknown"}:
        raise NodeError("unavailable", f"the charge of {amount} is {moved.status} at the gateway", in_doubt=True)
    return moved.model_copy(update={"attempt": attempt})


def tries(world: World) -> tuple[Transaction, ...]:
    """What was tried before this call, as its `Later` kept it."""
    kept: Mapping[str, Any] = world.state or {}
    return tuple(Transaction.model_validate(one) for one in kept.get("tries", ()))
