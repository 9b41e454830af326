r"""The syntax of XPath's regular expressions, rewritten for Python (XQuery and XPath Functions 3.1, section 5.6).

A recursive descent over branches, pieces and atoms. Class subtraction `[a-z-[aeiou]]`, `\i`, `\c` and `\p{L}` are
rewritten. Each part knows how its repetitions meet what follows them (`pattern_cost`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from orderloom.feel.functions.pattern_cost import Part, alternatives, repeated, sequence, single
from orderloom.feel.functions.unicode_sets import unicode_set

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


def translate(pattern: str, flags: str) -> Part:
    """Python's form of the pattern, with what is known of its cost."""
    reader = _Translator(_without_space(pattern) if "x" in flags else pattern, "m" in flags, "s" in flags)
    part = reader.branches(0)
    if reader.position < len(reader.pattern):
        raise PatternSyntaxError(pattern)
    return part


def _without_space(pattern: str) -> str:
    """The flag `x`: spaces outside of character classes mean nothing."""
    kept, in_class, escaped = [], 0, False
    for character in pattern:
        if not escaped:
            in_class += (character == "[") - (character == "]")
        if in_class > 0 or character not in " \t\n\r":
            kept.append(character)
            escaped = character == "\\" and not escaped
    return "".join(kept)


class _Translator:
    def __init__(self, pattern: str, multiline: bool, dot_all: bool) -> None:
        self.pattern, self.position, self.groups, self.multiline = pattern, 0, 0, multiline
        self.dot = "." if dot_all else r"[^\n\r]"

    def branches(self, depth: int) -> Part:
        """Alternatives."""
        if depth > 20:
            raise PatternSyntaxError(self.pattern)
        parts = [self._branch(depth)]
        while self._peek() == "|":
            self.position += 1
            parts.append(self._branch(depth))
        return parts[0] if len(parts) == 1 else alternatives(parts)

    def _branch(self, depth: int) -> Part:
        pieces = []
        while self.position < len(self.pattern) and self._peek() not in {"|", ")"}:
            pieces.append(self._piece(depth))
        return sequence(pieces)

    def _piece(self, depth: int) -> Part:
        atom = self._atom(depth)
        found = _QUANTIFIER.match(self.pattern, self.position)
        if not found:
            return atom
        self.position = found.end()
        least, most = _bounds(found)
        if most is not None and (most < least or most > _MOST_REPEATS):
            raise PatternSyntaxError(self.pattern)
        return repeated(atom, found.group(), least, most)

    def _atom(self, depth: int) -> Part:
        character = self._next()
        if character == "(":
            return self._group(depth)
        if character in "*+?{}]":
            raise PatternSyntaxError(self.pattern)
        if character in "^$":
            end = "$" if self.multiline else r"\Z"
            return Part(character if character == "^" else end, 0, 0, not self.multiline)
        if character == "[":
            return single(self._class(0))
        return single(self._escape() if character == "\\" else self.dot if character == "." else re.escape(character))

    def _group(self, depth: int) -> Part:
        opening = "("
        if self.pattern.startswith("?:", self.position):
            self.position, opening = self.position + 2, "(?:"
        else:
            self.groups += 1
        if self.groups > _MOST_GROUPS:
            raise PatternSyntaxError(self.pattern)
        inner = self.branches(depth + 1)
        if self._next() != ")":
            raise PatternSyntaxError(self.pattern)
        return replace(inner, source=f"{opening}{inner.source})")

    def _escape(self) -> str:
        character = self._next()
        if character in "pP":
            return f"[{self._category()}]"
        if character in _CLASSES:
            return f"[{_CLASSES[character]}]"
        if character in {"S", "I", "C"}:
            return f"[^{_CLASSES[character.lower()]}]"
        if character in "123456789":
            return self._back_reference(character)
        if character in _PLAIN_ESCAPES:
            return "\\" + character
        raise PatternSyntaxError(self.pattern)

    def _back_reference(self, digits: str) -> str:
        """As many digits as name a group; one that took no part stands for nothing, where Python would not match."""
        while self._peek().isdecimal() and int(digits + self._peek()) <= self.groups:
            digits += self._next()
        if int(digits) > self.groups:
            raise PatternSyntaxError(self.pattern)
        return f"(?:(?({digits})\\{digits}|))"

    def _category(self) -> str:
        found = _CATEGORY.match(self.pattern, self.position - 2)
        characters = found and unicode_set(found[2], negated=found[1] == "P")
        if not found or not characters:
            raise PatternSyntaxError(self.pattern)
        self.position = found.end()
        return characters

    def _class(self, depth: int) -> str:
        """`[…]`, with what is subtracted as a negative look-ahead."""
        if depth > 5:
            raise PatternSyntaxError(self.pattern)
        negated = self._peek() == "^"
        self.position += negated
        members: list[str] = []
        without = ""
        while self._peek() != "]" or not members:
            if self.pattern.startswith("-[", self.position) and members:
                self.position += 2
                without = f"(?!{self._class(depth + 1)})"
                break
            members.append(self._class_member())
            if self._peek() == "-" and self.pattern[self.position + 1 : self.position + 2] not in {"[", "]", ""}:
                members += [self._next(), self._class_member()]
        if self._next() != "]":
            raise PatternSyntaxError(self.pattern)
        return f"{without}[{'^' if negated else ''}{''.join(members)}]"

    def _class_member(self) -> str:
        character = self._next()
        if character == "[":
            raise PatternSyntaxError(self.pattern)
        if character == "\\":
            return self._class_escape()
        return re.escape(character)

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
