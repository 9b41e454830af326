"""One call at a gateway: asked first what became of the same call before, so that no money moves twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from orderloom import ConnectionFailedError, NodeError, World
from orderloom.model import Money, Transaction

Call = Callable[[str], Transaction]
Kind = str


class Finding(Protocol):
    """What every connection that moves money can be asked."""

    def find(self, key: str) -> Transaction | None: ...


def moved_once(
    world: World, gateway: Finding, call: Call, key: str, what: str,
    unknown: Callable[[], None] = lambda: None,
) -> Transaction:  # fmt: skip
    """The transaction of this call. Raises `NodeError` (unavailable, in doubt) while nobody knows what became of it.

    `unknown` leaves word of that before it is raised.
    """
    try:
        known = gateway.find(key) if world.in_doubt else None
        moved = known or call(key)
    except ConnectionFailedError as failure:
        if failure.error_class != "timeout":
            raise
        found = _found(gateway, key)
        if found is None:
            unknown()
            told = f"{failure.message}; it is asked again before another {what.partition(' ')[0]}"
            raise NodeError("unavailable", told, in_doubt=True) from failure
        moved = found
    if moved.status in {"pending", "unknown"}:
        unknown()
        raise NodeError("unavailable", f"the {what} is {moved.status} at the gateway", in_doubt=True)
    return moved


def not_known(kind: Kind, amount: Money, key: str) -> Transaction:
    """What stands in the payment until it is known what became of the call."""
    return Transaction.model_validate({
        "transaction_id": f"asked_{key[:40]}", "kind": kind, "status": "unknown", "amount": amount,
        "idempotency_key": key,
    })  # fmt: skip


def tries(world: World) -> tuple[Transaction, ...]:
    """What was tried before this call, as its `Later` kept it."""
    kept: Mapping[str, Any] = world.state or {}
    return tuple(Transaction.model_validate(one) for one in kept.get("tries", ()))


def is_own(moved: Transaction, key: str) -> bool:
    """Whether a call with this key made the movement."""
    return moved.idempotency_key == key or (moved.idempotency_key or "").startswith(f"{key}-")


def key_of_try(world: World, before: int) -> str:
    """A try after a decline is a charge of its own, with a key of its own."""
    return world.key if before == 0 else f"{world.key}-{before + 1}"


def _found(gateway: Finding, key: str) -> Transaction | None:
    try:
        return gateway.find(key)
    except ConnectionFailedError:  # it answers neither: nobody knows
        return None
