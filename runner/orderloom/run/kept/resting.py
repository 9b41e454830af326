"""A run that rests: whether it has ended, and what it waits for, as the journal lists it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from orderloom.journal import EXCEPTION, RUNNING, WAITING, Pending
from orderloom.model.plain import plain
from orderloom.run.kept.recording import CallPlace, place_of
from orderloom.run.kept.records import storable
from orderloom.run.machine.events import Failure, Open
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.resolving import parked_steps

_ITEM = re.compile(r"\[[0-9]+\](?=/)")  # which item of a for_each: `parcels[2]/label`


def ended(status: str) -> bool:
    """Whether a status is one that a run ends with."""
    return status not in {RUNNING, WAITING, EXCEPTION}


def pending_of(
    run: Interpreter, since: Mapping[CallPlace, datetime], again_at: Mapping[CallPlace, datetime], now: datetime
) -> list[Pending]:
    """All that the run waits for: people, events, times, retries, parked steps and undos that failed."""
    return [
        *(_opened(one, since.get(place_of(one.call), now)) for part in run.live() for one in part.open.values()),
        *_retries(run, again_at, now),
        *_parked(run, now),
        *_undos(run, now),
    ]


def path_of(run: Interpreter) -> str:
    """The steps that the run has come to, a line each, sorted: by it runs are found and counted.

    `pay:paid`, `fix!timeout` (parked steps too), `approve` that waits; of the items of a for_each, one stands for all.
    """
    told = {str(entry) for entry in run.path}
    told |= {f"{part.prefix}{step.name}!{failure.error_class}" for part, step, failure in parked_steps(run)}
    told |= {one.call.name for part in run.live() for one in part.open.values()}
    return "\n".join(sorted({_ITEM.sub("", name) for name in told}))


def _opened(one: Open, since: datetime) -> Pending:
    call, wait = one.call, one.wait
    limit = call.timeout
    about = {name: value for name, value in wait.about.items() if value is not None}
    kind: Any = wait.kind
    if kind == "time":
        due: datetime | None = wait.about["until"]
    else:
        due = since + limit if limit else None
    shown = {**about, "outcomes": list(call.program.planned.outcomes), "time_limit": limit}
    return Pending(
        kind, call.name, call.item, since.isoformat(), _text(shown), due.timestamp() if due else None,
        about.get("desk"), about.get("event"), str(about.get("match", "")) if "event" in about else None,
    )  # fmt: skip


def _retries(run: Interpreter, again_at: Mapping[CallPlace, datetime], now: datetime) -> Iterator[Pending]:
    for part in run.live():
        for one in part.retries:
            due = again_at.get(place_of(one.call), now)
            failed = {"error": one.after.error_class, "message": one.after.message} if one.after else {}
            shown = {"until": due, "attempt": one.call.attempt, **failed}
            yield Pending("time", one.call.name, one.call.item, now.isoformat(), _text(shown), due.timestamp())


def _parked(run: Interpreter, now: datetime) -> Iterator[Pending]:
    for part, step, failure in parked_steps(run):
        name = f"{part.prefix}{step.name}"
        shown = {**_told(failure, step.node.name), "outcomes": list(step.planned.outcomes)}
        yield Pending("parked", name, None, now.isoformat(), _text(shown), desk="exceptions")


def _undos(run: Interpreter, now: datetime) -> Iterator[Pending]:
    for call, failure in run.undo_failures:
        shown = _text({**_told(failure, call.node.name), "undo": True})
        yield Pending("undo", call.name, call.item, now.isoformat(), shown, desk="exceptions")


def _told(failure: Failure, node: str) -> dict[str, Any]:
    told = {"error": failure.error_class, "message": failure.message, "node": node}
    return told if failure.item is None else {**told, "item": failure.item}


def _text(shown: Mapping[str, Any]) -> str:
    return storable(json.dumps(plain(shown), ensure_ascii=False, separators=(",", ":")))
