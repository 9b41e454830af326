"""The inbox in words and as JSON: a line a task, or one task with all its data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from orderloom.cli.inbox.finding import found
from orderloom.cli.place import Place, place
from orderloom.cli.render import visible
from orderloom.cli.times import ago, moment
from orderloom.model.plain import plain
from orderloom.run.kept.pins import PinError
from orderloom.run.kept.records import RecordError
from orderloom.run.machine.resolving import NotParkedError, given_to
from orderloom.run.telling.sentences import flat, sentence
from orderloom.run.telling.tasks import NOBODYS, Task, tasks
from orderloom.run.telling.veil import Veil

_HEADS = ("TASK", "KEY", "FLOW", "STEP", "DESK", "WAITING", "WHY")
_SAID = ("question", "suggest", "because", "problems", "outcomes")
_TOLD = {*_SAID, "kind", "desk", "time_limit", "error", "message", "words", "accept"}
_WIDEST_WHY = 100
_VEIL = Veil((), full=True)  # who deals with a task needs the data, and nobody the numbers of cards


def listed(*, desk: str | None, kind: str | None, flow: str | None, as_json: bool) -> None:
    """Print the tasks, the oldest first."""
    with place() as here:
        if here is None:
            click.echo("nothing waits: nothing has run here yet", err=True)
            return
        now, many = here.clock.now(), list(tasks(here.journal, desk=desk, kind=kind, flow=flow))
    if as_json:
        for task in many:
            click.echo(json.dumps(_as_data(task), ensure_ascii=False))
        return
    if many:
        _table([_HEADS, *(_row(task, now) for task in many)])
    click.echo(_summary(many, now), err=True)


def shown(name: str, *, as_json: bool) -> None:
    """Print one task with its data."""
    with found(name) as here:
        task = here.task
        data = _VEIL.over(_data(here.place, task))
    if as_json:
        click.echo(json.dumps({**_as_data(task), **data}, ensure_ascii=False))
        return
    now = here.place.clock.now()
    where = [task.flow, _step(task), f"desk {task.desk}" if task.desk else "", task.run]
    click.secho(f"{task.number}  {visible(task.key)}", bold=True)
    click.echo(f"{'  '.join(part for part in where if part)}")
    until = f", until {moment(task.due)}" if task.due else ""
    click.echo(f"{task.kind}, waiting for {ago(now - task.since)}{until}")
    for line in _body(task, data):
        click.echo(visible(_VEIL.text(line)))
    for way in task.ways:
        click.secho(way, bold=True)


def _body(task: Task, data: Mapping[str, Any]) -> Iterator[str]:
    about = task.about
    if about.get("error"):
        yield f"{about['error']}: {about['message']}"
    if about.get("question"):
        yield str(about["question"])
    yield from (sentence(one) for one in flat(about.get("problems")))
    yield from (f"because: {sentence(one)}" for one in flat(about.get("because")))
    if about.get("suggest"):
        yield f"suggested: {about['suggest']}"
    for name, value in data.items():
        if name not in {"question", "problems", "because", "commands"}:
            yield f"{name}:"
            yield from (f"  {line}" for line in json.dumps(value, ensure_ascii=False, indent=2).splitlines())


def _data(here: Place, task: Task) -> dict[str, Any]:
    """What the task brings along: the document of a question, or what the calls that failed were handed."""
    told = {name: value for name, value in task.about.items() if name not in _TOLD}
    if task.kind in {"parked", "in_doubt", "undo"}:
        told |= _handed(here, task)
    return told


def _handed(here: Place, task: Task) -> dict[str, Any]:
    [run] = here.journal.select_runs("id = ?", (task.run,))
    try:
        report = here.look(run)
        given = given_to(report.state, task.step, task.item, undo=task.kind == "undo")
    except (PinError, RecordError, NotParkedError) as error:
        return {"with": None, "why_not": str(error)}
    return {"with": plain(list(given)), "path": list(report.path)}


def _as_data(task: Task) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(task, name) for name in ("number", "run", "flow", "key", "step", "kind", "desk", "why")
    }
    told = {"task": told.pop("number"), **told, "since": plain(task.since), "due": plain(task.due)}
    said = {name: value for name in _SAID if (value := task.about.get(name))}
    item = {} if task.item is None else {"item": task.item}
    shown: dict[str, Any] = _VEIL.over(told | item | said | {"commands": list(task.ways)})
    return shown


def _row(task: Task, now: datetime) -> tuple[str, ...]:
    why = " ".join(visible(_VEIL.text(task.why)).split())
    short = why if len(why) <= _WIDEST_WHY else why[: _WIDEST_WHY - 1] + "…"
    waiting = ago(now - task.since)
    return str(task.number), visible(task.key), task.flow, _step(task), task.desk or "-", waiting, short


def _step(task: Task) -> str:
    if not task.step:
        return "-"
    return task.step if task.item is None else f"{task.step}[{task.item + 1}]"


def _table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _summary(many: Sequence[Task], now: datetime) -> str:
    if not many:
        return "nothing waits"
    oldest = ago(now - many[0].since)
    who = "" if many[0].kind in NOBODYS else f".  orderloom inbox show {many[0].number}"
    return f"{len(many)} waiting, oldest {oldest}{who}"
