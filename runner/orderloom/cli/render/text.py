"""Findings in, text with excerpts and carets out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click

from orderloom.problems import COMMAND_LINE, Place, Problem, ProblemsError, in_order
from orderloom.source.document import Lines
from orderloom.source.encoding import exported_encoding
from orderloom.widths import columns_of

_COLOURS = {"error": "red", "warning": "yellow"}
_WIDEST = 110  # columns of an excerpt; a longer line is cut around its caret
_EXCERPT_LIMIT_BYTES = 64_000_000
_BEGINNING = 8_000
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control characters and those that turn the direction of a line


def as_text(problems: Iterable[Problem], sources: Mapping[str, str] | None = None) -> str:
    """The findings in the order of their files, and a line that counts them; with colour codes."""
    found = in_order(problems)
    texts = _Texts(sources or {})
    blocks = ["\n".join(_block(problem, texts)) for problem in found]
    return "\n\n".join([*blocks, count(found)])


def count(problems: Iterable[Problem]) -> str:
    """`2 errors, 1 warning in 2 files`."""
    found = list(problems)
    errors = sum(problem.severity == "error" for problem in found)
    warnings = len(found) - errors
    parts = [_plural(errors, "error")] if errors or not warnings else []
    parts += [_plural(warnings, "warning")] if warnings else []
    files = {problem.place.file for problem in found} - {COMMAND_LINE.file}
    return ", ".join(parts) + (f" in {_plural(len(files), 'file')}" if files or not found else "")


def visible(text: str) -> str:
    """The text with control characters written as escapes, so that no file can steer the terminal."""
    if text.isprintable():
        return text
    return "".join(_escaped(letter) if unicodedata.category(letter) in _INVISIBLE else letter for letter in text)


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


class _Texts:
    """The lines of the files that findings point into; each file is read once."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._lines: dict[str, Lines | None] = {}

    def line(self, place: Place) -> str | None:
        if place.file not in self._lines:
            text = self._sources.get(place.file)
            text = _read(Path(place.file)) if text is None else text
            self._lines[place.file] = None if text is None else Lines(text.removeprefix("\ufeff"), place.file)
        lines = self._lines[place.file]
        return lines.line_text(place.line) if lines and 0 < place.line <= lines.number else None


def _read(file: Path) -> str | None:
    try:
        if file.is_file() and file.stat().st_size <= _EXCERPT_LIMIT_BYTES:
            return _text(file.read_bytes())
    except (OSError, ValueError):
        pass
    return None


def _text(content: bytes) -> str | None:
    """As a sheet may be encoded; None where it is no text at all."""
    try:
        encoding, _ = exported_encoding(content, "")
    except ProblemsError:
        encoding = "utf-8"
    text = content.decode(encoding, "replace")
    return None if "\0" in text[:_BEGINNING] else text


def _block(problem: Problem, texts: _Texts) -> Iterator[str]:
    colour, place = _COLOURS[problem.severity], problem.place
    line, shown_at = (texts.line(place), place) if not place.cell else _row_of_a_sheet(place)
    margin = " " * max(len(str(place.line)), 1)
    bar = click.style("|", fg="blue")
    yield click.style(f"{problem.severity}[{problem.code}]", fg=colour, bold=True) + f": {visible(problem.message)}"
    yield f"{margin}{click.style('-->', fg='blue')} {visible(str(place))}"
    if line is not None:
        shown, before, width = _excerpt(line, shown_at)
        yield f"{margin} {bar}"
        yield f"{click.style(str(place.line), fg='blue')} {bar} {shown}".rstrip()
        yield f"{margin} {bar} {' ' * before}{click.style('^' * width, fg=colour, bold=True)}"
    if problem.help:
        yield f"{margin} {click.style('=', fg='blue')} help: {visible(problem.help)}"


def _row_of_a_sheet(place: Place) -> tuple[str | None, Place]:
    """The cells of the row with bars between them, and where in that line the cell stands."""
    from orderloom.rules.reading.workbook import row_texts  # noqa: PLC0415 (few findings stand in a workbook)

    cells = row_texts(place)
    before = " | ".join([*cells[: place.column - 1], ""])
    width = max(len(cells[place.column - 1]), 1) if place.column <= len(cells) else 1
    start = len(before) + 1
    return (" | ".join(cells) if cells else None), replace(place, column=start, end_column=start + width)


def _excerpt(line: str, place: Place) -> tuple[str, int, int]:
    """The line as shown, the columns before the caret, and the width of the caret."""
    start = min(max(place.column - 1, 0), len(line))
    end = min(max(place.end_column - 1, start + 1), max(len(line), start + 1))
    if len(line) > _WIDEST:
        line, start, end = _window(line, start, end)
    shown = "".join(_one_column(letter) for letter in line)
    return shown, columns_of(shown[:start]), max(columns_of(shown[start:end]), 1)


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    first = max(0, min(start - 30, len(line) - _WIDEST))
    last = min(len(line), first + _WIDEST)
    head, tail = "…" if first else "", "…" if last < len(line) else ""
    shift = len(head) - first
    return head + line[first:last] + tail, start + shift, min(end, last) + shift


def _one_column(letter: str) -> str:
    if letter == "\t":
        return "→"
    return "\ufffd" if unicodedata.category(letter) in _INVISIBLE else letter
