"""Operands of formulas: constants, names, brackets, lists, contexts, and the forms that begin with a keyword."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from orderloom.feel.errors import FeelSyntaxError
from orderloom.feel.literals import number_value, temporal_value, text_value
from orderloom.feel.reading import COMPARISONS, KEYWORDS, Reader, constant
from orderloom.feel.scanner import Token
from orderloom.feel.tree import (
    Argument,
    Call,
    Context,
    Each,
    Entry,
    Filter,
    For,
    Function,
    HalfRange,
    If,
    Interval,
    ListOf,
    Literal,
    Member,
    Name,
    Node,
    Parameter,
    Quantified,
)
from orderloom.feel.values import MISSING

_VALUE = "a value"


class Forms(Reader, ABC):
    """Everything that binds tighter than an operator."""

    _may_close = False      # reading the last value of a range, where `[` may be its closing bracket

    @abstractmethod
    def expression(self, level: int = 0) -> Node:
        """A whole formula whose operators bind at least as tightly as `level`."""

    @abstractmethod
    def endpoint(self) -> Node:
        """One end of a range."""

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Inside brackets, `[` is a filter again."""
        kept, self._may_close = self._may_close, False
        try:
            yield
        finally:
            self._may_close = kept

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
        forms = {"if": self._if, "for": self._for, "some": self._some, "every": self._some, "function": self._function}
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
                value = self.expression()
                found.append(Entry(start, value.end, key, value))
                self.bind(key)
        closing = self.expect("}", "the context")
        for entry in found:
            self.remember_key(entry.key)
        return Context(opening.start, closing.end, tuple(found))

    # Keywords

    def _if(self, start: Token) -> Node:
        with self.nested():
            condition = self.expression()
            self.expect("then", "`if`")
            then = self.expression()
            self.expect("else", "`if … then …`")
        otherwise = self.expression()
        return If(start.start, otherwise.end, condition, then, otherwise)

    def _for(self, start: Token) -> Node:
        with self.bound():
            iterators = self._iterators("return")
            with self.bound(["partial"]):
                body = self.expression()
        return For(start.start, body.end, iterators, body)

    def _some(self, start: Token) -> Node:
        with self.bound():
            iterators = self._iterators("satisfies")
            condition = self.expression()
        return Quantified(start.start, condition.end, start.text, iterators, condition)

    def _iterators(self, until: str) -> tuple[Each, ...]:
        found: list[Each] = []
        with self.nested():
            while not found or self.take(","):
                start = self.peek().start
                name = self.name_before("in", "a name and `in`")
                self.expect("in", f"`{name}`")
                values = self.expression()
                last = self.expression() if self.take("..") else None
                found.append(Each(start, (last or values).end, name, values, last))
                self.bind(name)
            self.expect(until, "the loop")
        return tuple(found)

    def _function(self, start: Token) -> Node:
        self.expect("(", "`function`")
        parameters: list[Parameter] = []
        with self.bound(), self.nested():
            while not self.at(")"):
                if parameters:
                    self.expect(",", "the parameters")
                parameters.append(self._parameter())
                self.bind(parameters[-1].name)
            self.expect(")", "the parameters")
            if self.at("external"):
                message = "external functions (Java, PMML) are not supported"
                self.fail("E016", message, self.next(), "write the body as a formula, or write a node")
            body = self.expression()
        return Function(start.start, body.end, tuple(parameters), body)

    def _parameter(self) -> Parameter:
        start = self.peek().start
        name = self.name_before(")", "the name of a parameter")
        kind = self.type_name() if self.take(":") else None
        return Parameter(start, self.scanner.position, name, kind)
