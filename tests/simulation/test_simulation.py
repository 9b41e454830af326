"""Worlds drawn from seeds hold what is promised; where a promise is broken on purpose, some seed tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from orderloom.journal import Event, Journal, Lease, Standing, writing
from orderloom.journal.sheet import Sheet
from orderloom.run.drivers import calling
from orderloom.run.drivers.notes import Notes
from orderloom.run.machine.events import Call
from tests.simulation.run import play

SEEDS = 60
FIRST, MOST = 121, 40  # seeds, within which a broken promise must have been told: from there on each is soon

_STILL = Standing("running")  # of who goes on with a run

Patch = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("first", range(1, SEEDS, 15))
def test_whatever_happens_in_a_world_what_is_promised_holds(first: int) -> None:
    """More: `python -m tests.simulation.run --seeds 5000`."""
    for seed in range(first, first + 15):
        played = play(seed)
        assert not played.wrong, str(played)


def test_a_seed_gives_the_same_world_each_time() -> None:
    assert play(3).trace == play(3).trace


# Promises broken on purpose


def nobody_looks_whose_run_it_is(patch: pytest.MonkeyPatch) -> None:
    append, rest = Journal.append, writing.rest

    def with_the_lease_of_another(
        journal: Journal, lease: Lease, events: Sequence[Event], standing: Standing | None = None, *more: Any
    ) -> Any:
        return append(journal, lease, events, standing or _STILL, *more)

    def unfenced(
        db: sqlite3.Connection, sheet: Sheet, lease: Lease, events: Sequence[Event], standing: Standing
    ) -> bool:
        sheet.write(db)
        row = db.execute("SELECT epoch, events FROM run WHERE number = ?", (lease.run,)).fetchone()
        if standing is not _STILL:
            return rest(db, sheet, Lease(lease.run, *row), events, standing)
        sheet.append(Lease(lease.run, *row), events)
        return False

    patch.setattr(Journal, "append", with_the_lease_of_another)
    patch.setattr(writing, "rest", unfenced)


def effects_begin_without_an_intent(patch: pytest.MonkeyPatch) -> None:
    note = Notes.add
    patch.setattr(Notes, "add", lambda notes, event: None if event.kind == "intent" else note(notes, event))


def each_attempt_has_a_key_of_its_own(patch: pytest.MonkeyPatch) -> None:
    key = calling.idempotency_key

    def attempted(run: str, call: Call) -> str:
        return key(run, call) if call.attempt == 1 else key(f"{run}/{call.attempt}", call)

    patch.setattr(calling, "idempotency_key", attempted)


def events_are_told_again_to_who_has_had_them(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Notes, "had", lambda _notes, _signal: None)


def runs_rest_without_saying_when_they_are_due(patch: pytest.MonkeyPatch) -> None:
    rest = writing.rest

    def timeless(
        db: sqlite3.Connection, sheet: Sheet, lease: Lease, events: Sequence[Event], standing: Standing
    ) -> bool:
        return rest(db, sheet, lease, events, replace(standing, due=None))

    patch.setattr(writing, "rest", timeless)


def an_answer_that_was_lost_is_taken_for_a_failure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calling.Calling, "weighed", lambda _calling, _call, failure: replace(failure, in_doubt=False))


BROKEN: Sequence[Patch] = (
    nobody_looks_whose_run_it_is,
    effects_begin_without_an_intent,
    each_attempt_has_a_key_of_its_own,
    events_are_told_again_to_who_has_had_them,
    runs_rest_without_saying_when_they_are_due,
    an_answer_that_was_lost_is_taken_for_a_failure,
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_promise_that_is_broken_is_told_by_some_seed(broken: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    assert any(play(seed).wrong for seed in range(FIRST, FIRST + MOST))
