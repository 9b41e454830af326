"""Running the cases that a node's folder carries: `cases.yaml`, input and settings → outcome.

- case: a sentence that is true
  with: {order: {...}, table: rules/x.table.yaml}
  world: {now: 2026-03-02T10:00:00Z, stock: {locations: [...], levels: [...]}}
  then: {outcome: routed}            # a part of what must come out; or {error: empty}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from orderloom.declare import Derived, Node, NodeError, Outcome, Payload, Unreadable, Wait
from orderloom.model import Location, OrderRecord, Reservation, StockLevel, Take
from orderloom.problems import Place
from orderloom.run.values import plain
from orderloom.source import read_document
from orderloom.world import FixedClock, World
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.gateway import TestGateway
from orderloom.world.labels import TestLabels
from orderloom.world.order_book import OrderBook
from orderloom.world.shelf import Shelf
from orderloom.world.stock_ledger import StockLedger

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One case of a node, as it stands in its `cases.yaml`."""

    case: str
    given: Mapping[str, Any]
    world: Mapping[str, Any]
    then: Mapping[str, Any]


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

    def reserve(
        self, order_id: str, takes: Sequence[Take], key: str, now: datetime, until: datetime | None = None
    ) -> Reservation | None:
        def by_place(skus: set[str]) -> Mapping[tuple[str, str], StockLevel]:
            return {(level.location_id, level.sku): level for level in self.levels(skus)}

        return self._ledger.reserve(order_id, takes, key, now, until, by_place)

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


class MailKept:
    """A `Mail` connection that keeps what it is handed; the same key twice is kept once."""

    def __init__(self) -> None:
        self.messages: dict[str, EmailMessage] = {}

    def send(self, message: EmailMessage, key: str) -> str:
        self.messages.setdefault(key, message)
        return str(message["Message-ID"])


def read_cases(file: Path) -> list[Case]:
    """The cases of a node's folder. Raises `ProblemsError` where the file cannot be read."""
    data = read_document(file).data or []
    return [Case(case["case"], case.get("with") or {}, case.get("world") or {}, case["then"]) for case in data]


def run_case(node: Node, case: Case, folder: Path) -> Any:
    """What the node gives for a case, as plain data; a failure as `{"error": class, "message": …}`."""
    world = make_world(case.world)
    try:
        return _told(node.call(**arguments(node, case.given, folder, world)))
    except (NodeError, ConnectionFailedError) as error:
        return {"error": error.error_class, "message": error.message}


def arguments(node: Node, given: Mapping[str, Any], folder: Path, world: World) -> dict[str, Any]:
    """The keyword arguments of a call, each value made into the parameter's own type."""
    made: dict[str, Any] = {}
    for parameter in node.parameters:
        if parameter.role == "world":
            made[parameter.name] = world
        elif parameter.role == "payload":
            made[parameter.name] = _payload(given[parameter.name], folder)
        elif parameter.name not in given:
            continue
        elif parameter.role == "resource":
            place = Place(str(folder / "cases.yaml"))
            made[parameter.name] = parameter.resource.load_setting(given[parameter.name], place, [folder])
        else:
            made[parameter.name] = parameter.adapter.validate_python(given[parameter.name])
    return made


def make_world(told: Mapping[str, Any]) -> World:
    """A world that holds what a case says: `now`, `stock`, earlier `orders`, the gateway's `answers`; all in memory.

    With `key` the call has another idempotency key than `case`, with `state` what its last `Later` kept.
    """
    now = datetime.fromisoformat(told["now"]) if "now" in told else NOW
    return World(FixedClock(now), _connections(told), key=told.get("key", "case"), state=told.get("state"))


def _connections(told: Mapping[str, Any]) -> dict[str, object]:
    stock = told.get("stock") or {}
    held = (StockLevel.model_validate(level) for level in stock.get("levels", ()))
    places = (Location.model_validate(place) for place in stock.get("locations", ()))
    shelf, papers = Shelf(), PapersKept()
    records = [OrderRecord.model_validate(record) for record in told.get("orders", ())]
    book = OrderBook(shelf)
    for number, record in enumerate(records):
        book.note(
            record.order, f"case-{number}", shipments=record.shipments, refunds=record.refunds, returns=record.returns
        )
    return {
        "stock": StockOf(held, places),
        "mail": MailKept(),
        "orders": book,
        "payments": TestGateway(shelf, told.get("answers"), lambda: records),
        "labels": TestLabels(shelf, papers),
        "documents": papers,
    }


def misses(expected: Any, got: Any, path: str = "") -> list[str]:
    """Where `got` lacks what `expected` says; objects may hold more, lists may not."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return [miss for name, value in expected.items() for miss in misses(value, got.get(name), f"{path}.{name}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [
            miss for number, value in enumerate(expected) for miss in misses(value, got[number], f"{path}[{number}]")
        ]
    return [] if _same(expected, got) else [f"{path or 'it'}: expected {expected!r}, got {got!r}"]


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(got, (int, float, str)) and not isinstance(got, bool):
        return str(expected) == str(got) or Decimal(str(got)) == expected
    return bool(expected == got)


def _payload(given: Any, folder: Path) -> Payload:
    if isinstance(given, str):
        return Payload((folder / given).read_bytes(), given)
    text, file = given.get("text"), given.get("file")
    data = text.encode() if text is not None else (folder / file).read_bytes()
    return Payload(data, file or "case.json", given.get("format"), given.get("account"))


def _told(result: Any) -> Any:
    if isinstance(result, Derived):
        return plain({"outcome": result.outcome, **result.fields})
    if isinstance(result, (Outcome, Mapping)):
        return plain(result)
    if isinstance(result, Wait):
        return plain({"waits": result.kind, **result.about})
    if isinstance(result, Unreadable):
        return {"unreadable": [problem.code for problem in result.problems]}
    return [_told(item) for item in result] if hasattr(result, "__iter__") else plain(vars(result))
