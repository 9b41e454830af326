"""The work behind `orderloom run`: open the flow, read orders one by one, run each once, report as it goes."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from orderloom.cli import render
from orderloom.cli.answering import read_answers
from orderloom.cli.progress import Progress
from orderloom.cli.telling import Summary, revised_said, tell, tell_briefly
from orderloom.declare import PassedOver, Payload, Revising, Unreadable
from orderloom.flow.open import Opened, open_flow
from orderloom.run.arrivals.intake import KINDS, Extent, extent_of, is_stream, none_in, passed_over, payloads
from orderloom.run.arrivals.keys import content_digest, run_key
from orderloom.run.arrivals.quarantine import keep
from orderloom.run.drivers.memory import MemoryDriver
from orderloom.run.machine.answers import Answers
from orderloom.run.machine.program import Program, compile_plan
from orderloom.run.telling.report import RunReport
from orderloom.world import SystemClock
from orderloom.world.located import connections_of

if TYPE_CHECKING:
    from orderloom.cli.dropped import Folder
    from orderloom.problems import Problem

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
    journal: bool = True
    in_flight: int = 64
    named: str | None = None  # what the source is called, where it lies under another name
    folder: Folder | None = None  # that others drop files into


@dataclass
class Session:
    """One call of the command: what is wanted, what the flow is, what has come out so far."""

    wanted: Wanted
    opened: Opened
    program: Program
    connections: Mapping[str, object]
    answers: Answers
    extent: Extent = field(default_factory=Extent)
    summary: Summary = field(default_factory=Summary)
    codes: set[int] = field(default_factory=set)
    refused: list[Problem] = field(default_factory=list)  # what could not be read
    seen: dict[str, str] = field(default_factory=dict)  # key → content, where there is no journal to know it


def run_all(wanted: Wanted) -> int:
    """Run every order of the input; gives the exit code. Raises `ProblemsError` where nothing can be run."""
    opened = open_flow(wanted.flow)
    render.show(opened.checked.problems)
    if opened.checked.plan is None:
        return 1
    program = compile_plan(opened.checked.plan)
    connections = connections_of(opened.project, opened.file)
    answers = read_answers(wanted.answers, program)
    session = Session(wanted, opened, program, connections, answers, extent_of(wanted.source))
    if not wanted.journal and not wanted.dry_run:
        _refuse_effects(program)
    gc.freeze()  # the plan, the tables and the models stay: no collection need walk them for each order again
    for name in passed_over(wanted.source) if wanted.folder is None else ():
        click.echo(f"passed over {name}: orders are {KINDS}", err=True)
    if wanted.folder is not None:
        from orderloom.cli.dropped import run_dropped  # noqa: PLC0415 (files in a folder are rare)

        run_dropped(session, wanted.folder)
    elif wanted.journal and not wanted.dry_run:
        from orderloom.cli.journalled import run_each  # noqa: PLC0415 (dry runs do without)

        run_each(session)
    else:
        _run_each(session)
    session.summary.tell(aside=wanted.as_json)
    if not session.summary.total and not session.summary.left_out and wanted.folder is None:
        render.show([none_in(wanted.source)])
    return next(code for code in WORST_FIRST if code in session.codes | {0})


def _refuse_effects(program: Program) -> None:
    """What has effects is journalled: else nobody would know what was done when the process ends."""
    steps = [step.name for step in program.steps if step.node.effects != "none" or step.inner]
    if steps:
        raise click.UsageError(
            f"--no-journal is for flows without effects, and `{steps[0]}` has some: leave it out, or add --dry-run"
        )


def _run_each(session: Session) -> None:
    """Keep nothing: one order after another, in memory."""
    driver = MemoryDriver(
        session.program,
        session.opened.catalogue,
        session.connections,
        SystemClock(),
        session.answers,
        session.wanted.dry_run,
    )
    with closing(driver), Progress(session.extent) as progress:
        for trigger in triggers(session, progress):
            key = run_key(session.program, trigger)
            if not _met_before(session, key, trigger):
                tell_of(session, driver.run(key, trigger))
            progress.step()


def triggers(session: Session, progress: Progress) -> Iterator[Any]:
    """What starts a run, order by order; what cannot be read or is left out by rule is told and counted."""
    for payload, item in _captured(session):
        if isinstance(item, Unreadable):
            _unreadable(session, payload, item)
            progress.step()
        elif isinstance(item, PassedOver):
            session.summary.left_out[item.reason] += item.count
            progress.step()
        elif isinstance(item, Revising) and (session.wanted.dry_run or not session.wanted.journal):
            session.summary.left_out["changes of earlier orders: without the journal there are none"] += 1
            progress.step()
        else:
            yield item


def _captured(session: Session) -> Iterator[tuple[Payload, Any]]:
    trigger = session.program.steps[0]
    wanted = session.wanted
    for payload in payloads(
        wanted.source, format=wanted.format, account=wanted.account, extent=session.extent
    ):
        known = payload if wanted.named is None else replace(payload, name=wanted.named)
        for item in trigger.node.call(payload=known, **trigger.given.fixed):
            yield known, item if not isinstance(item, Unreadable) else _in_its_file(item, known)


def _in_its_file(item: Unreadable, payload: Payload) -> Unreadable:
    """A line of a JSON-lines file is a payload of its own: its places are moved to where it stands in the file."""
    if payload.line == 1:
        return item
    moved = [replace(p, place=replace(p.place, line=p.place.line + payload.line - 1)) for p in item.problems]
    return replace(item, problems=tuple(moved))


def _unreadable(session: Session, payload: Payload, item: Unreadable) -> None:
    session.codes.add(1)
    session.summary.unreadable += 1
    session.refused += item.problems
    text = payload.data.decode("utf-8", errors="replace")
    render.show(item.problems, sources={payload.name: text} if payload.line == 1 else None)
    if not session.wanted.dry_run:
        kept = keep(item, payload, session.opened.base / ".orderloom" / "quarantine")
        click.echo(f"kept with its problems in {kept}; it starts nothing", err=True)


def tell_of(session: Session, told: RunReport) -> None:
    """Count and print what an order came to."""
    if told.repeated:
        session.summary.repeated += 1
        if told.revised:
            click.echo(revised_said(told.key, told.revised), err=True)
        elif not session.wanted.as_json and not is_stream(session.wanted.source):
            click.echo(f"{told.key} had come before: this is its first run, and nothing is done twice", err=True)
    else:
        session.summary.count(told)
    session.codes.add(told.exit_code)
    _print(session, told)


def _met_before(session: Session, key: str, trigger: Any) -> bool:
    """An order met twice is run once; where the second says something else, that is told."""
    content = content_digest(trigger)
    first = session.seen.setdefault(key, content)
    if first is content:
        return False
    session.summary.repeated += 1
    if first != content:
        click.echo(f"{key} came again with other content: the first one was run, this one was not", err=True)
    return True


def _print(session: Session, told: RunReport) -> None:
    if session.wanted.as_json:
        click.echo(json.dumps(told.to_json(), ensure_ascii=False, separators=(", ", ": ")))
    elif is_stream(session.wanted.source):
        tell_briefly(told)
    else:
        tell(told, session.program)
