"""Cells of rule tables and the tests behind `in`: `<= 5`, `"US", "CA"`, `not(…)`, and bare words of a text column."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orderloom.feel.errors import FeelSyntaxError
from orderloom.feel.forms import Forms
from orderloom.feel.reading import COMPARISONS
from orderloom.feel.tree import Literal, Name, Node, OperatorTest, Tests, ValueTest, children

_BEGINS_FEEL = re.compile(r'["<>=\[\]@(]|!=')
_QUESTION = re.compile(r"(?<!\w)\?(?!\w)")


class CellForms(Forms):
    """Tests of a value that is asked about."""

    bare_words = False

    def cell(self) -> Tests:
        start = len(self.text) - len(self.text.lstrip())
        if self.text.strip() in {"", "-"}:
            self.scanner.position = len(self.text)
            return Tests(start, len(self.text), (), False)
        tests = self._negated() if self.at("not") else None
        negated = tests is not None
        return Tests(start, self.scanner.position, self.tests(0) if tests is None else tests, negated)

    def _negated(self) -> tuple[Node, ...] | None:
        """The tests in `not(…)` around the whole cell; None before an expression such as `not(a) and b`.

        Where brackets do not pair, as in `not([1..2))`, reading on is what tells the two apart.
        """
        kept, depth = self.scanner.position, self.depth
        self.next()
        opening = self.peek().start
        if self.at("(") and self.text.rstrip().endswith(")"):
            try:
                return self._tests_to_the_end()
            except FeelSyntaxError:
                if _closes_at_end(self.text, opening):
                    raise
                self.count_backtrack()
        self.scanner.position, self.depth = kept, depth
        return None

    def _tests_to_the_end(self) -> tuple[Node, ...]:
        self.next()
        tests = self.tests(0)
        self.expect(")", "`not(…)`")
        if self.peek().kind != "end":
            self.unexpected(self.peek(), "the end of the cell")
        return tests

    def tests(self, level: int) -> tuple[Node, ...]:
        found = [self.test(level)]
        while self.take(","):
            found.append(self.test(level))
        return tuple(found)

    def test(self, level: int) -> Node:
        if self.bare_words and (words := self._words()):
            return ValueTest(words.start, words.end, words, False)
        token = self.peek()
        if token.text in COMPARISONS and token.kind == "op":
            self.next()
            value = self.endpoint()
            return OperatorTest(token.start, value.end, token.text, value)
        value = self.expression(level)
        return ValueTest(value.start, value.end, value, _asks([value]))

    def _words(self) -> Node | None:
        """Bare words of a text column up to the next comma; None where FEEL is meant."""
        rest = self.text[self.scanner.position :]
        start = self.scanner.position + len(rest) - len(rest.lstrip())
        end = _end_of_words(self.text, start)
        words = self.text[start:end].rstrip()
        if words in {"", "null"} or _BEGINS_FEEL.match(words) or _QUESTION.search(words):
            return None
        self.scanner.position = end
        return Literal(start, start + len(words), words)


def _end_of_words(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        character = text[position]
        if character == "," and depth == 0:
            return position
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return position
    return len(text)


def _closes_at_end(text: str, opening: int) -> bool:
    depth, quoted, skip = 0, False, False
    for position in range(opening, len(text)):
        character = text[position]
        if skip or (quoted and character != '"'):
            skip = quoted and character == "\\" and not skip
        elif character == '"':
            quoted = not quoted
        else:
            depth += (character == "(") - (character == ")")
            if depth == 0:
                return not text[position + 1 :].strip()
    return False


def _asks(nodes: Iterable[Node]) -> bool:
    """Whether the test speaks of `?`, the value in question."""
    level = list(nodes)
    while level:
        if any(isinstance(node, Name) and node.name == "?" for node in level):
            return True
        level = [child for node in level for child in children(node)]
    return False
