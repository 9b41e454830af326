"""The threads of calls: so many at once, another in the place of one that is lost, and none that keeps a process."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlowError
from pathlib import Path
from typing import Any

import pytest

from orderloom.run.drivers.threads import NoThreadError, Threads
from tests.cli.test_run_many import RUN, order
from tests.run.living import living
from tests.run.outside import Outside, connected, flow, reaching
from tests.run.playing import program_of
from tests.run.small import Came

PATIENCE_S = 30.0  # of a test that would fail: nothing here takes a moment


@pytest.fixture
def gate() -> Any:
    """Held shut: whoever waits at it is released when the test is over."""
    made = threading.Event()
    yield made
    made.set()


def _begun(threads: Threads, name: str, work: Callable[[], Any]) -> Future[Any]:
    """A call that is being made just now."""
    begun = threading.Event()

    def beginning() -> Any:
        begun.set()
        return work()

    future = threads.submit(name, beginning)
    assert begun.wait(PATIENCE_S)
    return future


def test_so_many_calls_are_made_at_once(gate: threading.Event) -> None:
    threads, begun = Threads(3), threading.Semaphore(0)

    def work() -> None:
        begun.release()
        gate.wait()

    futures = [threads.submit("a", work) for _ in range(5)]
    for _ in range(3):
        assert begun.acquire(timeout=PATIENCE_S)
    assert [future.running() for future in futures] == [True, True, True, False, False]
    gate.set()
    for future in futures:
        future.result(PATIENCE_S)
    threads.close()


def test_another_thread_takes_the_place_of_one_that_is_lost(gate: threading.Event) -> None:
    threads = Threads(1)
    lost = _begun(threads, "stuck", gate.wait)
    with pytest.raises(TooSlowError):
        lost.result(0.01)
    assert threads.give_up(lost) is True

    assert threads.submit("b", lambda: 5).result(PATIENCE_S) == 5
    assert threads.lost == "calls that did not come back within their time limit: 1 (`stuck`)"


def test_a_call_that_comes_back_after_all_is_not_counted_as_lost_any_more(gate: threading.Event) -> None:
    threads = Threads(1, most_lost=1)
    late = _begun(threads, "late", gate.wait)
    threads.give_up(late)
    with pytest.raises(NoThreadError, match="1 \\(`late`\\): no more are made"):
        threads.submit("b", lambda: 5)

    gate.set()

    assert late.result(PATIENCE_S) is True
    assert _soon(lambda: threads.lost is None)  # it is told of just before its thread looks whether it was given up
    assert threads.submit("b", lambda: 5).result(PATIENCE_S) == 5


def _soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while not holds() and time.monotonic() < until:
        time.sleep(0.001)
    return holds()


def test_what_has_not_begun_is_taken_back_and_was_surely_not_done(gate: threading.Event) -> None:
    threads, made = Threads(1), []
    _begun(threads, "a", gate.wait)
    waiting = threads.submit("b", lambda: made.append(1))

    assert threads.give_up(waiting) is False
    gate.set()
    threads.submit("c", lambda: None).result(PATIENCE_S)
    assert made == []


def test_where_too_many_are_lost_no_more_are_made(gate: threading.Event) -> None:
    threads = Threads(1, most_lost=2)
    for _ in range(2):
        threads.give_up(_begun(threads, "stuck", gate.wait))

    with pytest.raises(NoThreadError, match=r"2 \(`stuck`\): no more are made until this process is started anew"):
        threads.submit("b", lambda: None)


def test_what_a_call_raises_is_raised_to_who_waits_for_it() -> None:
    threads = Threads(1)
    with pytest.raises(ZeroDivisionError):
        threads.submit("a", lambda: 1 // 0).result(PATIENCE_S)
    threads.close()


STEP = "  a: {use: NODE, with: {name: a}, after: [start], timeout: 1s}\n"


@pytest.mark.parametrize(("use", "parked"), [("deliver", "a!in_doubt"), ("post", "a!in_doubt")])
def test_a_call_past_its_time_limit_may_have_taken_effect(
    tmp_path: Path, gate: threading.Event, use: str, parked: str
) -> None:
    outside = Outside({"a": [gate.wait]})
    program = program_of(flow(STEP.replace("NODE", use)), reaching())
    with living(tmp_path, program, reaching(), connected(outside)) as here:
        told = here.order("1", Came())

        assert told.parked == (parked,)
        assert "gave no result within" in told.problems[0]["message"]
        assert here.crew.shop.threads.lost is not None


def test_a_process_that_has_lost_calls_fails_new_ones_and_says_why(tmp_path: Path, gate: threading.Event) -> None:
    outside = Outside({"a": [gate.wait]})
    program = program_of(flow(STEP.replace("NODE", "deliver")), reaching())
    with living(tmp_path, program, reaching(), connected(outside)) as here:
        here.crew.shop.threads = Threads(4, most_lost=1)
        here.order("1", Came())
        [problem] = here.order("2", Came()).problems

    assert problem["error"] == "unavailable"
    assert "calls that did not come back" in problem["message"]


NODE = '''
"""A node that never comes back."""
from __future__ import annotations

import threading
import time

from orderloom import Outcome, node


class Done(Outcome, name="done"):
    """Never."""


@node("hang", effects="keyed")
def hang() -> Done:
    """Hang."""
    threading.Event().wait()
    return Done()
'''


def test_a_call_that_never_comes_back_does_not_keep_the_command_from_ending(tmp_path: Path) -> None:
    (tmp_path / "orderloom.yaml").write_text("")
    (tmp_path / "nodes" / "hang").mkdir(parents=True)
    (tmp_path / "nodes" / "hang" / "__init__.py").write_text(NODE)
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hangs.yaml").write_text(
        "flow: hangs\nversion: 1\nkey: =capture.order.order_id\nsteps:\n  capture: {use: capture}\n"
        "  hang: {use: hang, after: [capture], timeout: 1s}\n"
    )
    (tmp_path / "order.json").write_text(json.dumps(order(1)))

    done = subprocess.run(
        [*RUN, "hangs", "--input", "order.json"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 1
    assert "gave no result within" in done.stdout
    assert "did not come back within their time limit: 1 (`hang`)" in done.stderr
