"""From a path to payloads: one file, a JSON-lines file line by line, or a folder file by file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orderloom.declare import Payload
from orderloom.problems import COMMAND_LINE, Place, Problem, refuse
from orderloom.source.absent import meant

LINE_FORMATS = {".jsonl", ".ndjson"}
FORMATS = LINE_FORMATS | {".json", ".csv", ".tsv", ".edi", ".x12", ".xml", ".xlsx"}
KINDS = ".json, .jsonl, .csv, .xlsx, .xml and .edi files"
MOST_BYTES = 64 * 1024 * 1024


@dataclass
class Extent:
    """How much of a source has been read: bytes, of `total` where that is known beforehand."""

    total: int | None = None
    read: int = 0


def extent_of(source: str) -> Extent:
    """What there is to read: the size of a file, or of the files of a folder; unknown of a stream."""
    path = Path(source)
    if source == "-" or not (path.is_file() or path.is_dir()):
        return Extent()
    files = [file for file in path.iterdir() if file.suffix in FORMATS] if path.is_dir() else [path]
    return Extent(sum(file.stat().st_size for file in files if file.is_file()))


def payloads(
    source: str,
    *,
    format: str | None = None,  # noqa: A002 (as the option)
    account: str | None = None,
    extent: Extent | None = None,
) -> Iterator[Payload]:
    """Every payload of `source` (`-` is standard input), read one at a time; `extent` is told how far it is.

    Raises `ProblemsError` where a file is missing, too large or cannot be read.
    """
    seen = extent or Extent()
    if source == "-":
        yield Payload(sys.stdin.buffer.read(), "-", format, account)
        return
    path = Path(source)
    if path.is_dir():
        for file in sorted(file for file in path.iterdir() if file.suffix in FORMATS and file.is_file()):
            yield from payloads(str(file), format=format, account=account, extent=seen)
    elif path.suffix in LINE_FORMATS:
        yield from _lines(path, format, account, seen)
    else:
        content = _bytes(path)
        seen.read += len(content)
        yield Payload(content, str(path), format, account)


def passed_over(source: str) -> list[str]:
    """What lies in a folder of orders and is not read: other kinds of files, and folders."""
    path = Path(source)
    if not path.is_dir():
        return []
    return sorted(
        p.name for p in path.iterdir() if not p.name.startswith(".") and not (p.is_file() and p.suffix in FORMATS)
    )


def is_stream(source: str) -> bool:
    """Whether many orders are to be expected: a folder, JSON lines, or rows."""
    return Path(source).is_dir() or Path(source).suffix in LINE_FORMATS | {".csv", ".tsv", ".edi", ".x12", ".xlsx"}


def _lines(path: Path, format: str | None, account: str | None, seen: Extent) -> Iterator[Payload]:  # noqa: A002
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                seen.read += len(line)
                if line.strip():
                    yield Payload(line, str(path), format, account, number)
    except OSError as error:
        raise _unreadable(path, error) from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise refuse(
                "V902",
                f"the file is larger than {MOST_BYTES // 2**20} MB",
                Place(str(path)),
                "give many orders as JSON lines (.jsonl)",
            )
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> Exception:
    if isinstance(error, FileNotFoundError):
        return refuse("V901", f"there is no file `{path}`", COMMAND_LINE, meant(path, FORMATS))
    mend = "let whoever runs this read it"
    return refuse("V901", f"the file cannot be read ({error.strerror})", Place(str(path)), mend)


def none_in(source: str) -> Problem:
    """F904: nothing was met, which may be right, and may be the wrong folder."""
    mend = f"orders are {KINDS}" if Path(source).is_dir() else "one order a line is expected"
    return Problem("F904", "there are no orders here", Place(source), mend, "warning")
