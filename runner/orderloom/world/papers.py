"""Papers that are printed, kept as files in one folder; nothing is ever written outside of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from orderloom.source.writing import replace_file
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.folders import must_be_writable

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,120}")


class Folder:
    """The connection `documents`: a name is one to three parts of letters, digits, `_`, `-`, `+` and `.`"""

    remote: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, content: bytes) -> str:
        """Keep it whole or not at all; gives the path. Raises `ConnectionFailedError` (invalid, unavailable)."""
        parts = name.split("/")
        if len(parts) > 3 or not all(_PART.fullmatch(part) for part in parts):
            raise ConnectionFailedError("invalid", f"`{name[:80]}` is no name for a paper")
        file = self.folder.joinpath(*parts)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.parent.resolve().is_relative_to(self.folder.resolve()):
                raise ConnectionFailedError("refused", f"{file} leads out of {self.folder}")
            replace_file(file, content)
        except OSError as error:
            why = error.strerror or "the system refused"
            raise ConnectionFailedError("unavailable", f"{file} cannot be written: {why}") from error
        return str(file)

    def probe(self) -> str:
        """Whether papers can be kept."""
        must_be_writable(self.folder)
        return f"papers are kept in {self.folder}"
