"""A disk of a few pages, real and of this test alone: a file system in memory that only one process sees.

    python -m tests.faults.disk STORY FOLDER

is started in a namespace of its own, which takes no rights on this machine. The story is a function of `stories.py`;
what it returns is printed as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke

APART = ("unshare", "--user", "--map-root-user", "--mount")
REPOSITORY = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Disk:
    """The disk, at that folder, and a project beside it."""

    folder: Path

    def become(self, *options: str) -> None:
        """Of another size, or read-only: `size=60m`, `ro`."""
        subprocess.run(["mount", "-o", ",".join(("remount", *options)), str(self.folder)], check=True)


def tell(*words: str) -> dict[str, Any]:
    """What a command says, and what it ends with."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = invoke(list(words))
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def tell_apart(*words: str) -> dict[str, Any]:
    """The same by a process of its own, which is gone then: what it had in its hands is free."""
    command = [sys.executable, "-m", "orderloom", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def told(story: str, folder: Path) -> dict[str, Any]:
    """What the story came to. Skips where this machine makes no namespaces."""
    if subprocess.run([*APART, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk of their own")
    folder.mkdir(exist_ok=True)
    command = [*APART, sys.executable, "-m", "tests.faults.disk", story, str(folder)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(story: str, folder: Path) -> None:
    from tests.faults import stories

    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=True)
    print(json.dumps(getattr(stories, story)(Disk(folder))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
