"""Calls that fail: tried again, routed or parked, in the journal and over restarts (rules 15 to 18)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.run.machine import resolving
from orderloom.run.machine.events import Retry
from orderloom.run.telling.report import RunReport
from orderloom.world.guard import Breaker
from tests.journal.making import SetClock
from tests.run.living import living
from tests.run.outside import DiedError, Outside, connected, flow, reaching
from tests.run.playing import program_of
from tests.run.small import Came

AT_ONCE = timedelta(0)  # no patience: the run rests until its retry is due


class Here:
    """A folder in which processes come and go; the outside and the clock stay."""

    def __init__(self, folder: Path, text: str, outside: Outside, **connection: Any) -> None:
        self.folder, self.outside, self.clock = folder, outside, SetClock()
        self.connection, self.program = connection, program_of(text, reaching())

    def process(self, **more: Any) -> Any:
        connections = connected(self.outside, **self.connection)
        return living(self.folder, self.program, reaching(), connections, self.clock, **more)

    def order(self, **more: Any) -> RunReport:
        with self.process(**more) as one:
            return one.order("1", Came())

    def resume(self, act: Any = None, **more: Any) -> RunReport:
        with self.process(**more) as one:
            return one.resume("1", act)

    def dies(self) -> None:
        with self.process() as one, pytest.raises(DiedError):
            one.order("1", Came()) if not one.journal.find("1") else one.resume("1")


@pytest.fixture
def here(tmp_path: Path) -> Any:
    def made(steps: str, *said: Any, **connection: Any) -> Here:
        return Here(tmp_path, flow(steps), Outside({"a": said}), **connection)

    return made


STEP = "  a: {use: deliver, with: {name: a}, after: [start], retry: 3x 2s..5m}\n"


def test_a_call_that_comes_to_nothing_is_tried_again_and_its_waits_double(here: Any) -> None:
    one = here(STEP, "!unavailable", "!timeout", "!rate_limited", "ok")
    with one.process(patience=timedelta(minutes=1)) as process:
        assert process.order("1", Came()).status == "completed"
        slept = process.slept

    assert [low <= slept_s <= 2 * low for low, slept_s in zip((1, 2, 4), slept, strict=True)] == [True] * 3
    assert len(set(one.outside.keys("a"))) == 1, "no attempt is in the key"


def test_a_retry_is_due_at_the_same_moment_in_another_process_and_counts_on(here: Any) -> None:
    one = here(STEP, "!unavailable")
    first = one.order(patience=AT_ONCE)
    [wait] = first.waiting
    due = wait["until"]
    again = one.resume(patience=AT_ONCE)
    assert [(w["until"], w["attempt"]) for w in again.waiting] == [(due, 2)], "it is not due yet"
    assert len(one.outside.asked) == 1

    for attempt in (3, 4):
        one.clock.moment = due
        [wait] = one.resume(patience=AT_ONCE).waiting
        assert wait["attempt"] == attempt
        due = wait["until"]
    one.clock.moment = due
    last = one.resume(patience=AT_ONCE)

    assert last.parked == ("a!unavailable",)
    assert len(one.outside.asked) == 4
    assert len(set(one.outside.keys("a"))) == 1


def test_what_is_asked_for_in_retry_after_is_kept_to_over_a_restart(here: Any) -> None:
    one = here(STEP, "!rate_limited 600", "ok")
    [wait] = one.order().waiting
    asked_for = one.clock.moment + timedelta(seconds=600)
    assert asked_for <= wait["until"] <= asked_for + timedelta(seconds=60)

    one.clock.moment = asked_for - timedelta(seconds=15)
    assert one.resume().status == "waiting"
    one.clock.moment = wait["until"]
    assert one.resume().status == "completed"


@given(
    delay_s=st.floats(min_value=0, max_value=1e6), not_before_s=st.floats(min_value=0, max_value=1e6),
    chance=st.floats(min_value=0, max_value=1),
)  # fmt: skip
def test_a_retry_is_always_spread_and_never_before_what_the_other_side_wants(
    delay_s: float, not_before_s: float, chance: float
) -> None:
    waited = Retry(None, delay_s, not_before_s).spread_s(chance)  # type: ignore[arg-type]

    assert waited >= not_before_s
    assert delay_s / 2 <= waited <= max(delay_s, not_before_s * 1.1)


@pytest.mark.parametrize("word", ["refused", "invalid"])
def test_a_refusal_is_not_tried_again(here: Any, word: str) -> None:
    one = here(STEP, f"!{word}")

    assert one.order().parked == (f"a!{word}",)
    assert len(one.outside.asked) == 1


def test_a_failure_goes_where_its_class_says_when_the_retries_are_at_an_end(here: Any) -> None:
    steps = STEP.replace("}\n", ", on_error: {unavailable: b}}\n") + "  b: {use: work}\n"
    one = here(steps, "!unavailable")
    with one.process(patience=timedelta(hours=1)) as process:
        told = process.order("1", Came())

    assert told.path == ("start", "a!unavailable", "b")
    assert len(one.outside.asked) == 4


def test_a_mistake_of_a_node_is_told_with_its_place_and_parks(here: Any) -> None:
    def slip() -> None:
        raise ZeroDivisionError("oh")

    one = here(STEP, slip)
    [problem] = one.order().problems

    assert problem["error"] == "bug"
    assert "ZeroDivisionError: oh" in problem["message"]


def test_a_node_that_ends_the_process_by_mistake_ends_its_call_only(here: Any) -> None:
    def leave() -> None:
        raise SystemExit(1)

    assert here(STEP, leave).order().parked == ("a!bug",)


def test_to_be_held_back_by_a_rate_is_no_attempt_however_often(here: Any) -> None:
    one = here(STEP, *["full"] * 20, "!unavailable", "full", "!unavailable", "!unavailable", "ok")
    with one.process(patience=timedelta(minutes=1)) as process:
        told = process.order("1", Came())
        attempts = {json.loads(event.body).get("attempt", 1) for event in process.events() if event.kind == "intent"}

    assert told.status == "completed"
    assert attempts == {1, 2, 3, 4}
    assert len(set(one.outside.keys("a"))) == 1


def test_a_call_that_is_held_back_comes_again_when_there_is_room_also_in_another_process(here: Any) -> None:
    one = here(STEP, "full", "ok")
    [wait] = one.order(patience=AT_ONCE).waiting
    asked_for = one.clock.moment + timedelta(seconds=5)
    assert (asked_for <= wait["until"], wait["attempt"]) == (True, 1)
    one.clock.moment = wait["until"]

    assert one.resume().status == "completed"


def test_a_step_without_retries_fails_where_its_connection_has_no_room(here: Any) -> None:
    one = here(
        "  a: {use: deliver, with: {name: a}, after: [start], on_error: {rate_limited: b}}\n  b: {use: work}\n", "full"
    )

    assert one.order().path == ("start", "a!rate_limited", "b")


def test_what_an_open_breaker_refuses_waits_for_the_end_of_its_pause(here: Any) -> None:
    """The calls of one run open it, those of another are not made."""
    one = here(STEP, "!unavailable", breaker=Breaker(1, 60.0))
    with one.process(patience=AT_ONCE) as process:
        process.order("1", Came())
        told = process.order("2", Came())

    assert len(one.outside.asked) == 1
    [wait] = told.waiting
    assert wait["until"] - one.clock.moment > timedelta(seconds=55)


# In doubt


def test_after_a_lost_answer_a_keyed_call_is_made_again_with_its_key(here: Any) -> None:
    one = here(STEP, "?timeout", "ok")
    with one.process(patience=timedelta(hours=1)) as process:
        assert process.order("1", Came()).status == "completed"

    assert len(set(one.outside.keys("a"))) == 1
    assert [asked.in_doubt for asked in one.outside.asked] == [False, False], "who is called tells a repeat by its key"


def test_after_a_lost_answer_a_node_that_can_look_it_up_is_told_to_also_in_another_process(here: Any) -> None:
    one = here(STEP.replace("deliver", "charge"), "?timeout", "!unavailable", "ok")
    one.order(patience=AT_ONCE)
    one.clock.move(600)
    one.resume(patience=AT_ONCE)
    one.clock.move(600)
    told = one.resume(patience=AT_ONCE)

    assert told.status == "completed"
    assert [asked.in_doubt for asked in one.outside.asked] == [False, True, True], "one lost answer is enough"


@pytest.mark.parametrize("last", ["?timeout", "!unavailable"])
def test_what_may_have_been_done_is_never_routed_as_if_it_had_not(here: Any, last: str) -> None:
    routes = "on_error: {timeout: b, unavailable: b}"
    one = here(STEP.replace("3x 2s..5m}", f"1x 2s..5m, {routes}}}") + "  b: {use: work}\n", "?timeout", last)
    with one.process(patience=timedelta(hours=1)) as process:
        told = process.order("1", Came())
        [task] = process.tasks("parked")

    assert (told.status, told.parked) == ("exception", ("a!in_doubt",))
    assert "nobody knows whether it took effect" in json.loads(task.body)["message"]


def test_a_refusal_of_the_same_key_says_that_the_lost_attempt_was_not_done(here: Any) -> None:
    one = here(STEP.replace("}\n", ", on_error: {refused: b}}\n") + "  b: {use: work}\n", "?timeout", "!refused")
    with one.process(patience=timedelta(hours=1)) as process:
        assert process.order("1", Came()).path == ("start", "a!refused", "b")


def test_a_call_that_is_made_once_is_not_made_again_after_a_lost_answer(here: Any) -> None:
    one = here("  a: {use: post, with: {name: a}, after: [start]}\n", "?unavailable")

    assert one.order().parked == ("a!in_doubt",)
    assert len(one.outside.asked) == 1


def test_a_connection_that_says_fail_lets_the_flow_route_a_lost_answer(here: Any) -> None:
    one = here(STEP.replace("}\n", ", on_error: {timeout: b}}\n") + "  b: {use: work}\n", "?timeout", in_doubt="fail")

    assert one.order().path == ("start", "a!timeout", "b")
    assert len(one.outside.asked) == 1, "it may have been done: it is not tried again"


def test_a_connection_that_says_ask_leaves_every_lost_answer_to_a_person(here: Any) -> None:
    one = here(STEP, "?timeout", in_doubt="ask")

    assert one.order().parked == ("a!in_doubt",)
    assert len(one.outside.asked) == 1


def test_a_connection_that_says_query_has_its_nodes_look_first(here: Any) -> None:
    one = here(STEP, "?timeout", "ok", in_doubt="query")
    with one.process(patience=timedelta(hours=1)) as process:
        process.order("1", Came())

    assert [asked.in_doubt for asked in one.outside.asked] == [False, True]


@pytest.mark.parametrize(
    ("use", "policy", "comes_to"),
    [
        ("deliver", None, "completed"),
        ("charge", None, "completed"),
        ("post", None, "a!in_doubt"),
        ("deliver", "ask", "a!in_doubt"),
        ("deliver", "fail", "a!unavailable"),
        ("post", "retry", "completed"),
    ],
)
def test_a_call_whose_process_died_is_dealt_with_as_its_connection_or_its_node_says(
    here: Any, use: str, policy: str | None, comes_to: str
) -> None:
    more = {"in_doubt": policy} if policy else {}
    one = here(f"  a: {{use: {use}, with: {{name: a}}, after: [start]}}\n", "die", "ok", **more)
    one.dies()
    told = one.resume()

    assert (told.parked or (told.status,))[0] == comes_to
    assert [asked.in_doubt for asked in one.outside.asked[1:]] == ([use == "charge"] if comes_to == "completed" else [])
    assert len(set(one.outside.keys("a"))) == 1


def test_a_step_that_is_in_doubt_is_looked_up_when_a_person_has_it_tried_again(here: Any) -> None:
    one = here(STEP.replace("deliver", "charge").replace("3x", "1x"), "?timeout", "?timeout", "ok")
    with one.process(patience=timedelta(hours=1)) as process:
        process.order("1", Came())
    told = one.resume(lambda live: _retry(live, "a"))

    assert told.status == "completed"
    assert [asked.in_doubt for asked in one.outside.asked] == [False, True, True]


def _retry(live: Any, step: str) -> None:
    live.notes.add(live.writer.retried(step, None, {}, live.now()))
    resolving.retry(live.interpreter, step)


def _give(live: Any, step: str) -> None:
    live.notes.add(live.writer.given(step, None, "worked", {"outcome": "worked"}, live.now()))
    resolving.give(live.interpreter, step, "worked", {"outcome": "worked"})


ENDS = (
    STEP.replace("}\n", ", undo: {use: give-back, with: {name: back}}}\n")
    + "  stop: {use: await, after: [start]}\n  end: {use: work, after: [stop], end: cancelled}\n"
)


def test_an_end_leaves_a_call_in_doubt_to_a_person_and_then_takes_it_back(here: Any) -> None:
    one = here(ENDS, "?timeout")
    assert one.order(patience=AT_ONCE).status == "waiting"
    told = one.resume(_stop, patience=AT_ONCE)
    assert (told.status, told.parked, told.undone) == ("exception", ("a!in_doubt",), ())

    told = one.resume(lambda live: _give(live, "a"))

    assert (told.status, told.undone) == ("cancelled", ("a",))


def test_after_an_end_a_call_in_doubt_can_be_made_again_and_is_then_taken_back(here: Any) -> None:
    one = here(ENDS, "?timeout", "ok")
    one.order(patience=AT_ONCE)
    one.resume(_stop, patience=AT_ONCE)
    told = one.resume(lambda live: _retry(live, "a"))

    assert (told.status, told.undone) == ("cancelled", ("a",))
    assert len(set(one.outside.keys("a"))) == 1


def test_an_end_withdraws_a_retry_of_what_was_surely_not_done(here: Any) -> None:
    one = here(ENDS, "!unavailable")
    one.order(patience=AT_ONCE)
    told = one.resume(_stop, patience=AT_ONCE)

    assert (told.status, told.undone) == ("cancelled", ())


def _stop(live: Any) -> None:
    [opened] = live.played.opened().values()
    live.answer(opened.call, "happened")


def test_of_several_items_one_in_doubt_is_told_before_those_that_failed(here: Any, tmp_path: Path) -> None:
    steps = (
        '  a: {use: deliver, for_each: ["x", "y"], with: {name: =item}, after: [start], on_error: {refused: b}}\n'
        "  b: {use: work}\n"
    ).replace('["x", "y"]', '\'=["x", "y"]\'')
    one = Here(tmp_path, flow(steps), Outside({"x": ["!refused"], "y": ["?timeout"]}))

    assert one.order().parked == ("a!in_doubt",)


# Undo


UNDOS = (
    "  a: {use: deliver, with: {name: a}, after: [start], retry: 2x 2s..5m, undo: {use: give-back, with: {name: ua}}}\n"
    "  b: {use: deliver, with: {name: b}, after: [a], retry: 2x 2s..5m, undo: {use: give-back, with: {name: ub}}}\n"
    "  c: {use: work, after: [b], end: cancelled}\n"
)


def undoing(tmp_path: Path, **says: Any) -> Here:
    return Here(tmp_path, flow(UNDOS), Outside(says))


def test_undos_run_last_first_and_stand_in_the_journal(tmp_path: Path) -> None:
    one = undoing(tmp_path)
    with one.process() as process:
        told = process.order("1", Came())
        undone = [(event.kind, event.step) for event in process.events() if '"undo":true' in event.body]

    assert (told.status, told.undone) == ("cancelled", ("b", "a"))
    assert [asked.name for asked in one.outside.asked] == ["a", "b", "ub", "ua"]
    assert undone == [("intent", "b"), ("done", "b"), ("intent", "a"), ("done", "a")]


def test_an_undo_is_tried_again_as_its_step_is_over_a_restart(tmp_path: Path) -> None:
    one = undoing(tmp_path, ub=["!unavailable", "!timeout", "ok"])
    told = one.order(patience=AT_ONCE)
    assert (told.status, told.undone) == ("waiting", ())
    for _ in range(2):
        one.clock.move(600)
        told = one.resume(patience=AT_ONCE)

    assert (told.status, told.undone) == ("cancelled", ("b", "a"))
    assert len(set(one.outside.keys("ub"))) == 1


def test_an_undo_whose_process_died_is_made_again_and_the_others_once(tmp_path: Path) -> None:
    one = undoing(tmp_path, ua=["die", "ok"])
    one.dies()
    told = one.resume()

    assert (told.status, told.undone) == ("cancelled", ("b", "a"))
    assert [asked.name for asked in one.outside.asked] == ["a", "b", "ub", "ua", "ua"]
    assert max(one.outside.done.values()) == 1


@pytest.mark.parametrize("word", ["no", "!refused", "!unavailable"])
def test_an_undo_that_cannot_be_done_goes_to_the_inbox_and_the_next_one_is_done(tmp_path: Path, word: str) -> None:
    one = undoing(tmp_path, ub=[word])
    with one.process(patience=timedelta(hours=1)) as process:
        told = process.order("1", Came())
        [task] = process.tasks("undo")

    assert (told.status, told.undone) == ("exception", ("a",))
    assert (task.step, task.desk, json.loads(task.body)["node"]) == ("b", "exceptions", "give-back")


def test_an_undo_of_a_wait_has_the_time_limit_and_the_retries_of_the_flow(tmp_path: Path) -> None:
    steps = (
        "  a: {use: hear, with: {event: x, match: m}, after: [start], timeout: 2d, undo: {use: give-back}}\n"
        "  b: {use: work, after: [a], end: cancelled}\n"
    )
    text = flow(steps).replace("version: 1\n", "version: 1\ndefaults: {timeout: 30s, retry: 2x 2s..5m}\n")
    [step] = [step for step in program_of(text, reaching()).steps if step.undo]

    assert step.undo is not None
    assert (step.undo.timeout, step.undo.retry and step.undo.retry.times) == (timedelta(seconds=30), 2)
