"""The forms of formulas that begin with a keyword: `if`, `for`, `some`, `every` and `function`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from orderloom.feel.reading import Reader
from orderloom.feel.scanner import Token
from orderloom.feel.tree import Each, For, Function, If, Node, Parameter, Quantified


class KeywordForms(Reader, ABC):
    """Each is called with its keyword already read."""

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

    def read_if(self, start: Token) -> Node:
        with self.nested():
            condition = self.expression()
            self.expect("then", "`if`")
            then = self.expression()
            self.expect("else", "`if … then …`")
        otherwise = self.expression()
        return If(start.start, otherwise.end, condition, then, otherwise)

    def read_for(self, start: Token) -> Node:
        with self.bound():
            iterators = self._iterators("return")
            with self.bound(["partial"]):
                body = self.expression()
        return For(start.start, body.end, iterators, body)

    def read_some(self, start: Token) -> Node:
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

    def read_function(self, start: Token) -> Node:
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
