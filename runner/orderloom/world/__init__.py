"""Everything outside a run: the clock, the connections, and the log in which a call leaves word of what it did.

A node is handed one `World` per call and touches nothing else. Connections are protocols here; the
implementations live beside this module and are chosen by `connections.yaml`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from orderloom.model import Order
from orderloom.world.protocols import (
    AnswerLinks,
    Documents,
    GiftCards,
    HoldingPayments,
    Http,
    LabelPrinting,
    Labels,
    Mail,
    Orders,
    Parcels,
    Payments,
    Rates,
    Reply,
    Shop,
    Stock,
    StockKeeper,
)

__all__ = [
    "AnswerLinks", "CallLog", "Clock", "Documents", "FixedClock", "GiftCards", "HoldingPayments", "Http",
    "LabelPrinting", "Labels", "Mail", "MissingConnectionError", "Orders", "Parcels", "Payments", "Rates", "Reply",
    "Sent", "Shop", "Stock", "StockKeeper", "SystemClock", "World",
]

C = TypeVar("C")


class Clock(Protocol):
    """Tells the time; passed in, so that tests and replays have their own."""

    def now(self) -> datetime:
        """The current moment, with offset, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still; for tests, cases and replays."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


class MissingConnectionError(Exception):
    """A node asked for a connection that `connections.yaml` does not name."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        self.name, self.known = name, tuple(known)
        super().__init__(
            f"no connection is named `{name}`; connections.yaml names: {', '.join(sorted(known)) or 'none'}"
        )


@dataclass(frozen=True)
class Sent:
    """A message that left, or was put into the outbox."""

    template: str
    to: str
    message_id: str


@dataclass
class CallLog:
    """What one call of a node did, besides its result: the decisions it asked for and the messages it sent."""

    decisions: list[Any] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


@dataclass(frozen=True)
class World:
    """What one call of a node may touch. `key` is the call's idempotency key: the same for every attempt.

    `in_doubt`: an attempt before this one may have taken effect. Look it up by its key before anything is done again.
    """

    clock: Clock
    connections: Mapping[str, object]
    key: str = ""
    state: Mapping[str, Any] | None = None  # what the node's last `Later` kept
    log: CallLog = field(default_factory=CallLog)
    in_doubt: bool = False
    rehearsal: bool = False  # a dry run: a node that `rehearses` works everything out and changes nothing

    def now(self) -> datetime:
        """The moment by the run's own clock, in UTC."""
        return self.clock.now()

    def connection(self, name: str, kind: type[C]) -> C:
        """The connection of that name. Raises `MissingConnectionError` where there is none of that kind."""
        found = self.connections.get(name)
        if not isinstance(found, kind):
            raise MissingConnectionError(name, self.connections.keys())
        return found

    def optional(self, name: str, kind: type[C]) -> C | None:
        """The connection of that name, or None where the project has none. Raises as `connection` for a wrong kind."""
        return self.connection(name, kind) if name in self.connections else None

    def shop_of(self, order: Order) -> Shop | None:
        """The shop that an order came from: the connection named `CHANNEL-ACCOUNT` or `CHANNEL`; None without one."""
        channel = order.channel
        for name in (f"{channel.type}-{channel.account_id}", channel.type):
            found = self.connections.get(name)
            if isinstance(found, Shop):
                return found
        return None
