"""The work behind `orderloom runs list`: a page of runs as lines or as JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import click

from orderloom.cli.place import Place, place
from orderloom.cli.runs.words import between, fitted, moment, span
from orderloom.cli.telling import MARKS
from orderloom.journal import KEPT, Pending, Run
from orderloom.journal.reading import GROUPS, NEWEST, OPEN, Page, Wanted, kinds, page, place_of
from orderloom.problems import did_you_mean

SHORT_ID = 10  # letters that a person needs of an id: others begin so once in four thousand million runs
_HEADS = ("BEGAN", "RUN", "FLOW", "KEY", "STATUS", "TOOK", "AT")


def listed(
    wanted: Mapping[str, Any], *, limit: int, before: str | None, customer: str | None, as_json: bool
) -> None:
    """Print what is wanted."""
    with place() as here:
        if here is None:
            click.echo('{"runs": [], "next": null}' if as_json else "nothing has run here yet", err=not as_json)
            return
        after = place_of(here.run(before)) if before else NEWEST
        who = here.journal.hash_of(customer) if customer else None
        found = here.journal.read(lambda db: page(db, Wanted(**wanted, hash=who, before=after, limit=limit)))
        pending = _pending(here, found.runs)
        near = None if found.runs else here.journal.read(lambda db: _meant(db, wanted))
    if as_json:
        click.echo(_as_json(found, pending))
    elif not found.runs:
        click.echo(f"no run is as you want it{f': {near}' if near else ''}", err=True)
    else:
        _tell(found, pending)


def _meant(db: sqlite3.Connection, wanted: Mapping[str, Any]) -> str | None:
    """The flow or status that was probably meant by one that no run has; flows may be gone and ends are anybody's."""
    there = list(kinds(db))
    words = {"flow": {flow for flow, _ in there}, "status": {*GROUPS, *OPEN, *(status for _, status in there)}}
    strange = (name for name in words if name in wanted and wanted[name] not in words[name])
    return next(filter(None, (did_you_mean(wanted[name], words[name]) for name in strange)), None)


def _pending(here: Place, runs: Sequence[Run]) -> dict[int, list[Pending]]:
    """What the open ones wait for, by the number of the run."""
    open_ = [run.number for run in runs if run.ended is None]
    found: dict[int, list[Pending]] = {}
    for one in here.journal.pending(f"run IN ({', '.join('?' * len(open_))})", open_):
        found.setdefault(one.run, []).append(one)
    return found


def _tell(found: Page, pending: Mapping[int, Sequence[Pending]]) -> None:
    rows = [_row(run, pending.get(run.number, ())) for run in found.runs]
    widths = [max(len(row[column]) for row in [_HEADS, *rows]) for column in range(len(_HEADS))]
    for row in [_HEADS, *rows]:
        line = fitted("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        before = sum(widths[:4]) + 8  # the status is the fifth column
        status = click.style(line[before : before + len(row[4])], fg=MARKS.get(row[4]))
        click.echo(f"{line[:before]}{status}{line[before + len(row[4]) :]}")
    if found.more:
        click.echo(f"there are more: --before {found.runs[-1].id[:SHORT_ID]}", err=True)


def _row(run: Run, pending: Sequence[Pending]) -> tuple[str, ...]:
    took = span(between(run.began, run.ended)) if run.ended else ""
    at = ", ".join(map(_at, pending)) if run.ended is None else "" if run.payload == KEPT else f"({run.payload})"
    return moment(run.began), run.id[:SHORT_ID], run.flow, run.key, run.status, took, at


def _at(one: Pending) -> str:
    """`fix: orders`, `pay!timeout`, `delivered: parcel.delivered`."""
    if one.kind in {"parked", "undo"}:
        mark = "undo of " if one.kind == "undo" else ""
        return f"{mark}{one.step}!{json.loads(one.body).get('error', '')}"
    return f"{one.step}: {one.desk or one.event or one.kind}"


def _as_json(found: Page, pending: Mapping[int, Sequence[Pending]]) -> str:
    runs = [as_data(run, pending.get(run.number, ())) for run in found.runs]
    return json.dumps({"runs": runs, "next": found.runs[-1].id if found.more else None}, ensure_ascii=False)


def as_data(run: Run, pending: Sequence[Pending] = ()) -> dict[str, Any]:
    """One run of the list as JSON data."""
    told = {name: getattr(run, name) for name in ("id", "flow", "key", "status", "began", "ended")}
    told["run"] = told.pop("id")
    told = {name: told[name] for name in ("run", "flow", "key", "status", "began", "ended")}
    at = [{"step": one.step, "for": one.kind, "since": one.since} for one in pending]
    return told | ({"at": at} if at else {}) | ({"payload": run.payload} if run.payload != KEPT else {})
