"""A template and a folder in, a project out: every file of it, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from orderloom.problems import Place, ProblemsError, refuse
from orderloom.project import MARKER

_SHOWN = 5


def make(folder: Path, files: Mapping[str, Path], *, merge: bool) -> tuple[list[str], list[str]]:
    """Copy the files into the folder; gives the names that were made and those that were there already.

    With `merge` a file that is there stays as it is. Raises `ProblemsError`: F967 where something is in the way, F968
    where a file cannot be written; then nothing is left behind.
    """
    there = [name for name in files if (folder / name).exists()]
    in_the_way = [] if merge else there or _other_content(folder)
    if in_the_way:
        raise _refusal(folder, in_the_way)
    missing = [name for name in files if name not in there]
    missing.sort(key=MARKER.__eq__)  # the marker comes last: what is half there is no project
    _copy(folder, {name: files[name] for name in missing})
    return sorted(missing), there


def _other_content(folder: Path) -> list[str]:
    """What is in the folder already; hidden things (.git, .venv) are in nobody's way."""
    if not folder.is_dir():
        return []
    shown = (entry for entry in folder.iterdir() if not entry.name.startswith("."))
    return sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in shown)


def _refusal(folder: Path, names: Sequence[str]) -> ProblemsError:
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    what = "there is a project already" if MARKER in names else "the folder is not empty"
    mend = "choose a new folder, or add what is missing with --merge"
    return refuse("F967", f"{what}: {shown}", Place(str(folder)), mend)


def _copy(folder: Path, files: Mapping[str, Path]) -> None:
    made: list[Path] = []
    try:
        for name, source in files.items():
            _make_folders((folder / name).parent, made)
            with (folder / name).open("xb") as target:  # x: what somebody put there meanwhile is not overwritten
                made.append(folder / name)
                target.write(source.read_bytes())
    except BaseException as error:
        _remove(made)
        if isinstance(error, OSError):
            raise _unwritable(error, folder) from error
        raise


def _make_folders(folder: Path, made: list[Path]) -> None:
    """The folder with those above it; `made` gets each that was not there."""
    if not folder.is_dir():
        _make_folders(folder.parent, made)
        folder.mkdir()
        made.append(folder)


def _remove(made: Sequence[Path]) -> None:
    for path in reversed(made):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


def _unwritable(error: OSError, folder: Path) -> ProblemsError:
    file, why = error.filename or folder, error.strerror or "the system refused"
    return refuse(
        "F968", f"{file} cannot be written: {why}", Place(str(folder)), "nothing was made; choose another folder"
    )
