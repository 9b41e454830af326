"""Folders and files in; the check again and again, whenever one of them has changed, until Ctrl-C.

Each check is a process of its own: a node's module that was changed is then the one that is checked. Files are looked
at by their times and sizes, which needs no package, works on every file system, and takes milliseconds for thousands.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from orderloom.project import find_project, shipped

PAUSE_S = 0.25
RESTS = 9  # looking takes at most a tenth of the time
LEFT_OUT = {"__pycache__", "node_modules", "site-packages"}
Seen = dict[str, tuple[int, int]]


def watch(paths: Sequence[str], form: str) -> None:
    """Check now and after each change. Ends by KeyboardInterrupt alone."""
    roots = list(_roots(paths))
    while True:
        before = seen(roots)  # what is written while the check runs is checked again
        _check(paths, form)
        _say(f"{time.strftime('%H:%M:%S')}  watching {', '.join(map(str, roots))} (Ctrl-C ends it)")
        _until_changed(roots, before)


def seen(roots: Sequence[Path]) -> Seen:
    """The time (ns) and the size of each file below the roots; hidden folders and caches are left out."""
    found: Seen = {}
    for root in roots:
        for folder, names, files in os.walk(root) if root.is_dir() else [(str(root.parent), [], [root.name])]:
            names[:] = [name for name in names if not name.startswith(".") and name not in LEFT_OUT]
            for name in files:
                found |= _state(os.path.join(folder, name))  # noqa: PTH118 (thousands of Paths take their time)
    return found


def _state(file: str) -> Seen:
    try:
        there = os.stat(file)  # noqa: PTH116 (the same)
    except OSError:  # gone since it was listed
        return {}
    return {file: (there.st_mtime_ns, there.st_size)}


def _roots(paths: Sequence[str]) -> Iterator[Path]:
    """The project with all that its flows may use; else what was named and what lies beside it."""
    project = find_project()
    if project:
        yield project.root
    outside = [Path(path) for path in paths if Path(path).exists()]
    for path in outside:
        folder = path if path.is_dir() else path.parent
        if project is None or not folder.resolve().is_relative_to(project.root):
            yield folder
    if not project and not outside:
        yield shipped()


def _check(paths: Sequence[str], form: str) -> None:
    if sys.stdout.isatty():
        click.clear()
    subprocess.run(  # noqa: S603 (ourselves)
        [sys.executable, "-m", "orderloom", "check", "--format", form, *(["--", *paths] if paths else [])], check=False
    )


def _until_changed(roots: Sequence[Path], before: Seen) -> None:
    """Until something has changed, and nothing more since: an editor may write several files, or one in steps."""
    now = before
    while now == before:
        now = _after_a_pause(roots)
    while (later := _after_a_pause(roots)) != now:
        now = later
    changed = sorted({file for file, _ in now.items() ^ before.items()})
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    _say(f"{time.strftime('%H:%M:%S')}  changed: {changed[0]}{more}")


def _after_a_pause(roots: Sequence[Path]) -> Seen:
    started = time.monotonic()
    found = seen(roots)
    time.sleep(max(PAUSE_S, RESTS * (time.monotonic() - started)))
    return found


def _say(text: str) -> None:
    click.echo(text, err=True)
