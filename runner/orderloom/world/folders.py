"""A folder in, why it cannot be written out: found out without leaving anything there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from orderloom.world.errors import ConnectionFailedError


def why_unwritable(folder: Path) -> str | None:
    """A sentence, or None where files can be written there; a folder that is not there yet must be one to be made."""
    wanted = folder.absolute()
    try:
        there = next(place for place in (wanted, *wanted.parents) if place.exists())
        if not there.is_dir():
            return f"{folder} cannot be made: {there} is a file"
        if there != wanted:
            return None if os.access(there, os.W_OK | os.X_OK) else f"{folder} cannot be made: {there} is read-only"
        with tempfile.TemporaryFile(dir=wanted):
            return None
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror or 'the system refused'}"


def must_be_writable(folder: Path) -> None:
    """Raises `ConnectionFailedError` (unavailable) where it is not."""
    why = why_unwritable(folder)
    if why is not None:
        raise ConnectionFailedError("unavailable", why)
