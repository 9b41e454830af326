"""A folder that others drop files into: each file is taken by one process, once it is whole, and put aside when done.

`claimed/` holds what is being worked on: the process that works on a file holds its lock, so that a file whose process
died is free for the next. `done/` and `failed/` hold what is through. A file is claimed by renaming it, which one
process alone can do.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: there a folder is for one process at a time
    fcntl = None  # type: ignore[assignment]

CLAIMED, DONE, FAILED = "claimed", "done", "failed"
MARKERS = (".done", ".ready", ".ok")
_GROWING = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", ".lock")
_BETWEEN = "~"  # of what makes a claimed file's name its own, and the name that it came with


@dataclass
class Claimed:
    """A file that is ours until it is put aside. `left_behind`: a process that has died had claimed it before."""

    file: Path
    name: str
    handle: BinaryIO
    left_behind: bool = False

    def content_hash(self) -> str:
        found = hashlib.sha256()
        self.handle.seek(0)
        while block := self.handle.read(1 << 20):
            found.update(block)
        return found.hexdigest()

    def put_aside(self, folder: str, why: Sequence[str] = ()) -> Path:
        """Into `done/` or `failed/` of the drop folder, beside a file that says why; no file there is overwritten."""
        place = _free(self.file.parent.parent / folder, self.name)
        if why:
            place.with_name(f"{place.name}.why.txt").write_text("\n".join(why) + "\n", encoding="utf-8")
        self.file.rename(place)
        self.handle.close()  # and with it the lock, only when the file is no longer to be claimed
        return place


@dataclass(frozen=True)
class Seen:
    """What lies in the folder: files that can be taken, and those that may still be written."""

    whole: tuple[Path, ...]
    waiting: tuple[Path, ...]


def look(
    folder: Path, settle_s: float, *, marked_only: bool = False, pause: Callable[[float], None] = time.sleep
) -> Seen:
    """Which files are whole: marked by one beside them (`orders.csv.done`), or as they were `settle_s` ago.

    Others are looked at twice, `settle_s` apart. Files that are written under a name of their own until they are whole
    (`.part`, `.tmp`, a dot in front) are not seen before they are renamed.
    """
    before = {file: _state(file) for file in _files(folder)}
    marked = {file for file in before if _marker(file)}
    settled = {file for file, state in before.items() if state and time.time() - state[1] / 1e9 >= settle_s}
    open_ = [] if marked_only else [file for file in before if file not in marked | settled]
    if open_ and settle_s:
        pause(settle_s)
    same = set() if marked_only else settled | {file for file in open_ if _state(file) == before[file]}
    whole = tuple(file for file in before if file in marked or (file in same and before[file] and before[file][0]))  # type: ignore[index]
    return Seen(whole, tuple(file for file in before if file not in whole))


def claim(folder: Path, file: Path) -> Claimed | None:
    """The file, ours alone; None where another process was quicker."""
    (folder / CLAIMED).mkdir(exist_ok=True)
    marker, taken = _marker(file), folder / CLAIMED / f"{secrets.token_hex(4)}{_BETWEEN}{file.name}"
    try:
        file.rename(taken)
    except FileNotFoundError:
        return None
    if marker is not None:
        marker.unlink(missing_ok=True)
    return _held(taken)


def left_behind(folder: Path) -> Iterator[Claimed]:
    """Files that processes had claimed which are no more."""
    for file in sorted((folder / CLAIMED).glob(f"*{_BETWEEN}*")):
        found = _held(file)
        if found is not None:
            found.left_behind = True
            yield found


def _held(file: Path) -> Claimed | None:
    """The claimed file with its lock; None where another process has it, or has put it aside meanwhile."""
    try:
        handle = file.open("rb")
    except FileNotFoundError:
        return None
    if fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return None
    if not file.exists():
        handle.close()
        return None
    return Claimed(file, file.name.partition(_BETWEEN)[2], handle)


def _files(folder: Path) -> list[Path]:
    """What may be taken: no folders, no markers, nothing that says by its name that it is still written."""
    names = {entry.name for entry in os.scandir(folder) if entry.is_file()}
    return [folder / name for name in sorted(names) if not _is_aside(name, names)]


def _is_aside(name: str, names: set[str]) -> bool:
    if name.startswith((".", "~$")) or name.lower().endswith(_GROWING):
        return True
    return any(name.endswith(marker) and name.removesuffix(marker) in names for marker in MARKERS)


def _marker(file: Path) -> Path | None:
    beside = (file.with_name(file.name + marker) for marker in MARKERS)
    return next((one for one in beside if one.exists()), None)


def _state(file: Path) -> tuple[int, int] | None:
    """Size and time of the last change; None where the file is gone."""
    with suppress(FileNotFoundError):
        told = file.stat()
        return told.st_size, told.st_mtime_ns
    return None


def _free(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    stem, dot, suffix = name.partition(".")
    number = 1
    place = folder / name
    while place.exists():
        number += 1
        place = folder / f"{stem}-{number}{dot}{suffix}"
    return place
