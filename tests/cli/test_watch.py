"""`orderloom check --watch`, in a process of its own: it checks again after a change and ends by Ctrl-C."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from orderloom.cli.check import command
from orderloom.cli.checking.watching import seen

FLOW = "flow: f\nsteps:\n  capture: {use: capture}\n"
NODE = '''\
"""A node."""

from orderloom import Outcome, node


class Done(Outcome, name="done"):
    """It is done."""


@node("wrap", version=1, kind="action", effects="none")
def wrap(size: int) -> Done:
    """Wrap it."""
    return Done()
'''
PATIENCE_S = 60


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "orderloom.yaml").touch()
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "f.yaml").write_text(FLOW, encoding="utf-8")
    return tmp_path


class Watcher:
    """The process, and its lines as they come."""

    def __init__(self, project: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "orderloom", "check", "--watch", *arguments],
            cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={**os.environ, "NO_COLOR": "1"}, preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 (it takes no lock)
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)

    def until(self, words: str) -> str:
        """All that is printed up to a line with these words."""
        told, end = "", time.monotonic() + PATIENCE_S
        while words not in told:
            try:
                told += self._lines.get(timeout=max(end - time.monotonic(), 0.01))
            except queue.Empty:
                pytest.fail(f"no `{words}` in:\n{told}")
        return told

    def interrupt(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join()


def _hears_ctrl_c() -> None:
    """A shell starts what it puts into the background deaf to it, tests too; a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def watcher(project: Path) -> Iterator[Watcher]:
    started = Watcher(project)
    yield started
    started.close()


def test_a_change_is_checked_and_ctrl_c_ends_it_with_130(project: Path, watcher: Watcher) -> None:
    first = watcher.until("watching")
    (project / "flows" / "f.yaml").write_text(FLOW.replace("use: capture", "use: captur"), encoding="utf-8")
    second = watcher.until("watching")
    (project / "flows" / "f.yaml").write_text(FLOW, encoding="utf-8")
    third = watcher.until("watching")

    assert "flows/f.yaml  ok  1 steps" in first
    assert "changed: " in second
    assert "error[N001]: no node is named `captur`" in second
    assert "1 error in 1 file" in second
    assert "flows/f.yaml  ok  1 steps" in third
    assert watcher.interrupt() == 130
    assert "Traceback" not in watcher.until("interrupted")


def test_a_changed_node_is_the_one_that_is_checked(project: Path, watcher: Watcher) -> None:
    flow = FLOW + "  wrap: {use: wrap, with: {size: 3}, after: capture}\n"
    (project / "nodes" / "wrap").mkdir(parents=True)
    (project / "nodes" / "wrap" / "__init__.py").write_text(NODE, encoding="utf-8")
    (project / "flows" / "f.yaml").write_text(flow, encoding="utf-8")
    watcher.until("ok  2 steps")
    watcher.until("watching")

    (project / "nodes" / "wrap" / "__init__.py").write_text(NODE.replace("size: int", "width: int"), encoding="utf-8")

    assert "node `wrap` takes no `size`" in watcher.until("watching")


def test_new_files_are_seen_and_hidden_folders_and_caches_are_not(tmp_path: Path) -> None:
    before = seen([tmp_path])
    for name in ("rules/a.csv", ".git/index", "nodes/a/__pycache__/a.pyc", "nodes/a/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert before == {}
    assert set(seen([tmp_path])) == {str(tmp_path / "rules/a.csv"), str(tmp_path / "nodes/a/__init__.py")}


def test_watching_and_mending_do_not_go_together() -> None:
    told = CliRunner().invoke(command, ["--watch", "--fix"])

    assert told.exit_code == 2
    assert "do not go together" in told.stderr
