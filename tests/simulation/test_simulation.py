"""Worlds drawn from seeds hold what is promised; where a promise is broken on purpose, some seed tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from orderloom.journal import Event, Journal, Lease, Standing, erasing, pruning, writing
from orderloom.journal.lane import Piece
from orderloom.journal.sheet import Sheet
from orderloom.run.drivers import calling
from orderloom.run.drivers.notes import Notes
from orderloom.run.kept.pins import Pins
from orderloom.run.machine.events import Call
from orderloom.run.machine.program import Program, compile_plan
from tests.simulation import flows
from tests.simulation.disk import Disk
from tests.simulation.hands import HandLane
from tests.simulation.run import play

SEEDS = 60
MOST = 40  # seeds, within which a broken promise must have been told

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


def runs_go_on_with_the_flow_of_today(patch: pytest.MonkeyPatch) -> None:
    def todays(pins: Pins, hash_: str) -> Program:
        return flows.program(flows.held_to(hash_).plan.flow.name, 2)

    patch.setattr(Pins, "program", todays)


def runs_go_on_with_nodes_of_another_version(patch: pytest.MonkeyPatch) -> None:
    def unlooked(self: Pins, opened: Any, *_: Any) -> Program:
        return compile_plan(opened.checked.plan)

    patch.setattr(Pins, "_checked", unlooked)


def a_full_disk_is_told_to_nobody(patch: pytest.MonkeyPatch) -> None:
    commit = HandLane.commit

    def beside_it(lane: HandLane, batch: Sequence[Piece]) -> None:
        if lane.disk.state != "full":
            commit(lane, batch)
            return
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as nowhere:
            lane._db.backup(nowhere)
            commit(HandLane(lane.file, nowhere, Disk()), batch)

    patch.setattr(HandLane, "commit", beside_it)


def what_is_erased_stays_in_the_bytes_of_the_file(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(erasing, "scrub", lambda _file, _wait_s=None: True)


def an_erased_person_stands_in_events_from_outside(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(erasing, "empty_signals", lambda _db, _ids, _texts: None)


def of_a_pruned_run_not_even_the_id_is_kept(patch: pytest.MonkeyPatch) -> None:
    remove = pruning.remove

    def forgetful(db: sqlite3.Connection, runs: Sequence[int]) -> None:
        remove(db, runs)
        db.execute("DELETE FROM gone")

    patch.setattr(pruning, "remove", forgetful)


BROKEN: Mapping[Patch, int] = {  # each with a seed soon after which some world tells of it
    nobody_looks_whose_run_it_is: 125,
    effects_begin_without_an_intent: 121,
    each_attempt_has_a_key_of_its_own: 121,
    events_are_told_again_to_who_has_had_them: 121,
    runs_rest_without_saying_when_they_are_due: 121,
    an_answer_that_was_lost_is_taken_for_a_failure: 144,
    runs_go_on_with_the_flow_of_today: 121,
    runs_go_on_with_nodes_of_another_version: 123,
    a_full_disk_is_told_to_nobody: 122,
    what_is_erased_stays_in_the_bytes_of_the_file: 121,
    an_erased_person_stands_in_events_from_outside: 121,
    of_a_pruned_run_not_even_the_id_is_kept: 121,
}


@pytest.mark.parametrize(("broken", "first"), BROKEN.items(), ids=[broken.__name__ for broken in BROKEN])
def test_a_promise_that_is_broken_is_told_by_some_seed(
    broken: Patch, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    assert any(play(seed).wrong for seed in range(first, first + MOST))
