"""A run that is stopped after any of its events, played back and gone on with ends as if nobody had stopped it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orderloom.journal import RUNNING, Event, Run
from orderloom.run.arrivals.keys import run_id
from orderloom.run.kept.replay import replay
from orderloom.run.kept.resting import pending_of
from tests.run.keeping import Outside, Place, Process, drive, events_of, order, process, report_of
from tests.run.kinds import FLOWS, Flow, place_of


def uninterrupted(folder: Path, flow: Flow) -> tuple[Place, list[Event], dict[str, Any]]:
    place = place_of(folder, flow)
    drive(place, flow.answers, order())
    return place, events_of(place), report_of(place)


def stopped(place: Place, events: list[Event]) -> None:
    """A journal in which a run stands as a process left it that died right after the last of these events."""
    place.clock.moment = datetime.fromisoformat(events[-1].at)
    dead = Process(place)
    flow, at = place.program.plan.flow.name, events[0].at
    pin = place.program.plan.hash
    new = Run(0, run_id(flow, "1"), flow, "1", pin, RUNNING, at, at, None, "d", 0, None, None, 1, None)
    accepted = dead.journal.accept(new, events[0]).result()
    assert accepted.lease is not None
    dead.journal.append(accepted.lease, events[1:]).result()
    dead.dead = True
    dead.close()


@pytest.mark.parametrize("name", FLOWS)
def test_a_run_that_is_stopped_after_any_event_ends_as_the_one_that_is_not(quick: Path, name: str) -> None:
    flow = FLOWS[name]
    first, events, report = uninterrupted(quick / "whole", flow)
    assert report["status"] != "running"

    for count in range(1, len(events) + 1):
        place = place_of(quick / str(count), flow)
        place.outside.done = dict(first.outside.done)  # a key that was used answers as it did
        stopped(place, events[:count])
        drive(place, flow.answers)

        told = report_of(place)
        assert told == report, f"stopped after event {count}, {events[count - 1].kind} of {events[count - 1].step}"
        assert Counter(place.outside.every) <= Counter(first.outside.every), f"done twice after event {count}"


@pytest.mark.parametrize("name", FLOWS)
def test_what_stands_in_the_journal_is_what_a_playback_says(quick: Path, name: str) -> None:
    place, _, report = uninterrupted(quick, FLOWS[name])
    with process(place) as made:
        [run] = made.journal.select_runs("1")
        played = replay(place.program, made.journal.events(run.number))
        pending = pending_of(played.interpreter, played.since, played.again_at, place.clock.now())

        assert run.status == report["status"]
        assert {(one.kind, one.step, one.item, one.due) for one in made.journal.pending()} == {
            (one.kind, one.step, one.item, one.due) for one in pending
        }


def test_an_outside_that_was_asked_before_the_stop_is_asked_with_the_same_key(quick: Path) -> None:
    flow = FLOWS["effects one after another"]
    first, events, _ = uninterrupted(quick / "whole", flow)
    at = next(count for count, event in enumerate(events, 1) if event.kind == "intent")
    place = place_of(quick / "again", flow)
    place.outside = Outside()

    stopped(place, events[:at])
    drive(place)

    assert [key for _, key in place.outside.every] == [key for _, key in first.outside.every]
