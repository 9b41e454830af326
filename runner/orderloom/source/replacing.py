"""Contents of files in, the files out: each whole or not there at all, none over another by mistake."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from orderloom.problems import Place, Problem, ProblemsError, refuse

_LONGEST_NAME = 200  # systems take 255 bytes; names of files that are still written are longer by some letters


def write_files(contents: Mapping[Path, bytes], force: bool = False) -> None:
    """Write them in that order. Raises `ProblemsError`: Y008 where one is there and may not be replaced, Y045
    where its folder is not there, Y009 where the system does not let it be written."""
    for path in contents:
        refuse_misplaced(path)
    there = [path for path in contents if path.exists() or path.is_symlink()]
    if there and not force:
        raise ProblemsError([Problem("Y008", "the file is there already", Place(str(path)), _FORCE) for path in there])
    for path, content in contents.items():
        try:
            _write(path, content, force)
        except FileExistsError:
            raise refuse("Y008", "the file is there already", Place(str(path)), _FORCE) from None
        except OSError as error:
            raise unwritable(path, error) from error


def refuse_misplaced(path: Path) -> None:
    """Raises `ProblemsError` (Y045) for a file in a folder that is not there, for a folder, and for an endless name."""
    if len(os.fsencode(path.name)) > _LONGEST_NAME:
        message = "the file cannot be written: its name is too long"
        raise refuse("Y045", message, Place(str(path)), f"names have {_LONGEST_NAME} letters at most")
    if path.is_dir():
        raise refuse("Y045", "the file cannot be written: it is a folder", Place(str(path)), "name a file in it")
    if path.exists() and not path.is_file():
        raise refuse("Y045", "the file cannot be written: it is a device or a pipe", Place(str(path)), "name a file")
    if not path.parent.is_dir():
        message = f"the file cannot be written: there is no folder `{path.parent}`"
        raise refuse("Y045", message, Place(str(path)), "make the folder, or name one that is there")


def unwritable(path: Path, error: OSError) -> ProblemsError:
    """The refusal (Y009) of a file that the system does not let be written."""
    why = error.strerror or "the system does not let it be written"
    help_ = "check who may write there, and how much room is left"
    return refuse("Y009", f"the file cannot be written: {why}", Place(str(path)), help_)


_FORCE = "choose another name, or add --force to replace it"


def _write(path: Path, content: bytes, force: bool) -> None:
    """Under another name first; that one is made the file when all of it is on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())  # noqa: PTH101
        if force:
            os.replace(name, path)  # noqa: PTH105 (beside its `link`)
        else:
            os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
