"""Formulas and cells into syntax trees: a precedence parser, written by hand for its messages and its speed."""

from __future__ import annotations

from collections.abc import Collection

from orderloom.feel.arithmetic import negate
from orderloom.feel.cell_forms import CellForms
from orderloom.feel.errors import MAX_TREE_DEPTH, FeelSyntaxError
from orderloom.feel.reading import COMPARISONS
from orderloom.feel.tree import (
    Arithmetic,
    Between,
    Comparison,
    In,
    InstanceOf,
    Literal,
    Logic,
    Negate,
    Node,
    Tests,
    TypeName,
    depth_of,
)
from orderloom.feel.values import is_number

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER = 1, 2, 3, 4, 5, 6
_INFIX_KINDS = frozenset({"op", "word"})
_ARITHMETIC = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}


def parse_tree(text: str, names: Collection[str] = (), types: Collection[str] = ()) -> Node:
    """The tree of a formula; `types` are the names of types that are known. Raises `FeelSyntaxError`."""
    parser = Parser(text, names, types)
    return _whole(parser, parser.expression())


def parse_type(text: str, types: Collection[str] = ()) -> TypeName:
    """A type as it stands behind `instance of`: `list<number>`, `context<a: string>`. Raises `FeelSyntaxError`."""
    parser = Parser(text, (), types)
    found = parser.type_name()
    if parser.peek().kind != "end":
        parser.trailing(parser.peek())
    return found


def parse_tests(
    text: str, names: Collection[str] = (), types: Collection[str] = (), *, bare_words: bool = False
) -> Tests:
    """The tree of a cell. Raises `FeelSyntaxError`."""
    parser = Parser(text, (*names, "?"), types)
    parser.bare_words = bare_words
    tree = _whole(parser, parser.cell())
    assert isinstance(tree, Tests)
    return tree


def _whole(parser: Parser, tree: Node) -> Node:
    left = parser.peek()
    if left.kind != "end":
        parser.trailing(left)
    if depth_of(tree) > MAX_TREE_DEPTH:
        message = f"the formula has more than {MAX_TREE_DEPTH} operators inside one another"
        raise FeelSyntaxError("E007", message, 0, len(parser.text), "split it into several")
    return tree


class Parser(CellForms):
    """Operators by precedence; what stands between them is read by `Forms`."""

    def expression(self, level: int = 0) -> Node:
        self.descend()
        left = self._prefix()
        while True:
            token = self.peek()
            found = self._infix(left, token.text, level) if token.kind in _INFIX_KINDS else None
            if found is None:
                self.ascend()
                return left
            left = found

    def endpoint(self) -> Node:
        return self.expression(_ADD)

    def _prefix(self) -> Node:
        sign = self.take("-")
        if not sign:
            return self._maybe_instance(self.operand())
        self.descend()
        operand = self._prefix()
        self.ascend()
        if isinstance(operand, Literal) and is_number(operand.value):
            return Literal(sign.start, operand.end, negate(operand.value))
        return Negate(sign.start, operand.end, operand)

    def _maybe_instance(self, value: Node) -> Node:
        while self.at("instance"):
            self.next()
            self.expect("of", "`instance`")
            kind = self.type_name()
            value = InstanceOf(value.start, kind.end, value, kind)
        return value

    def _infix(self, left: Node, text: str, level: int) -> Node | None:
        strength = _ARITHMETIC.get(text)
        if strength:
            return self._arithmetic(left, strength) if strength >= level else None
        if text in COMPARISONS:
            return self._comparison(left) if level <= _COMPARE else None
        if text in {"and", "or"}:
            strength = _AND if text == "and" else _OR
            return self._logic(left, text, strength) if strength >= level else None
        if level > _COMPARE:
            return None
        if text == "between":
            return self._between(left)
        return self._in(left) if text == "in" else None

    def _arithmetic(self, left: Node, strength: int) -> Node:
        operator = self.next()
        right = self.expression(strength + 1)
        return Arithmetic(left.start, right.end, operator.text, left, right)

    def _comparison(self, left: Node) -> Node:
        operator = self.next()
        if operator.text == "=" and self.at("="):
            self.unexpected(self.peek(), "a value")
        right = self.expression(_ADD)
        return Comparison(left.start, right.end, operator.text, left, right)

    def _logic(self, left: Node, word: str, strength: int) -> Node:
        parts = [left]
        while self.take(word):
            parts.append(self.expression(strength + 1))
        return Logic(left.start, parts[-1].end, word, tuple(parts))

    def _between(self, value: Node) -> Node:
        self.next()
        low = self.expression(_ADD)
        self.expect("and", "`between`")
        high = self.expression(_ADD)
        return Between(value.start, high.end, value, low, high)

    def _in(self, value: Node) -> Node:
        self.next()
        tests = self._tests_in_brackets() if self.at("(") else None
        if tests is None:
            tests = (self.test(_ADD),)
        return In(value.start, self.scanner.position, value, tests)

    def _tests_in_brackets(self) -> tuple[Node, ...] | None:
        """`(1, 2)` of `x in (1, 2)`; None where the bracket belongs to a range like `(1..2]`."""
        kept, depth = self.scanner.position, self.depth
        self.next()
        try:
            with self.nested():
                tests = self.tests(0)
            self.expect(")", "the list after `in`")
        except FeelSyntaxError:
            self.count_backtrack()
            self.scanner.position, self.depth = kept, depth
            if ".." not in self.text[kept:]:
                raise
            return None
        return tests
