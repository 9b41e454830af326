"""A process that has ended leaves its runs to others at once, where one can know that it has."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orderloom.journal.owners import has_ended, own_name
from orderloom.journal.store import LEASE
from orderloom.world import SystemClock
from tests.journal.making import SetClock, begun, journal, waiting

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells when a process began")
HOLDING = """
import sys
from pathlib import Path
from orderloom.journal import Journal
from orderloom.world import SystemClock
from tests.journal.making import begun
journal = Journal(Path(sys.argv[1]) / "journal.db")
begun(journal, "held")
print(journal.owner, flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process with a run in its hands, and its name."""
    command = [sys.executable, "-c", HOLDING, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_a_process_that_lives_has_not_ended() -> None:
    assert not has_ended(own_name())


@pytest.mark.parametrize("name", ["p1", "", "::::", "vm-12-abc", "elsewhere:1:x.1:5:abc", f"{os.uname().nodename}:1"])
def test_who_is_not_known_to_have_ended_has_not(name: str) -> None:
    assert not has_ended(name)


def test_another_process_with_the_same_number_is_another_one() -> None:
    machine, number, boot, born, token = own_name().split(":")
    assert has_ended(f"{machine}:{number}:{boot}:{int(born) - 1}:{token}")


def test_nobody_survives_a_restart_of_the_machine() -> None:
    machine, number, boot, born, token = own_name().split(":")
    assert has_ended(f"{machine}:{number}:{'0' * 8}.{boot.partition('.')[2]}:{born}:{token}")


def test_a_container_beside_ours_has_numbers_of_its_own() -> None:
    machine, _, boot, born, token = own_name().split(":")
    assert not has_ended(f"{machine}:999999999:{boot.partition('.')[0]}.1:{born}:{token}")


def test_the_runs_of_a_process_that_was_killed_are_taken_up_without_waiting_for_its_lease(tmp_path: Path) -> None:
    with holding(tmp_path) as (process, name):
        with journal(tmp_path, SystemClock()) as early:
            assert not has_ended(name)
            assert early.take_due() == []
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        with journal(tmp_path, SystemClock()) as late:
            assert has_ended(name)
            assert [late.run(lease.run).key for lease in late.take_due()] == ["held"]


def test_who_works_beside_it_has_its_runs_with_the_next_heartbeat(tmp_path: Path) -> None:
    with journal(tmp_path, SystemClock()) as beside, holding(tmp_path) as (process, _):
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert beside.take_due() == []
        beside.renew().result()
        assert [beside.run(lease.run).key for lease in beside.take_due()] == ["held"]


def test_the_heartbeat_takes_nothing_from_those_who_live(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "second") as second, journal(tmp_path, clock) as first:
        waiting(first, "1")
        lease = begun(first, "2")
        second.renew().result()
        clock.move(LEASE.total_seconds() / 2)
        assert second.take_due() == []
        assert second.run(lease.run).owner == first.owner
