"""JSON text in; data, places and problems out. Slower than the standard library, and tells where things stand."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orderloom.problems import Place, Problem
from orderloom.source.document import Lines, Path, brief, spell

JSON_DEPTH_LIMIT = 200
_DIGITS_LIMIT = 100
_EXPONENT_LIMIT = 308  # what a double reaches; RFC 8259, section 6, asks for no more

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER_LIKE = re.compile(r"[-+.0-9A-Za-z_]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}
_NOT_NUMBERS = {"NaN", "Infinity", "-Infinity", "-NaN", "nan", "inf", "-inf"}
_CUT_OFF = "it was cut off; fetch it again"
_KEYS = "JSON keys stand in double quotes, and no comma comes before `}`"
_strings = json.JSONDecoder()


@dataclass
class Scan:
    """All that one pass over a text gives."""

    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def scan(text: str, file: str) -> Scan:
    """Data and places, or the problems: all of them up to the first place where the text is not JSON."""
    scanner = _Scanner(Lines(text, file))
    with contextlib.suppress(_StopError):
        scanner.document()
    return scanner.scan


def _named(path: Path) -> str:
    return brief(spell(path), 100)


def exact(written: str) -> int | Decimal:
    """The number exactly as written; ValueError where no system would take it."""
    if len(written) > _DIGITS_LIMIT:
        raise ValueError(written)
    mantissa, _, exponent = written.lower().partition("e")
    if not exponent:
        return Decimal(written) if "." in mantissa else int(written)
    if abs(int(exponent)) > _EXPONENT_LIMIT:
        raise ValueError(written)
    return Decimal(written)


class _StopError(Exception):
    """From here on the text is not JSON."""


class _Scanner:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.text = lines.text
        self.at = 0
        self.scan = Scan()
        self._by_first_letter = {"{": self._object, "[": self._array, '"': self._string}

    def document(self) -> None:
        self._skip()
        if self.at == len(self.text):
            raise self._stop("Y005", "the text is empty", 0)
        self.scan.data = self._value(())
        self._skip()
        if self.at < len(self.text):
            raise self._stop(
                "Y040", "there is more text after the document", self.at, mend="one file holds one JSON document"
            )

    def _value(self, path: Path) -> Any:
        self._skip()
        start, letter = self.at, self.text[self.at : self.at + 1]
        read: Callable[[Path], Any] = self._by_first_letter.get(letter, self._word_or_number)
        value = read(path)
        self.scan.values[path] = self.lines.place(start, self.at)
        return value

    def _object(self, path: Path) -> dict[str, Any]:
        opened = self._enter(path)
        members: dict[str, Any] = {}
        while self._more(opened, "}", first=not members):
            start = self.at
            if self.text[start : start + 1] != '"':
                raise self._stop("Y040", "a key in double quotes is missing here", start, mend=_KEYS)
            name = self._string(path)
            below, place = (*path, name), self.lines.place(start, self.at)
            if name in members:
                first = self.scan.keys[below].line
                self._find(
                    "Y024", f"`{_named(below)}` is given twice, first on line {first}", place, "keep one of them"
                )
            else:
                self.scan.keys[below] = place
            self._expect_colon(name)
            value = self._value(below)
            members.setdefault(name, value)
        return members

    def _array(self, path: Path) -> list[Any]:
        opened = self._enter(path)
        items: list[Any] = []
        while self._more(opened, "]", first=not items):
            items.append(self._value((*path, len(items))))
        return items

    def _enter(self, path: Path) -> int:
        if len(path) >= JSON_DEPTH_LIMIT:
            raise self._stop("Y025", f"more than {JSON_DEPTH_LIMIT} levels inside each other", self.at)
        self.at += 1
        return self.at - 1

    def _more(self, opened: int, closing: str, *, first: bool) -> bool:
        """Whether another member follows; steps over the comma, or over the closing bracket."""
        self._skip()
        letter = self.text[self.at : self.at + 1]
        if letter == closing:
            self.at += 1
            return False
        if not letter:
            message = (
                f"the text ends before the `{self.text[opened]}` of line {self.lines.place(opened).line} is closed"
            )
            raise self._stop("Y044", message, self.at, mend=_CUT_OFF)
        if first:
            return True
        if letter != ",":
            raise self._stop("Y040", f"a `,` or `{closing}` is missing here", self.at)
        self.at += 1
        self._skip()
        return True

    def _expect_colon(self, name: str) -> None:
        self._skip()
        if self.text[self.at : self.at + 1] != ":":
            raise self._stop("Y040", f"a `:` is missing after the key `{brief(name)}`", self.at)
        self.at += 1

    def _string(self, path: Path) -> str:
        start = self.at
        try:
            value, self.at = _strings.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            raise self._broken_string(start, min(error.pos, len(self.text))) from None
        if _SURROGATE.search(value):
            place = self.lines.place(start, self.at)
            message = f"`{_named(path)}` holds half of a character (an unpaired \\ud800 to \\udfff)"
            self._find("Y043", message, place, "the sender cut a text in the middle of a character")
            return "".join("\ufffd" if _SURROGATE.match(letter) else letter for letter in value)
        return str(value)

    def _broken_string(self, start: int, at: int) -> _StopError:
        letter = self.text[at : at + 1]
        if at <= start or not letter:
            return self._stop(
                "Y044", "the text in quotes does not end", start, mend="it was cut off, or a closing quote is missing"
            )
        if letter < " ":
            message = f"a raw control character U+{ord(letter):04X} stands in a text"
            return self._stop("Y040", message, at, mend="write it as an escape, for example \\n")
        return self._stop("Y040", "this backslash escape is not JSON", at, mend="write \\\\ for a backslash")

    def _word_or_number(self, path: Path) -> Any:
        start = self.at
        written = found[0] if (found := _NUMBER_LIKE.match(self.text, start)) else ""
        self.at = start + len(written)
        place = self.lines.place(start, self.at)
        if written in _WORDS:
            return _WORDS[written]
        if written in _NOT_NUMBERS:
            message = f"`{_named(path)}` is {written}, which is no number in JSON"
            self._find("Y041", message, place, "send null, or leave it out")
            return None
        if _NUMBER.fullmatch(written):
            return self._number(written, path, place)
        raise self._no_value(written, start)

    def _number(self, written: str, path: Path, place: Place) -> int | Decimal | None:
        try:
            return exact(written)
        except ValueError:
            message = f"`{_named(path)}` is {brief(written, 20)}, too large or too small for any amount"
            self._find("Y042", message, place, "correct it at the sender")
            return None

    def _no_value(self, written: str, start: int) -> _StopError:
        if start >= len(self.text):
            return self._stop("Y044", "the text ends where a value is missing", start, mend=_CUT_OFF)
        if not written:
            mend = "JSON allows no comma before a closing bracket and no comments"
            return self._stop("Y040", "a value is missing here", start, mend=mend)
        if written[0] in "+-.0123456789":
            message = f"`{brief(written)}` is not a number as JSON writes them"
            return self._stop(
                "Y040", message, start, self.at, "no leading zero, no `+`, digits on both sides of the point"
            )
        mend = f"did you mean `{written.lower()}`?" if written.lower() in _WORDS else "texts stand in double quotes"
        return self._stop("Y040", f"`{brief(written)}` is not a JSON value", start, self.at, mend)

    def _skip(self) -> None:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]

    def _find(self, code: str, message: str, place: Place, mend: str | None = None) -> None:
        self.scan.problems.append(Problem(code, message, place, mend))

    def _stop(self, code: str, message: str, start: int, end: int | None = None, mend: str | None = None) -> _StopError:
        self._find(code, message, self.lines.place(start, end), mend)
        return _StopError()
