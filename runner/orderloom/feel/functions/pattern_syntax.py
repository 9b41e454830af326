r"""The syntax of XPath's regular expressions, rewritten for Python (XQuery and XPath Functions 3.1, section 5.6).

A recursive descent over branches, pieces and atoms; it knows which repetitions contain one another, so that those
that could take exponential time are refused. Class subtraction `[a-z-[aeiou]]`, `\i`, `\c` and `\p{L}` are rewritten.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

from orderloom.feel.errors import FeelError

_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})(\??)")
_CATEGORY = re.compile(r"\\([pP])\{([A-Z][a-z]?|Is[A-Za-z0-9-]+)\}")
_PLAIN_ESCAPES = frozenset("nrt\\|.?*+(){}-[]^$")
_NAME_START = r"_:A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
_CLASSES = {
    "d": r"\d", "D": r"\D", "s": r" \t\n\r", "w": r"\w", "W": r"\W",
    "i": _NAME_START, "c": _NAME_START + r"\-.0-9\u00B7",
}
_MOST_GROUPS = 50
_MOST_REPEATS = 1_000


class PatternSyntaxError(Exception):
    """It is no regular expression; the function that got it gives null."""


def translate(pattern: str, *, ignore_space: bool) -> tuple[str, int]:
    """Python's form of the pattern, and how many unbounded repetitions stand beside one another."""
    if ignore_space:
        pattern = _without_space(pattern)
    reader = _Translator(pattern)
    source, loops, _ = reader.branches(0)
    if reader.position < len(pattern):
        raise PatternSyntaxError(pattern)
    return source, loops


def _without_space(pattern: str) -> str:
    kept, in_class = [], 0
    for character in pattern:
        in_class += (character == "[") - (character == "]")
        if in_class > 0 or character not in " \t\n\r":
            kept.append(character)
    return "".join(kept)


class _Translator:
    def __init__(self, pattern: str) -> None:
        self.pattern, self.position, self.groups = pattern, 0, 0

    def branches(self, depth: int) -> tuple[str, int, bool]:
        """Alternatives: the source, the unbounded repetitions, and whether anything varies in length."""
        if depth > 20:
            raise PatternSyntaxError(self.pattern)
        parts = [self._branch(depth)]
        while self._peek() == "|":
            self.position += 1
            parts.append(self._branch(depth))
        varies = len(parts) > 1 or any(part[2] for part in parts)
        return "|".join(part[0] for part in parts), max(part[1] for part in parts), varies

    def _branch(self, depth: int) -> tuple[str, int, bool]:
        sources, loops, varies = [], 0, False
        while self.position < len(self.pattern) and self._peek() not in {"|", ")"}:
            source, more, varied = self._piece(depth)
            sources.append(source)
            loops, varies = loops + more, varies or varied
        return "".join(sources), loops, varies

    def _piece(self, depth: int) -> tuple[str, int, bool]:
        source, loops, varies = self._atom(depth)
        found = _QUANTIFIER.match(self.pattern, self.position)
        if not found:
            return source, loops, varies
        self.position = found.end()
        least, most = _bounds(found)
        if most is not None and (most < least or most > _MOST_REPEATS):
            raise PatternSyntaxError(self.pattern)
        if varies and (most is None or most > 1):
            raise FeelError("E206", f"`{self.pattern}` repeats what itself varies, which can take for ever")
        return source + found.group(), loops + (most is None or most > 10), True

    def _atom(self, depth: int) -> tuple[str, int, bool]:
        character = self._next()
        if character == "(":
            return self._group(depth)
        if character == "[":
            return self._class(0), 0, False
        if character == "\\":
            return self._escape(), 0, False
        if character in "*+?{}]":
            raise PatternSyntaxError(self.pattern)
        if character == ".":
            return ".", 0, False
        return (r"\Z" if character == "$" else character if character == "^" else re.escape(character)), 0, False

    def _group(self, depth: int) -> tuple[str, int, bool]:
        opening = "("
        if self.pattern.startswith("?:", self.position):
            self.position, opening = self.position + 2, "(?:"
        else:
            self.groups += 1
        if self.groups > _MOST_GROUPS:
            raise PatternSyntaxError(self.pattern)
        source, loops, varies = self.branches(depth + 1)
        if self._next() != ")":
            raise PatternSyntaxError(self.pattern)
        return f"{opening}{source})", loops, varies

    def _escape(self) -> str:
        character = self._next()
        if character in "pP":
            return f"[{self._category()}]"
        if character in _CLASSES:
            return f"[{_CLASSES[character]}]"
        if character in {"S", "I", "C"}:
            return f"[^{_CLASSES[character.lower()]}]"
        if character.isdecimal() and character != "0" and int(character) <= self.groups:
            return f"(?:\\{character})"
        if character in _PLAIN_ESCAPES:
            return "\\" + character
        raise PatternSyntaxError(self.pattern)

    def _category(self) -> str:
        found = _CATEGORY.match(self.pattern, self.position - 2)
        if not found or found[2].startswith("Is"):
            raise PatternSyntaxError(self.pattern)
        self.position = found.end()
        return category(found[2], negated=found[1] == "P")

    def _class(self, depth: int) -> str:
        """`[…]`, with what is subtracted as a negative look-ahead."""
        if depth > 5:
            raise PatternSyntaxError(self.pattern)
        negated = self._peek() == "^"
        self.position += negated
        members, without = [], ""
        while self._peek() != "]" or not members:
            if self.pattern.startswith("-[", self.position) and members:
                self.position += 2
                without = f"(?!{self._class(depth + 1)})"
                break
            members.append(self._class_member())
        if self._next() != "]":
            raise PatternSyntaxError(self.pattern)
        return f"{without}[{'^' if negated else ''}{''.join(members)}]"

    def _class_member(self) -> str:
        character = self._next()
        if character == "[":
            raise PatternSyntaxError(self.pattern)
        if character == "\\":
            return self._class_escape()
        return "-" if character == "-" and self._peek() not in {"]", ""} else re.escape(character)

    def _class_escape(self) -> str:
        character = self._next()
        if character in "pP":
            return self._category()
        if character in _CLASSES:
            return _CLASSES[character]
        if character == "S":
            return r"\S"
        if character in _PLAIN_ESCAPES:
            return "\\" + character
        raise PatternSyntaxError(self.pattern)

    def _peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def _next(self) -> str:
        if self.position >= len(self.pattern):
            raise PatternSyntaxError(self.pattern)
        self.position += 1
        return self.pattern[self.position - 1]


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    sign = found.group()[0]
    if sign != "{":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
    least = int(found[1])
    if found[2] is None:
        return least, least
    return least, int(found[3]) if found[3] else None


@lru_cache(maxsize=64)
def category(name: str, *, negated: bool) -> str:
    """The characters of a Unicode category as the inside of a class."""
    spans: list[list[int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)).startswith(name) is not negated:
            if spans and spans[-1][1] == point - 1:
                spans[-1][1] = point
            else:
                spans.append([point, point])
    if not spans:
        raise PatternSyntaxError(name)
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)
