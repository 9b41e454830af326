"""Runners that are killed with SIGKILL while they work, and started again with the same command, until all is done.

When a runner is killed is drawn by a seed, by how far it has come: so a slow machine is killed as often as a quick one.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.crash.receivers import Receivers

PATIENCE_S = 600  # for one runner to come as far as it is to come; seconds on an idle machine
COMMAND = ("run", "crash", "--input", "orders.jsonl")


@dataclass(frozen=True)
class Kill:
    """When it was, and what it hit: runs in the runner's hands, and effects that had begun without a result."""

    at: datetime
    in_flight: int
    in_doubt: int


@dataclass
class Killed:
    """What came of it: the kills, how often a runner was started, the exit code of the last."""

    kills: list[Kill] = field(default_factory=list)
    starts: int = 0
    code: int = 0


def runner(folder: Path, arguments: Sequence[str] = COMMAND) -> subprocess.Popen[bytes]:
    """The command as a user starts it; what it tells goes to a file."""
    with (folder / "told.txt").open("ab") as told:
        command = [sys.executable, "-m", "orderloom", *arguments]
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told)


def run_with_kills(folder: Path, receivers: Receivers, requests: int, kills: int, seed: int) -> Killed:
    """Run the orders of the shop, killing the runner so many times on the way; `requests` is what all take together."""
    chance, told = random.Random(seed), Killed()
    for share in _shares(chance, kills, int(requests * 0.85)):
        told.starts += 1
        told.kills.append(kill_at(folder, runner(folder), receivers, share, chance))
    told.starts += 1
    told.code = runner(folder).wait()
    return told


def kill_at(
    folder: Path, process: subprocess.Popen[bytes], receivers: Receivers, after: int, chance: random.Random
) -> Kill:
    """Kill it when so many more requests have come, wherever it is then; it must be at work still."""
    try:
        _until(receivers, receivers.asked + after, process)
        time.sleep(chance.random() * 0.02)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, f"it had ended before: {tail(folder)}"
    return Kill(datetime.now(UTC), *_hit(folder))


def _shares(chance: random.Random, parts: int, whole: int) -> list[int]:
    """The whole in parts of any size."""
    weights = [0.05 + chance.expovariate(1) for _ in range(parts)]
    return [max(1, int(whole * weight / sum(weights))) for weight in weights]


def _until(receivers: Receivers, asked: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while receivers.asked < asked and process.poll() is None:
        assert time.monotonic() < end, "it does not go on"
        time.sleep(0.001)


def _hit(folder: Path) -> tuple[int, int]:
    """The runs that the dead runner had in its hands, and the effects of which nobody knows what came of them."""
    with closing(sqlite3.connect(folder / ".orderloom" / "journal.db")) as db:
        held = "SELECT number FROM run WHERE owner IS NOT NULL"
        [(runs,)] = db.execute(f"SELECT count(*) FROM ({held})").fetchall()
        calls = "step, item, json_extract(body, '$.undo')"
        [(doubts,)] = db.execute(
            f"SELECT count(*) FROM (SELECT kind, max(seq) FROM event WHERE run IN ({held}) AND kind IN "
            f"('intent', 'done', 'failed', 'waits', 'withdrawn') GROUP BY run, {calls}) WHERE kind = 'intent'"
        ).fetchall()
    return runs, doubts


def tail(folder: Path) -> str:
    """The end of what the runners told."""
    file = folder / "told.txt"
    return file.read_text(encoding="utf-8", errors="replace")[-2000:] if file.exists() else ""
