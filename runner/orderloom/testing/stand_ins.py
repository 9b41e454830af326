"""Connections that hold what a test says, in memory, and keep what they are handed."""

from __future__ import annotations

import json as jsons
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from orderloom.model import Label, Location, Reservation, StockLevel, Take
from orderloom.model.plain import plain
from orderloom.world import Reply
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.http.target import filled
from orderloom.world.protocols import PrintJob
from orderloom.world.shelf import Shelf
from orderloom.world.stock_ledger import StockLedger


class StockOf:
    """A `StockKeeper` that holds just what a test says."""

    def __init__(self, held: Iterable[StockLevel] = (), places: Iterable[Location] = ()) -> None:
        self.held, self.places = tuple(held), tuple(places)
        self._ledger = StockLedger(Shelf())

    def locations(self) -> tuple[Location, ...]:
        return self.places

    def levels(self, skus: Collection[str]) -> tuple[StockLevel, ...]:
        return tuple(self._ledger.applied(level) for level in self.held if level.sku in skus)

    def skus(self) -> Collection[str]:
        return {level.sku for level in self.held}

    def reservation(self, key: str) -> Reservation | None:
        return self._ledger.reservation(key)

    def picks(self, location_id: str, day: date) -> int:
        return self._ledger.picks(location_id, day)

    def reserve(
        self,
        order_id: str,
        takes: Sequence[Take],
        key: str,
        now: datetime,
        until: datetime | None = None,
        channel: str | None = None,
    ) -> Reservation | None:
        def by_place(skus: set[str]) -> Mapping[tuple[str, str], StockLevel]:
            return {(level.location_id, level.sku): level for level in self.levels(skus)}

        capacities = {place.location_id: place.capacity for place in self.places}
        return self._ledger.reserve(order_id, takes, key, now, until, by_place, channel, capacities)

    def expire(self, now: datetime) -> None:
        self._ledger.expire(now)

    def release(self, reservation_id: str, key: str, now: datetime) -> bool:  # noqa: ARG002 (as the protocol says)
        return self._ledger.release(reservation_id)

    def use(self, reservation_id: str, takes: Sequence[Take], key: str, now: datetime) -> None:
        self._ledger.use(reservation_id, takes, key, now)

    def restock(self, takes: Sequence[Take], key: str, now: datetime) -> None:
        self._ledger.restock(takes, key, now)


class PapersKept:
    """A `Documents` connection that keeps what it is handed in memory."""

    def __init__(self) -> None:
        self.papers: dict[str, bytes] = {}

    def write(self, name: str, content: bytes) -> str:
        self.papers[name] = content
        return name


class LabelsPrinted:
    """A `LabelPrinting` connection that keeps what it is handed; another key for the same label is a duplicate."""

    def __init__(self) -> None:
        self.printed: dict[str, Label] = {}

    def print(self, label: Label, key: str) -> PrintJob:
        duplicate = any(one == label for other, one in self.printed.items() if other != key)
        self.printed.setdefault(key, label)
        return PrintJob(duplicate=duplicate)


class MailKept:
    """A `Mail` connection that keeps what it is handed; the same key twice is kept once."""

    def __init__(self) -> None:
        self.messages: dict[str, EmailMessage] = {}

    def send(self, message: EmailMessage, key: str) -> str:
        self.messages.setdefault(key, message)
        return str(message["Message-ID"])


@dataclass
class HttpSaid:
    """An `Http` connection that answers what it is told to: `{"GET /orders/5": {status: 200, body: {...}}}`.

    `asked` keeps each request with its query, headers, body and key.
    """

    replies: Mapping[str, Any]
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def send(
        self,
        method: str,
        path: str,
        *,
        parts: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        key: str = "",
    ) -> Reply:
        try:
            request = f"{method} /{filled(path, parts).lstrip('/')}"
        except ValueError as error:
            raise ConnectionFailedError("invalid", str(error)) from None
        self.asked.append({"request": request, "query": query, "headers": headers, "body": plain(json), "key": key})
        if request not in self.replies:
            known = ", ".join(self.replies) or "nothing"
            raise ConnectionFailedError("refused", f"the test does not say what answers {request}; it says: {known}")
        return _reply(self.replies[request])


def _reply(told: Mapping[str, Any]) -> Reply:
    """A body that is data is answered as JSON. `error`: no answer, as that class."""
    if "error" in told:
        raise ConnectionFailedError(told["error"], "as the test says", in_doubt=bool(told.get("in_doubt")))
    body, headers = told.get("body"), {name.lower(): str(one) for name, one in (told.get("headers") or {}).items()}
    if body is None or isinstance(body, str):
        return Reply(told.get("status", 200), headers, (body or "").encode())
    headers.setdefault("content-type", "application/json")
    return Reply(told.get("status", 200), headers, jsons.dumps(plain(body)).encode())
