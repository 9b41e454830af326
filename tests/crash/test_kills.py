"""Killed at any moment, started again with the same command: every order ends once, and what can be done once is."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from orderloom.journal import FILE, Journal
from tests.crash import counting
from tests.crash.killing import kill_at, runner, tail
from tests.crash.receivers import receiving
from tests.crash.run import crash
from tests.crash.shop import make_shop, ways

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs the signals of POSIX")
WORK = ("work", "--watch", "--in-flight", "50")
PATIENCE_S = 300


def test_orders_whose_runner_is_killed_twenty_times_end_as_without_and_nothing_is_done_twice_that_need_not_be() -> None:
    """More: `python -m tests.crash.run --orders 100000 --kills 500`."""
    told = crash(orders=2000, kills=20, seed=1, whole_orders=100)
    print(told)
    assert told.wrong == []


def until(true: Callable[[], bool], folder: Path, *processes: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert all(process.poll() is None for process in processes), tail(folder)
        assert time.monotonic() < end, tail(folder)
        time.sleep(0.05)


def test_of_two_who_work_on_what_a_third_left_one_is_killed_and_the_other_finishes_all(tmp_path: Path) -> None:
    orders, chance = 200, random.Random(2)
    expected = ways(orders)
    with receiving() as receivers:
        make_shop(tmp_path, receivers.port, orders)
        first = runner(tmp_path, ("run", "crash", "--input", "orders.jsonl", "--in-flight", str(orders)))
        kills = [kill_at(tmp_path, first, receivers, orders, chance)]

        left, right = runner(tmp_path, WORK), runner(tmp_path, WORK)
        try:
            kills.append(kill_at(tmp_path, left, receivers, 60, chance))
            with closing(Journal(tmp_path / FILE, reading=True)) as journal:
                until(lambda: not open_runs(journal), tmp_path, right)
        finally:
            right.terminate()
        assert right.wait() == 0, tail(tmp_path)
        counting.see_to_doubts(tmp_path, receivers)
        runner(tmp_path).wait()  # the orders that had not come yet when the first was killed

        assert {key: status for key, (status, _) in counting.outcomes(tmp_path).items()} == expected
        assert counting.unexplained(tmp_path, receivers, kills) == []
        assert set(receivers.times("knows").values()) == set(receivers.times("once").values()) == {1}
        assert counting.messages(tmp_path) == dict.fromkeys(expected, 1)
        assert counting.holds(tmp_path)
        assert kills[0].in_flight > kills[1].in_flight > 0


def open_runs(journal: Journal) -> bool:
    """Whether there is a run still that neither has ended nor waits for a person."""
    peoples = {one.run for one in counting.in_doubt(journal)}
    return any(run.number not in peoples for run in journal.select_runs("ended IS NULL"))
