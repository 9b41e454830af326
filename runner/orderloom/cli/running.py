"""The work behind `orderloom run`: open the flow, read orders one by one, run each once, report as it goes."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import click

from orderloom.cli import render
from orderloom.cli.answering import read_answers
from orderloom.cli.progress import Progress
from orderloom.cli.telling import Summary, tell, tell_briefly
from orderloom.declare import PassedOver, Payload, Unreadable
from orderloom.flow.open import Opened, open_flow
from orderloom.run.intake import is_stream, passed_over, payloads
from orderloom.run.keys import run_key
from orderloom.run.memory import MemoryDriver
from orderloom.run.program import Program, compile_plan
from orderloom.run.quarantine import keep
from orderloom.run.report import RunReport
from orderloom.world import SystemClock
from orderloom.world.located import connections_of

WORST_FIRST = (4, 1, 3, 0)


@dataclass(frozen=True)
class Wanted:
    """What stands on the command line."""

    flow: str
    source: str
    format: str | None = None
    account: str | None = None
    answers: tuple[str, ...] = ()
    dry_run: bool = False
    as_json: bool = False


@dataclass
class _Session:
    wanted: Wanted
    opened: Opened
    driver: MemoryDriver
    summary: Summary = field(default_factory=Summary)
    codes: set[int] = field(default_factory=set)
    seen: dict[bytes, bytes] = field(default_factory=dict)  # key → content


def run_all(wanted: Wanted) -> int:
    """Run every order of the input; gives the exit code. Raises `ProblemsError` where nothing can be run."""
    opened = open_flow(wanted.flow)
    render.show(opened.checked.problems)
    if opened.checked.plan is None:
        return 1
    program = compile_plan(opened.checked.plan)
    driver = MemoryDriver(
        program,
        opened.catalogue,
        connections_of(opened.project, opened.file),
        SystemClock(),
        read_answers(wanted.answers, program),
        wanted.dry_run,
    )
    session = _Session(wanted, opened, driver)
    gc.freeze()  # the plan, the tables and the models stay: no collection need walk them for each order again
    with closing(driver):
        _run_each(session, program)
    session.summary.tell(aside=wanted.as_json)
    return next(code for code in WORST_FIRST if code in session.codes | {0})


def _run_each(session: _Session, program: Program) -> None:
    for name in passed_over(session.wanted.source):
        click.echo(f"passed over {name}: orders are .json, .jsonl and .csv files", err=True)
    with Progress() as progress:
        for payload, item in _captured(session, program):
            if isinstance(item, Unreadable):
                _unreadable(session, payload, item)
            elif isinstance(item, PassedOver):
                session.summary.left_out[item.reason] += item.count
            else:
                _run_one(session, program, item)
            progress.step()


def _captured(session: _Session, program: Program) -> Iterator[tuple[Payload, Any]]:
    trigger = program.steps[0]
    wanted = session.wanted
    for payload in payloads(wanted.source, format=wanted.format, account=wanted.account):
        for item in trigger.node.call(payload=payload, **trigger.given.fixed):
            yield payload, item if not isinstance(item, Unreadable) else _in_its_file(item, payload)


def _in_its_file(item: Unreadable, payload: Payload) -> Unreadable:
    """A line of a JSON-lines file is a payload of its own: its places are moved to where it stands in the file."""
    if payload.line == 1:
        return item
    moved = [replace(p, place=replace(p.place, line=p.place.line + payload.line - 1)) for p in item.problems]
    return replace(item, problems=tuple(moved))


def _unreadable(session: _Session, payload: Payload, item: Unreadable) -> None:
    session.codes.add(1)
    session.summary.unreadable += 1
    text = payload.data.decode("utf-8", errors="replace")
    render.show(item.problems, sources={payload.name: text} if payload.line == 1 else None)
    if not session.wanted.dry_run:
        kept = keep(item, payload, session.opened.base / ".orderloom" / "quarantine")
        click.echo(f"kept with its problems in {kept}; it starts nothing", err=True)


def _run_one(session: _Session, program: Program, trigger: Any) -> None:
    key = run_key(program, trigger)
    if _met_before(session, key, trigger):
        return
    told = session.driver.run(key, trigger)
    session.codes.add(told.exit_code)
    session.summary.count(told)
    _print(session, told)


def _met_before(session: _Session, key: str, trigger: Any) -> bool:
    """An order met twice is run once; where the second says something else, that is told."""
    digest, content = sha256(key.encode()).digest()[:12], sha256(repr(trigger).encode()).digest()[:8]
    first = session.seen.setdefault(digest, content)
    if first is content:
        return False
    session.summary.repeated += 1
    if first != content:
        click.echo(f"{key} came again with other content: the first one was run, this one was not", err=True)
    return True


def _print(session: _Session, told: RunReport) -> None:
    if session.wanted.as_json:
        click.echo(json.dumps(told.to_json(), ensure_ascii=False, separators=(", ", ": ")))
    elif is_stream(session.wanted.source):
        tell_briefly(told)
    else:
        tell(told, session.driver.program)
