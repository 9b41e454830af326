"""Formula text into tokens, one at a time, and names with spaces recognised among those that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from orderloom.feel.errors import FeelSyntaxError

# DMN 1.5, clause 10.3.1.2, rules 28 to 30.
_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_SPACE = r"[\s\u0085\u180E\uFEFF]"
WORD = rf"[{_START}][{_PART}]*"
LOOSE_NAME = re.compile(rf"[{_START}](?:[./\-'+*{_PART}]|{_SPACE})*")    # as it may stand before a colon
_TOKEN = re.compile(
    rf"""(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>{WORD})
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/()\[\]{{}}<>=,:.@])""",
    re.VERBOSE | re.DOTALL,
)
_SKIP = re.compile(rf"(?:{_SPACE}|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_PIECE = re.compile(rf"[{_PART}]+|[^\s{_PART}]")
_IS_PART = re.compile(rf"[{_PART}]")

Pieces = tuple[str, ...]


class Token(NamedTuple):
    """`kind` is number, word, text, op or end."""

    kind: str
    text: str
    start: int
    end: int


class NameBook:
    """Known names of more than one word or with special characters, to be found at a place in the text."""

    def __init__(self, names: Iterable[str]) -> None:
        self.first_words: dict[str, list[tuple[Pieces, str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        pieces = tuple(_PIECE.findall(name))
        if len(pieces) > 1:
            listed = self.first_words.setdefault(pieces[0], [])
            listed.append((pieces, name))
            listed.sort(key=lambda entry: -len(entry[0]))

    def match(self, text: str, first: Token) -> tuple[str, int] | None:
        """The longest known name that begins with the token, and where it ends."""
        for pieces, name in self.first_words.get(first.text, ()):
            end = _end_of(text, first.end, pieces[1:])
            if end is not None:
                return name, end
        return None


def _end_of(text: str, position: int, pieces: Pieces) -> int | None:
    for piece in pieces:
        start = _SKIP.match(text, position).end()  # type: ignore[union-attr]  # it matches the empty text too
        if not text.startswith(piece, start):
            return None
        position = start + len(piece)
    ends_in_word = _IS_PART.match(pieces[-1]) is not None
    return None if ends_in_word and _IS_PART.match(text, position) else position


@lru_cache(maxsize=512)
def name_book(names: tuple[str, ...]) -> NameBook:
    """Shared between the many small formulas of one table or flow; never added to."""
    return NameBook(names)


def plain_name(text: str) -> str:
    """A name as it is kept: single spaces, none beside special characters that had none."""
    return " ".join(text.split())


class Scanner:
    """Tokens on demand; `position` may be set back to read again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._cached: Token | None = None
        self._cached_at = -1

    def peek(self) -> Token:
        if self._cached is None or self._cached_at != self.position:
            self._cached, self._cached_at = self._read(self.position), self.position
        return self._cached

    def next(self) -> Token:
        token = self.peek()
        self.position = token.end
        return token

    def _read(self, position: int) -> Token:
        start = _SKIP.match(self.text, position).end()  # type: ignore[union-attr]
        if start >= len(self.text):
            return Token("end", "", len(self.text), len(self.text))
        found = _TOKEN.match(self.text, start)
        if found is None:
            raise self._unreadable(start)
        return Token(found.lastgroup or "", found.group(), start, found.end())

    def _unreadable(self, start: int) -> FeelSyntaxError:
        character = self.text[start]
        if character == '"':
            return FeelSyntaxError("E002", "this text has no closing quote", start, len(self.text), 'end it with `"`')
        if character == "'":
            return FeelSyntaxError("E003", "text stands in double quotes", start, start + 1, 'write `"…"`, not `\'…\'`')
        if self.text.startswith("/*", start):
            return FeelSyntaxError("E002", "this comment has no end", start, start + 2, "end it with `*/`")
        helps = {"&": "write `and`", "|": "write `or`", "!": "write `not(…)`, or `!=` for unequal"}
        message = f"`{character}` means nothing in a formula"
        return FeelSyntaxError("E001", message, start, start + 1, helps.get(character))
