"""The work behind `orderloom event track`: note what a carrier tells of parcels, and tell the runs what has ended."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from orderloom.cli.place import Place, place
from orderloom.model import Shipment
from orderloom.problems import COMMAND_LINE, refuse
from orderloom.run.drivers.sending import Sent, send
from orderloom.source import parse_json
from orderloom.world import Clock
from orderloom.world.located import connections_of
from orderloom.world.order_book import OrderBook
from orderloom.world.tracking import FINAL, Tracked, UnreadableTrackingError, read_tracking, tracked

DELIVERED, FAILED = "parcel.delivered", "parcel.failed"
_SAYS = {"returned_to_sender": "goes back to its sender", "lost": "is lost"}


@dataclass(frozen=True)
class Noted:
    """What became of the word on one parcel."""

    number: str
    status: str | None
    order_id: str | None
    notes: tuple[str, ...]
    sent: Sequence[Sent] = ()

    @property
    def woke(self) -> list[str]:
        """The runs that went on by it."""
        return list(dict.fromkeys(run.run.id for sent in self.sent for run in sent.worked))


def track(source: str, *, as_json: bool, clock: Clock | None = None) -> int:
    """Note it all; gives the exit code. Raises `ProblemsError` where it tells of no parcel, `JournalUnusableError`."""
    content = sys.stdin.buffer.read() if source == "-" else _content(source)
    with place(clock, make=True) as here:
        assert here is not None
        try:
            told = read_tracking(parse_json(content, source).data, here.clock.now())
        except UnreadableTrackingError as error:
            raise refuse("J024", str(error), COMMAND_LINE) from None
        done = [_noted(here, parcel) for parcel in told]
    for one in done:
        click.echo(json.dumps(_as_data(one), ensure_ascii=False)) if as_json else _tell(one)
    return 1 if any(one.status is None for one in done) else 0


def _content(source: str) -> bytes:
    if not Path(source).is_file():
        raise click.UsageError(f"there is no file `{source}`")
    return Path(source).read_bytes()


def _noted(here: Place, told: Tracked) -> Noted:
    book = connections_of(here.project, here.base / "connections.yaml").get("orders")
    record = book.of_parcel(told.number) if isinstance(book, OrderBook) else None
    if record is None or not isinstance(book, OrderBook):
        return Noted(told.number, None, None, (f"no parcel with the number {told.number} was sent from here",))
    before = next(one for one in record.shipments if told.number in _numbers(one))
    now, notes = tracked(before, told)
    if now != before:
        book.note(record.order, _key(told), shipments=[now])
    ended = now.status in FINAL and before.status != now.status
    return Noted(told.number, now.status, record.order.order_id, notes, _send(here, told, now) if ended else ())


def _send(here: Place, told: Tracked, now: Shipment) -> list[Sent]:
    with here.crew() as crew:
        return [
            asyncio.run(send(crew, event, told.number, json.dumps(body), id_))
            for event, id_, body in _events(told, now)
        ]


def _events(told: Tracked, now: Shipment) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """What its end is to those that wait, with an id. A delivery that will not come is not waited for any longer."""
    at = next(event.occurred_at for event in reversed(now.tracking_events) if event.status == now.status)
    body = {"data": {"status": now.status, "carrier": told.carrier}, "at": at.isoformat()}
    says = _SAYS.get(now.status)
    yield DELIVERED if says is None else FAILED, f"{told.number} {now.status}", body
    if says is not None:
        failure = {"error": "refused", "message": f"its carrier says that parcel {told.number} {says}"}
        yield DELIVERED, f"{told.number} {now.status}, not delivered", failure


def _key(told: Tracked) -> str:
    """The same message again is the same note."""
    seen = "|".join(sorted(event.event_id or "" for event in told.events))
    return f"tracking {told.number} {sha256(seen.encode()).hexdigest()[:16]}"


def _numbers(shipment: Shipment) -> Iterator[str]:
    return (package.tracking_number.upper() for package in shipment.packages if package.tracking_number)


def _as_data(one: Noted) -> Mapping[str, Any]:
    told: dict[str, Any] = {"parcel": one.number, "status": one.status, "order": one.order_id, "notes": list(one.notes)}
    return told | ({"event": one.sent[0].signal.event, "woke": one.woke} if one.sent else {})


def _tell(one: Noted) -> None:
    if one.status is not None:
        woke = f", {len(one.woke)} runs go on" if one.woke else ""
        click.echo(f"{one.number}: {one.status.replace('_', ' ')}, order {one.order_id}{woke}")
    for note in one.notes:
        click.echo(f"  {note}", err=True)
