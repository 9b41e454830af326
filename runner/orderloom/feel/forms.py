"""Operands of formulas: constants, names, brackets, lists, contexts, and the calls and filters behind them."""

from __future__ import annotations

from orderloom.feel.errors import FeelSyntaxError
from orderloom.feel.keyword_forms import KeywordForms
from orderloom.feel.literals import number_value, temporal_value, text_value
from orderloom.feel.reading import COMPARISONS, KEYWORDS, constant
from orderloom.feel.scanner import Token
from orderloom.feel.tree import (
    Argument,
    Call,
    Context,
    Entry,
    Filter,
    HalfRange,
    Interval,
    ListOf,
    Literal,
    Member,
    Name,
    Node,
)
from orderloom.feel.values import MISSING

_VALUE = "a value"


class Forms(KeywordForms):
    """Everything that binds tighter than an operator."""

    def operand(self) -> Node:
        base = self._primary()
        while True:
            if self.take("."):
                member = self.member_name()
                base = Member(base.start, member.end, base, member.text)
            elif self.at("("):
                base = self._call(base)
            elif self.at("["):
                filtered = self._filter(base)
                if filtered is None:
                    return base
                base = filtered
            else:
                return base

    def _call(self, function: Node) -> Node:
        self.next()
        found: list[Argument] = []
        with self.nested():
            while not self.at(")"):
                if found:
                    self.expect(",", "the arguments")
                start = self.peek().start
                name = self.name_before_colon()
                value = self.expression()
                found.append(Argument(start, value.end, name, value))
        closing = self.expect(")", "the arguments")
        named = [argument.name is not None for argument in found]
        if any(named) and not all(named):
            self.fail("E014", "arguments are given either all by name or all by position", closing)
        return Call(function.start, closing.end, function, tuple(found))

    def _filter(self, base: Node) -> Node | None:
        opening = self.next()
        if not self._may_close:
            return self._filter_rest(base)
        depth = self.depth
        try:
            return self._filter_rest(base)
        except FeelSyntaxError:
            self.count_backtrack()
            self.scanner.position, self.depth = opening.start, depth
            return None

    def _filter_rest(self, base: Node) -> Node:
        with self.nested(), self.bound(["item"]):
            condition = self.expression()
        closing = self.expect("]", "the filter")
        return Filter(base.start, closing.end, base, condition)

    def _primary(self) -> Node:
        token = self.next()
        if token.kind == "number":
            return Literal(token.start, token.end, number_value(token))
        if token.kind == "text":
            return Literal(token.start, token.end, text_value(token))
        if token.kind == "word":
            return self._word(token)
        form = {"(": self._brackets, "[": self._list_or_range, "{": self._context, "@": self._at, "]": self._open_range}
        read = form.get(token.text)
        if token.kind == "end" or read is None:
            self.unexpected(token, _VALUE)
        return read(token)

    def _word(self, token: Token) -> Node:
        known = self.known_name(token)
        if known:
            name, self.scanner.position = known
            return Name(token.start, known[1], name)
        forms = {
            "if": self.read_if, "for": self.read_for, "some": self.read_some, "every": self.read_some,
            "function": self.read_function,
        }
        form = forms.get(token.text)
        if form and token.text not in self._bound:
            return form(token)
        value = constant(token.text)
        if value is not MISSING:
            return Literal(token.start, token.end, value)
        if token.text in KEYWORDS and token.text not in self._bound:
            self.unexpected(token, _VALUE)
        return Name(token.start, token.end, token.text)

    def _at(self, sign: Token) -> Node:
        token = self.next()
        if token.kind != "text":
            self.unexpected(token, 'a date, time or duration in quotes after `@`')
        return Literal(sign.start, token.end, temporal_value(text_value(token), sign.start, token.end))

    # Brackets

    def _brackets(self, opening: Token) -> Node:
        with self.nested():
            if self.at(*COMPARISONS):
                return self._half_range(opening)
            value = self.expression()
        if self.at(".."):
            return self._range(opening, value, low_closed=False)
        self.expect(")", "the bracket")
        return value

    def _half_range(self, opening: Token) -> Node:
        operator = self.next()
        bound = self.endpoint()
        return HalfRange(opening.start, self.expect(")", "the range").end, operator.text, bound)

    def _list_or_range(self, opening: Token) -> Node:
        found: list[Node] = []
        with self.nested():
            while not self.at("]"):
                if found:
                    self.expect(",", "the list")
                found.append(self.expression())
                if len(found) == 1 and self.at(".."):
                    break
        if self.at(".."):
            return self._range(opening, found[0], low_closed=True)
        return ListOf(opening.start, self.expect("]", "the list").end, tuple(found))

    def _open_range(self, opening: Token) -> Node:
        with self.nested():
            low = self.endpoint()
        return self._range(opening, low, low_closed=False)

    def _range(self, opening: Token, low: Node, *, low_closed: bool) -> Node:
        self.expect("..", "the range")
        kept, self._may_close = self._may_close, True
        try:
            high = self.endpoint()
        finally:
            self._may_close = kept
        closing = self.next()
        if closing.kind != "op" or closing.text not in {")", "]", "["}:
            self.unexpected(closing, "`]` or `)` at the end of the range")
        return Interval(opening.start, closing.end, low, high, low_closed, closing.text == "]")

    def _context(self, opening: Token) -> Node:
        found: list[Entry] = []
        with self.nested(), self.bound():
            while not self.at("}"):
                if found:
                    self.expect(",", "the context")
                start, key = self.peek().start, self.key()
                if any(entry.key == key for entry in found):
                    twice = Token("word", key, start, self.scanner.position)
                    self.fail("E015", f"the context has two entries `{key}`", twice)
                itself = [key] if self.at("function") else []
                with self.bound(itself):
                    value = self.expression()
                found.append(Entry(start, value.end, key, value))
                self.bind(key)
        closing = self.expect("}", "the context")
        for entry in found:
            self.remember_key(entry.key)
        return Context(opening.start, closing.end, tuple(found))
