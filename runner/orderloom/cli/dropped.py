"""`orderloom run --claim`: the files of a drop folder, one after another, each once and then put aside."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from orderloom.cli.journalled import run_each
from orderloom.cli.running import Session
from orderloom.journal import FILE, Journal
from orderloom.problems import COMMAND_LINE, Problem, ProblemsError, refuse
from orderloom.run.arrivals.dropping import DONE, FAILED, Claimed, claim, left_behind, look
from orderloom.run.arrivals.intake import extent_of

_AGAIN_S = 1.0  # between two looks at the folder


@dataclass(frozen=True)
class Folder:
    """How a drop folder is watched."""

    path: Path
    settle_s: float
    marked_only: bool = False
    watch: bool = False


def run_dropped(session: Session, folder: Folder) -> None:
    """Take what is whole, first what a process that died had begun. Raises `ProblemsError` where there is no folder."""
    if not folder.path.is_dir():
        raise refuse("V901", f"there is no folder `{folder.path}`", COMMAND_LINE, "--claim is for a folder of files")
    while True:
        for claimed in _next(folder):
            _one(session, claimed)
        if not folder.watch:
            return
        time.sleep(_AGAIN_S)


def _next(folder: Folder) -> Iterator[Claimed]:
    for found in left_behind(folder.path):
        click.echo(f"{found.name}: a process that has ended had begun it; it is gone on with", err=True)
        yield found
    seen = look(folder.path, folder.settle_s, marked_only=folder.marked_only)
    for file in seen.whole:
        found_new = claim(folder.path, file)
        if found_new is not None:
            yield found_new
    if seen.waiting and not folder.watch:
        names = ", ".join(file.name for file in seen.waiting[:5])
        more = f" and {len(seen.waiting) - 5} more" if len(seen.waiting) > 5 else ""
        click.echo(f"left for the next time, for it may still be written: {names}{more}", err=True)


def _one(session: Session, claimed: Claimed) -> None:
    """One file: skipped where its content came before, else run; kept in mind once all of it is taken."""
    fact = f"dropped:{session.program.plan.flow.name}:{claimed.content_hash()}"
    before = _known(session, fact)
    if before is not None:
        place = claimed.put_aside(DONE)
        click.echo(f"{claimed.name}: skipped, it says what {before} said; put into {_shown(place)}", err=True)
        return
    found = _run(session, claimed)
    if found:
        place = claimed.put_aside(FAILED, [f"{one.place}: {one.code} {one.message}" for one in found])
        click.echo(f"{claimed.name}: not all of it could be read; put into {_shown(place)}", err=True)
    else:
        _remember(session, fact, claimed.name)
        claimed.put_aside(DONE)


def _run(session: Session, claimed: Claimed) -> list[Problem]:
    """What could not be read of it. Orders that a process had begun before are gone on with: their runs are kept."""
    own = str(claimed.file.parent.parent / claimed.name)
    wanted = replace(session.wanted, source=str(claimed.file), named=own)
    each = replace(session, wanted=wanted, extent=extent_of(str(claimed.file)), refused=[])
    try:
        run_each(each)
    except ProblemsError as error:
        session.codes.add(1)
        return list(error.problems)
    return each.refused


def _known(session: Session, fact: str) -> str | None:
    """The name and the day under which the same content came before."""
    with closing(Journal(session.opened.base / FILE)) as journal:
        row = journal.one("SELECT value FROM fact WHERE name = ?", (fact,))
    told = json.loads(row[0]) if row else None
    return f"{told['name']} of {told['at'][:10]}" if told else None


def _remember(session: Session, fact: str, name: str) -> None:
    told = json.dumps({"name": name, "at": datetime.now(UTC).isoformat()})
    with closing(Journal(session.opened.base / FILE)) as journal:
        journal.change(lambda db: db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (fact, told)))


def _shown(place: Path) -> str:
    return f"{place.parent.name}/{place.name}"
