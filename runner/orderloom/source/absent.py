"""The path of a file that is not there in; what may have been meant, or what is there instead, out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath

from orderloom.problems import nearest

_MOST = 6  # names in a list
_DEEPEST = 3  # folders below one that is looked in


def meant(path: Path, kinds: Collection[str] = ()) -> str:
    """The mend of a path that names nothing; `kinds` are the suffixes that files of this kind have."""
    folder = path.parent
    if not folder.is_dir():
        return _folder_meant(folder)
    near = near_beside(path)
    if near:
        return f"did you mean `{near}`?"
    where = "in this folder" if folder == Path() else f"in `{folder}`"
    listed = [name for name in map(_told, _entries(folder)) if not kinds or name.endswith((*kinds, "/"))]
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return f"{where} there are: {', '.join(listed[:_MOST])}{more}" if listed else f"there is none {where}"


def near_beside(path: Path) -> Path | None:
    """The file or folder in the same folder whose name is nearest; a suffix alone makes no two names alike."""
    beside = _entries(path.parent)
    stem = nearest(path.stem, [one.stem for one in beside])
    alike = [one.name for one in beside if one.stem == stem]
    return path.parent / (nearest(path.name, alike) or alike[0]) if alike else None


def file_meant(name: str, folders: Sequence[Path], kind: str) -> str:
    """The same where a name in a file is looked for in several folders; `kind` is how names of the kind end.

    A file of nearly that name in another folder is meant too.
    """
    there = {PurePosixPath(path).name: path for folder in reversed(folders) for path in _below(folder, kind)}
    words = {found.removesuffix(kind): found for found in there}
    near = nearest(PurePosixPath(name).name.removesuffix(kind), words)
    if near:
        return f"did you mean `{there[words[near]]}`?"
    listed = sorted(there.values())
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return f"there are: {', '.join(listed[:_MOST])}{more}" if listed else f"the path of a file *{kind} in the project"


def _below(folder: Path, kind: str) -> Iterator[str]:
    """The files of the kind in the folder and below, as they would be named; not from far down."""
    for above, names, files in os.walk(folder):
        at = Path(above).relative_to(folder)
        names[:] = sorted(name for name in names if not name.startswith(".")) if len(at.parts) < _DEEPEST else []
        yield from ((at / name).as_posix() for name in sorted(files) if name.endswith(kind))


def _folder_meant(folder: Path) -> str:
    missing = next(one for one in (*reversed(folder.parents), folder) if not one.is_dir())
    near = nearest(missing.name, [one.name for one in _entries(missing.parent) if one.is_dir()])
    return f"there is no folder `{missing}`" + (f"; did you mean `{missing.parent / near}`?" if near else "")


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError:
        return []


def _told(entry: Path) -> str:
    return f"{entry.name}/" if entry.is_dir() else entry.name
