"""Bytes in, a file that holds either what it held before or all of them out, whatever happens in between."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile


def replace_file(file: pathlib.Path, content: bytes) -> None:
    """Write beside the file, then take its place; a file that was there keeps its permissions. Raises OSError.

    What is no file (`/dev/stdout`, a pipe) is written to as it stands: nobody wants a file in its place.
    """
    if file.exists() and not file.is_file():
        file.write_bytes(content)
        return
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            shutil.copymode(file, temporary)
        pathlib.Path(temporary).replace(file)
    except BaseException:
        pathlib.Path(temporary).unlink(missing_ok=True)
        raise
