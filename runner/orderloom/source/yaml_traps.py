"""Unquoted texts that YAML ends earlier than their writer meant: at a comma, a bracket, or ` #`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from orderloom.source.document import brief

_READABLE = 80  # columns
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_COMMENT = re.compile(r"[ \t]+#")
_COMMENT_BY_MISTAKE = re.compile(r"[ \t]+#[{0-9]")
_FAR = 2_000  # characters; what lies behind them is not meant to be one formula


@dataclass(frozen=True)
class Trap:
    """A finding, by offsets; `until` is the end of what the writer meant."""

    code: str
    message: str
    start: int
    end: int
    until: int
    help: str
    quoted: str | None = None  # what to write from `start` to `until`, where that is certain


def span(event: Any) -> tuple[int, int]:
    """The offsets at which the text of an event begins and ends."""
    return event.start_mark.index, event.end_mark.index


def in_scalar(text: str, event: Any, flow: bool) -> Trap | None:
    """What cut this unquoted text short, where that can be told."""
    start, end = span(event)
    written = text[start:end]
    is_formula, open_end = written.startswith("="), is_open(written)
    if is_formula and open_end and flow and text[end : end + 1] == ",":
        return _cut_by_comma(text, start, end)
    if (is_formula and open_end and _COMMENT.match(text, end)) or _COMMENT_BY_MISTAKE.match(text, end):
        return _cut_by_comment(text, start, end)
    return None


def is_open(formula: str) -> bool:
    """Whether a bracket or a quote is still open at the end."""
    return _balance(formula, 0, len(formula), "")[1]


def meant(text: str, start: int, stops: str = ",}]") -> str | None:
    """The text up to the first of `stops` outside brackets and quotes, on one line; None if it does not balance."""
    line_end = start + len(_rest_of_line(text, start))
    end, still_open = _balance(text, start, line_end, stops)
    return None if still_open else text[start:end].rstrip()


def put_in_quotes(whole: str | None, otherwise: str = "put the text in quotes") -> str:
    """The mend for a text that needs quotes, written out where it is short enough to be read."""
    return f"put it in quotes: {in_quotes(whole)}" if whole and len(whole) <= _READABLE else otherwise


def in_quotes(text: str | None) -> str | None:
    """The text as YAML reads it letter by letter; None for nothing."""
    if not text:
        return None
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _cut_by_comma(text: str, start: int, end: int) -> Trap:
    whole = meant(text, start)
    mend = put_in_quotes(whole, "put the formula in quotes, or on a line of its own")
    message = f"the comma ends the formula here, only `{brief(text[start:end])}` is left of it"
    return Trap("Y030", message, start, end, start + len(whole or text[start:end]), mend, in_quotes(whole))


def _cut_by_comment(text: str, start: int, end: int) -> Trap:
    rest = _rest_of_line(text, start).rstrip()
    message = f"` #` begins a comment, only `{brief(text[start:end])}` is left of the text"
    return Trap("Y032", message, start, end, start + len(rest), put_in_quotes(rest))


def _rest_of_line(text: str, start: int) -> str:
    return re.split(r"[\r\n]", text[start : start + _FAR], maxsplit=1)[0]


def _balance(text: str, start: int, end: int, stops: str) -> tuple[int, bool]:
    """Where a stop is met outside brackets and quotes (or the end), and whether something is open there."""
    awaited: list[str] = []
    in_quotes = False
    for position in range(start, end):
        letter = text[position]
        if letter == '"' and text[position - 1 : position] != "\\":
            in_quotes = not in_quotes
        elif in_quotes:
            continue
        elif not awaited and letter in stops:
            return position, False
        elif letter in _CLOSES:
            awaited.append(_CLOSES[letter])
        elif letter in _CLOSES.values() and (not awaited or awaited.pop() != letter):
            return position, True
    return end, in_quotes or bool(awaited)
