"""The path of a file that is not there in; what may have been meant, or what is there instead, out."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from orderloom.problems import nearest

_MOST = 6  # names in a list


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
