"""A text that was read: its data, and where each key and value stands. Offsets into a text become lines and columns."""

from __future__ import annotations

import bisect
import pathlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.problems import Place

Path = tuple[str | int, ...]

_BREAK = re.compile(r"\r\n|\n|\r")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, eq=False)
class Document:
    """Plain data (dict, list, str, int, Decimal, bool, None) and the places of its keys and values by path."""

    file: str
    text: str
    data: Any
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]

    def place(self, path: Path) -> Place:
        """Where the value stands; the nearest parent that exists, if the path does not."""
        for length in range(len(path), -1, -1):
            found = self.values.get(tuple(path[:length]))
            if found is not None:
                return found
        return Place(self.file)

    def key_place(self, path: Path) -> Place:
        """Where the key stands; an item of a list has no key, so its value is pointed at."""
        return self.keys.get(tuple(path)) or self.place(path)


class Lines:
    """Turns offsets into places of one file. Lines end at LF, CRLF or CR, as editors count them."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def place(self, start: int, end: int | None = None) -> Place:
        """The span from `start` to `end`, cut at the end of the first line; at least one column wide."""
        line = bisect.bisect_right(self._starts, start) - 1
        first = self._starts[line]
        last = max(start + 1, min(end if end is not None else start + 1, self._line_end(line)))
        return Place(self.file, line + 1, start - first + 1, last - first + 1)

    @property
    def number(self) -> int:
        """How many lines there are."""
        return len(self._starts)

    def start_of(self, line: int) -> int:
        """The offset at which a line begins; lines count from 1."""
        return self._starts[line - 1]

    def line_text(self, line: int) -> str:
        """The text of a line that counts from 1, without its line break."""
        return self.text[self._starts[line - 1] : self._line_end(line - 1)]

    def _line_end(self, line: int) -> int:
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        while end > self._starts[line] and self.text[end - 1] in "\r\n":
            end -= 1
        return end


def spell(path: Sequence[str | int]) -> str:
    """`line_items[0].price`: a path as users write it; the whole document is `the document`."""
    spelt = ""
    for step in path:
        if isinstance(step, int):
            spelt += f"[{step}]"
        elif _PLAIN_NAME.fullmatch(step):
            spelt += f".{step}" if spelt else step
        else:
            spelt += f'["{step}"]'
    return spelt or "the document"


def brief(text: str, width: int = 60) -> str:
    """The text on one line, cut where it is too long for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def find_file(name: str, folders: Sequence[pathlib.Path]) -> pathlib.Path | None:
    """The first of the folders that has the file; a name that leads out of its folder finds nothing."""
    if not name or "\0" in name or pathlib.PurePosixPath(name).is_absolute() or pathlib.PureWindowsPath(name).drive:
        return None
    return next((found for folder in folders if (found := _inside(folder, name))), None)


def _inside(folder: pathlib.Path, name: str) -> pathlib.Path | None:
    candidate = folder / name
    try:
        inside = candidate.is_file() and candidate.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name too long for the system, a loop of links
        return None
    return candidate if inside else None
