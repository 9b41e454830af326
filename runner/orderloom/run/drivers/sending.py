"""Something has happened outside: it is kept, and the runs that wait for it go on.

What is on the disk is not lost, whoever dies then; a run that another process works on hears of it when it rests.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from orderloom.journal import Run, Signal
from orderloom.run.drivers.crew import Crew, WorkedOn
from orderloom.source import parse_json

IN_FLIGHT = 64


@dataclass(frozen=True)
class Sent:
    """What became of an event: the runs that it woke, and those that another process goes on with.

    `first` is the one of the same id that had come before; then this one counts for nothing.
    """

    signal: Signal
    first: Signal | None
    worked: Sequence[WorkedOn]
    elsewhere: Sequence[Run]

    @property
    def differs(self) -> bool:
        """Whether the one that came before said something else under the same id."""
        return self.first is not None and _content(self.first) != _content(self.signal)


async def send(crew: Crew, event: str, match: str, body: str, id_: str | None = None) -> Sent:
    """Keep the event (`body` is JSON text) and go on with the runs that wait for it.

    Without an id it is known by its content: a webhook that is sent again is the same event. Raises
    `JournalUnusableError`: then it is not kept.
    """
    journal = crew.shop.journal
    known = id_ or content_id(event, match, body)
    signal = Signal(known, event, match, crew.shop.clock.now().isoformat(), body)
    first = None if await asyncio.wrap_future(journal.keeping_signal(signal)) else journal.signal(known)
    woken = [run for run in journal.waiting_for(event, match) if _is_news(crew, run, known)]
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def wake(run: Run) -> WorkedOn | None:
        async with gate:
            lease = await asyncio.wrap_future(journal.taking(run))
            return await crew.go_on(*crew.shop.journal.held([lease])) if lease else None

    done = await asyncio.gather(*map(wake, woken))
    elsewhere = [run for run, one in zip(woken, done, strict=True) if one is None]
    return Sent(signal, first, [one for one in done if one is not None], elsewhere)


def content_id(event: str, match: str, body: str) -> str:
    """The same for events that say the same of the same, however their JSON is laid out."""
    return f"c-{sha256(_content(Signal('', event, match, '', body)).encode()).hexdigest()[:24]}"


def _content(signal: Signal) -> str:
    data: Any = parse_json(signal.body, signal.event).data  # `1.50` says something else than `1.5`: digits count
    return json.dumps([signal.event, signal.match, data], sort_keys=True, default=str)


def _is_news(crew: Crew, run: Run, signal: str) -> bool:
    return any(found.id == signal for found, _ in crew.shop.journal.signals_for(run.number))
