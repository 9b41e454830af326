"""Several real processes work on one file: one is killed, one is stopped for longer than its lease and goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orderloom.journal import Journal
from tests.conftest import REPOSITORY
from tests.run.firm import Firm
from tests.run.process import FLOW

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs the signals of POSIX")
PATIENCE_S = 120  # of a busy machine; nothing here takes longer than a few seconds
RUNS = 6


@contextmanager
def worker(folder: Path, name: str, lease_s: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.run.process", str(folder), name, str(lease_s)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def until(true: Callable[[], bool], what: str, *processes: subprocess.Popen[str]) -> None:
    """Look again and again; where a process breaks, say how."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        for process in processes:
            assert process.poll() in {None, 0}, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.02)


def begun(folder: Path, name: str) -> set[str]:
    """The runs in whose effect that process is, or was."""
    return {file.name.split(".")[2] for file in folder.glob(f"{name}.post.*")}


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Runs whose event has come, and on which nobody works yet."""
    made = Firm(tmp_path, FLOW)
    made.clock.moment = datetime.now(UTC)  # the processes have clocks of their own
    for number in range(RUNS):
        made.order(str(number))
        made.send(f"e{number}", match=str(number))
    return made


def effects(folder: Path) -> dict[str, set[str]]:
    """The keys with which the effect of each run was made, by whomever."""
    found: dict[str, set[str]] = {}
    for file in folder.glob("*.post.*"):
        _, _, run, key = file.name.split(".")
        found.setdefault(run, set()).add(key)
    return found


def done(folder: Path) -> dict[str, list[str]]:
    """The steps that stand as done in the journal, by run."""
    with closing(Journal(folder / "journal.db")) as journal:
        runs = list(journal.select_runs("1"))
        return {run.key: [one.step for one in journal.events(run.number) if one.kind == "done"] for run in runs}


ALL = {str(number) for number in range(RUNS)}
EACH_ONCE = {run: ["arrived", "post", "work"] for run in ALL}


def test_what_a_killed_process_was_at_is_finished_by_another_with_the_same_keys(firm: Firm) -> None:
    folder = firm.folder
    with worker(folder, "killed", 1.0) as killed:
        until(lambda: begun(folder, "killed") == ALL, "every effect", killed)
        killed.kill()
        killed.wait()
    with worker(folder, "other", 1.0) as other:
        until(lambda: begun(folder, "other") == ALL, "the other's effects", other)
        (folder / "go").touch()
        until(lambda: other.poll() == 0, "its end", other)

    assert done(folder) == EACH_ONCE
    assert {run: len(keys) for run, keys in effects(folder).items()} == dict.fromkeys(ALL, 1)
    assert told(folder, "other") == dict.fromkeys(ALL, "completed")


def test_a_process_that_was_stopped_for_longer_than_its_lease_writes_nothing_more(firm: Firm) -> None:
    folder = firm.folder
    with worker(folder, "stopped", 1.0) as stopped:
        until(lambda: begun(folder, "stopped") == ALL, "every effect", stopped)
        os.kill(stopped.pid, signal.SIGSTOP)
        with worker(folder, "other", 1.0) as other:
            until(lambda: begun(folder, "other") == ALL, "the take-over", other)
            (folder / "go").touch()
            until(lambda: other.poll() == 0, "its end", other)
        before = content(folder)

        os.kill(stopped.pid, signal.SIGCONT)
        until(lambda: stopped.poll() == 0, "its end", stopped)

    assert told(folder, "stopped") == dict.fromkeys(ALL, "lost")
    assert content(folder) == before
    assert done(folder) == EACH_ONCE
    assert {run: len(keys) for run, keys in effects(folder).items()} == dict.fromkeys(ALL, 1)


def test_a_process_that_is_slow_but_lives_keeps_its_runs(firm: Firm) -> None:
    folder = firm.folder
    with worker(folder, "slow", 1.0) as slow:
        until(lambda: begun(folder, "slow") == ALL, "every effect", slow)
        with worker(folder, "eager", 1.0) as eager:
            began = leases(folder)
            until(lambda: min(leases(folder)) > max(began) + 2, "three leases' time", slow, eager)
            assert begun(folder, "eager") == set()
            (folder / "go").touch()
            until(lambda: slow.poll() == 0, "its end", slow)
    assert done(folder) == EACH_ONCE


def content(folder: Path) -> list[tuple[object, ...]]:
    """All that stands in the journal of runs."""
    with closing(Journal(folder / "journal.db")) as journal:
        events = journal.all("SELECT run, seq, at, kind, step, body FROM event ORDER BY run, seq")
        runs = journal.all("SELECT number, status, changed, ended, events, epoch FROM run ORDER BY number")
        return [tuple(row) for row in [*events, *runs]]


def leases(folder: Path) -> list[float]:
    with closing(Journal(folder / "journal.db")) as journal:
        return [run.lease or 0.0 for run in journal.select_runs("1")]


def told(folder: Path, name: str) -> dict[str, str]:
    """What that process was told of each run that it had."""
    file = folder / f"{name}.told"
    pairs = [line.split() for line in file.read_text().splitlines()]
    return dict(pairs)
