"""What must hold of runs of which something was let go: they count as before, and nothing is left that was to go."""

from __future__ import annotations

import json
from collections.abc import Iterator

from orderloom.journal import ERASED, KEPT, Event, Journal, Run
from tests.simulation import flows
from tests.simulation.clerk import Past
from tests.simulation.world import World

# What a run still says when its values have gone
_LEFT = {"now", "outcome", "class", "for", "again_at", "attempt", "undo", "by", "task", "about", "log"}
_TABLES = ("event", "pending", "delivery", "taken", "person")


def histories(world: World, journal: Journal) -> Iterator[Past]:
    """Each run with all that has happened in it, whether or not that still stands in the journal."""
    for run in journal.select_runs("1"):
        yield Past(run, journal.events(run.number), journal.steps(run)) if run.payload == KEPT else _past(world, run)
    yield from (world.clerk.past[row[0]] for row in journal.all("SELECT id FROM gone"))


def _past(world: World, run: Run) -> Past:
    return world.clerk.past[run.id]


def forgotten(world: World, journal: Journal) -> Iterator[str]:
    for run in journal.select_runs("payload != ?", (KEPT,)):
        told = f"{run.flow} {run.key} ({run.payload})"
        yield from (f"{told}: {why}" for why in _less(_past(world, run), run, journal))
    for row in journal.all("SELECT id, flow, status, ended FROM gone"):
        was = world.clerk.past[row["id"]].run
        yield from (f"{was.flow} {was.key} (gone): {why}" for why in _nothing(was, tuple(row), journal))
    yield from _words(world, journal)


def _less(was: Past, run: Run, journal: Journal) -> Iterator[str]:
    """It says less, and the same."""
    events = journal.events(run.number)
    if (run.status, run.began, run.ended, run.events) != (was.run.status, was.run.began, was.run.ended, was.run.events):
        yield "it stands otherwise than before"
    if list(map(_shape, events)) != list(map(_shape, was.events)) or journal.steps(run) != was.steps:
        yield "other things have happened in it than before"
    if run.payload != ERASED:
        yield from (f"it still says {body}" for one in events if set(body := json.loads(one.body)) - _LEFT)


def _shape(event: Event) -> tuple[object, ...]:
    return event.kind, event.step, event.item, event.at, json.loads(event.body).get("outcome")


def _nothing(was: Run, row: tuple[str, str, str, str], journal: Journal) -> Iterator[str]:
    if row != (was.id, was.flow, was.status, was.ended):
        yield f"it ended as {was.status} at {was.ended}, and {row} is kept"
    for table in _TABLES:
        if journal.one(f"SELECT count(*) FROM {table} WHERE run = ?", (was.number,))[0]:
            yield f"something of it stands in {table}"
    if list(journal.select_runs("id = ?", (was.id,))):
        yield "it was run again"


def _words(world: World, journal: Journal) -> Iterator[str]:
    """All have been erased at the end: nothing tells of anybody in the text of any row."""
    for buyer in sorted(set(world.buyers.values())):
        for word in flows.words_of(buyer):
            for table, columns in _TEXTS.items():
                where = " OR ".join(f"instr(lower({column}), lower(?))" for column in columns)
                if journal.one(f"SELECT count(*) FROM {table} WHERE {where}", [word] * len(columns))[0]:
                    yield f"{word} was erased, and stands in {table}"


_TEXTS = {
    "run": ("key",), "event": ("body",), "pending": ("body", "match"), "signal": ("id", "match", "body"),
    "revision": ("key", "coalesce(body, '')"),
}  # fmt: skip
