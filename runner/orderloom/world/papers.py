"""Papers that are printed, kept as files in one folder; nothing is ever written outside of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from orderloom.source.writing import replace_file
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.folders import must_be_writable
from orderloom.world.forgetting import Person

_READABLE_BYTES = 5_000_000  # a paper that is larger is no text of ours
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

    def forget(self, person: Person, *, doing: bool) -> Mapping[str, int]:
        """Papers that their runs made, and those that name them, are removed."""
        theirs = [file for file in self._files() if self._is_theirs(file, person)]
        for file in theirs if doing else ():
            file.unlink(missing_ok=True)
        return {f"papers in {self.folder.name}/": len(theirs)}

    def scrub(self) -> bool:
        return True

    def _files(self) -> list[Path]:
        return sorted(file for file in self.folder.rglob("*") if file.is_file() and not file.is_symlink())

    def _is_theirs(self, file: Path, person: Person) -> bool:
        if str(file) in person.papers or str(file.resolve()) in person.papers:
            return True
        return file.stat().st_size <= _READABLE_BYTES and person.is_named_in(file.read_text("utf-8", errors="replace"))

    def probe(self) -> str:
        """Whether papers can be kept."""
        must_be_writable(self.folder)
        return f"papers are kept in {self.folder}"
