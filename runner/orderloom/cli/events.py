"""The work behind `orderloom event send`: keep the event, go on with the runs that wait for it, tell what they did."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from orderloom.cli.place import Place, place
from orderloom.cli.running import WORST_FIRST
from orderloom.cli.telling import tell_briefly
from orderloom.problems import COMMAND_LINE, did_you_mean, refuse
from orderloom.run.drivers.crew import WorkedOn
from orderloom.run.drivers.sending import Sent, send
from orderloom.source import parse_json
from orderloom.world import Clock
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.links import Links
from orderloom.world.located import connections_of

_NOTHING = "null"


def sent(
    name: str, match: str, data: str | None, id_: str | None, *, as_json: bool, clock: Clock | None = None
) -> int:
    """Send it; gives the exit code. Raises `ProblemsError` where the data is no JSON, `JournalUnusableError`."""
    body = _body(data)
    with place(clock, make=True) as here:
        assert here is not None
        with here.crew() as crew:
            done = asyncio.run(send(crew, name, match, body, id_))
        codes = {_code(one) for one in done.worked} | ({1} if done.differs else set())
        if as_json:
            click.echo(json.dumps(_as_data(done), ensure_ascii=False))
        else:
            _tell(here, done)
    return next(one for one in WORST_FIRST if one in codes | {0})


def matched(name: str, link: str, clock: Clock | None = None) -> str:
    """What the answer by a link is about. Raises `ProblemsError` where the link is no good."""
    with place(clock, make=True) as here:
        assert here is not None
        signer = connections_of(here.project, here.base / "connections.yaml").get("links")
        if not isinstance(signer, Links):
            raise refuse("J023", "this project has no connection `links`", COMMAND_LINE, "name one in connections.yaml")
        try:
            said = signer.read(link, here.clock.now())
        except ConnectionFailedError as error:
            raise refuse("J023", error.message, COMMAND_LINE) from None
    if said.event != name:
        raise refuse("J023", f"this link is for the event `{said.event}`, not `{name}`", COMMAND_LINE)
    return said.match


def _body(data: str | None) -> str:
    if data is None:
        return _NOTHING
    if data != "-" and not Path(data).is_file():
        raise click.UsageError(f"there is no file `{data}`")
    content = sys.stdin.buffer.read() if data == "-" else Path(data).read_bytes()
    return parse_json(content, data).text


def _code(worked: WorkedOn) -> int:
    report = worked.report
    if report is None:
        return 1 if worked.why else 0
    return 1 if worked.refusals else 0 if report.exit_code == 3 else report.exit_code  # it waits for something else


def _as_data(done: Sent) -> Mapping[str, Any]:
    signal = done.signal
    told: dict[str, Any] = {"event": signal.event, "match": signal.match, "id": signal.id}
    told |= {"repeated": done.first is not None, "woke": [one.run.id for one in done.worked]}
    told |= {"elsewhere": [run.id for run in done.elsewhere]} if done.elsewhere else {}
    return told | {"runs": [one.report.to_json() for one in done.worked if one.report]}


def _tell(here: Place, done: Sent) -> None:
    for line in _what_became(here, done):
        click.echo(line, err=True)
    for one in done.worked:
        if one.report is not None:
            tell_briefly(one.report)
        elif one.why:
            click.echo(f"{one.run.id} {one.run.key}: {one.why}", err=True)
        for refusal in one.refusals:
            click.echo(f"not accepted by {refusal}", err=True)


def _what_became(here: Place, done: Sent) -> Iterator[str]:
    signal = done.signal
    if done.differs and done.first:
        yield f"the id {signal.id} came at {done.first.at} with other content: that one counts, this one does not"
    elif done.first:
        yield f"the same had come at {done.first.at} and counts once; is it another one, give it its own --id"
    elif not done.worked and not done.elsewhere:
        yield f"nobody waits for it yet: kept for the first that does{_meant(here, signal.event)}"
    for run in done.elsewhere:
        yield f"{run.id} {run.key}: another process works on it, and goes on with it"


def _meant(here: Place, event: str) -> str:
    """What runs wait for, where it may have been meant."""
    awaited = dict(here.journal.awaited())
    if event in awaited:
        return f" ({event} is awaited {awaited[event]:,}×, with another --match)"
    near = did_you_mean(event, list(awaited))
    return f" ({near})" if near else ""
