"""The journal: its file is whole, every order is accounted for, open runs wait for what they say they do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from orderloom.cli.doctor.finding import Finding
from orderloom.journal import FILE, Journal, JournalUnusableError, Run, is_there
from orderloom.journal.counting import Count, counted
from orderloom.journal.opening import version_of
from orderloom.journal.schema import MIGRATIONS
from orderloom.problems import ProblemsError
from orderloom.project import Project
from orderloom.run.kept.astray import Astray, astray
from orderloom.run.kept.pins import Pins

LARGE_BYTES = 2_000_000_000  # looking at every page of so much takes minutes
SAMPLE = 50  # open runs that are played back
_COPY = "stop what uses it, put it aside, and take it from a backup; what happened since is not in that"
_RESUME = "orderloom runs resume {}"


def journal_findings(folder: Path, project: Project | None) -> Iterator[Finding]:
    """`folder` is the project's, else where the command was given. Nothing is changed, nor gone on with."""
    file = folder / FILE
    if not is_there(file):
        yield Finding("journal", "journal", "ok", f"{file} is made with the first run")
        return
    try:
        version = version_of(file)
        if version != len(MIGRATIONS):
            yield _of_another_version(file, version)
            return
        with closing(Journal(file, reading=True)) as journal:
            yield from _found(journal, project)
    except JournalUnusableError as error:
        yield Finding("journal", "journal", "fault", str(error), _COPY, "F970")


def _of_another_version(file: Path, version: int) -> Finding:
    if version < len(MIGRATIONS):
        says = f"{file} is of version {version} and is brought up to {len(MIGRATIONS)} when it is next used"
        return Finding("journal", "journal", "ok", says)
    says = f"{file} was written by a newer orderloom (version {version}, this one knows {len(MIGRATIONS)})"
    return Finding("journal", "journal", "fault", says, "install that one", "F970")


def _found(journal: Journal, project: Project | None) -> Iterator[Finding]:
    damage = journal.read(_damage)
    yield _file(journal.file, damage)
    if damage:
        return
    flows = journal.read(counted)
    yield _accounts(flows)
    yield from (_lost(journal, number) for count in flows.values() for number in count.lost[:SAMPLE])
    yield from _open_runs(journal, Pins(journal, project))


def _damage(db: sqlite3.Connection) -> str | None:
    """What SQLite finds; of a large file its first page alone is looked at."""
    size = db.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").fetchone()[0]
    if size > LARGE_BYTES:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return None
    [first] = db.execute("PRAGMA quick_check(1)").fetchone()
    return None if first == "ok" else str(first)


def _file(file: Path, damage: str | None) -> Finding:
    size = file.stat().st_size
    if damage:
        return Finding("journal", "file", "fault", f"{file} is damaged: {damage}", _COPY, "F970")
    looked = "every page is sound" if size <= LARGE_BYTES else "too large to look at every page here"
    return Finding("journal", "file", "ok", f"{file}: {size / 1e6:,.1f} MB, {looked}")


def _accounts(flows: dict[str, Count]) -> Finding:
    total = Count()
    for count in flows.values():
        total.add(count)
    parts = [(total.ended.total(), "ended"), (total.waiting, "waiting"), (total.inbox, "in the inbox")]
    told = ", ".join(f"{number:,} {word}" for number, word in [*parts, (total.in_work, "in work")])
    if total.came == total.known:
        return Finding("journal", "orders", "ok", f"{total.came:,} came in: {told}")
    unequal = [name for name, count in flows.items() if count.came != count.known]
    says = f"{total.came:,} came in, and {total.known:,} are known ({told}); the sums differ for {', '.join(unequal)}"
    mend = "something else than orderloom has changed the file: compare it with a backup"
    return Finding("journal", "orders", "fault", says, mend, "F971")


def _lost(journal: Journal, number: int) -> Finding:
    run = journal.run(number)
    says = f"{run.id} ({run.flow} {run.key}) is {run.status}, and nobody works on it and nothing wakes it"
    return Finding("journal", "open runs", "fault", says, _RESUME.format(run.id), "F972")


def _open_runs(journal: Journal, pins: Pins) -> Iterator[Finding]:
    """The oldest open runs, played back: most of what goes astray goes so with time."""
    runs = list(journal.select_runs("ended IS NULL AND status != 'running' AND owner IS NULL", (), f"LIMIT {SAMPLE}"))
    found = [(run, why) for run in runs if (why := _astray(journal, pins, run)) is not None]
    if not found:
        yield Finding("journal", "open runs", "ok", f"{len(runs)} played back, and each waits for what it says it does")
        return
    yield from (_told(run, why) for run, why in found)
    if len(found) < len(runs):
        says = f"{len(runs) - len(found)} others were played back, and wait for what they say they do"
        yield Finding("journal", "open runs", "ok", says)


def _astray(journal: Journal, pins: Pins, run: Run) -> Astray | str | None:
    try:
        return astray(journal, pins, run)
    except ProblemsError as error:
        return error.problems[0].message


def _told(run: Run, why: Astray | str) -> Finding:
    name = f"{run.id} ({run.flow} {run.key})"
    if isinstance(why, str):
        return Finding("journal", "open runs", "fault", f"{name}: {why}", _RESUME.format(run.id), "F973")
    if why.unplayed:
        return Finding("journal", "open runs", "fault", f"{name}: {why.unplayed}", _RESUME.format(run.id), "F973")
    says = f"{name} waits for {_listed(why.played)}, and the journal lists {_listed(why.listed)}"
    return Finding("journal", "open runs", "fault", says, _RESUME.format(run.id), "F972")


def _listed(waits: Sequence[str]) -> str:
    return ", ".join(waits) or "nothing"
