"""Formulas and cells ready to use: text in, something that says what it reads and gives its value out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orderloom.feel.instances import NO_TYPES, Types
from orderloom.feel.parser import parse_tests, parse_tree
from orderloom.feel.program import NO_LOCALS, cell_program, program
from orderloom.feel.reads import Read, reads_of
from orderloom.feel.scope import Run
from orderloom.feel.tree import Node, Tests


@dataclass(frozen=True)
class Expression:
    """A formula. It is compiled when it is first evaluated."""

    text: str
    tree: Node
    names: tuple[str, ...] = field(default=(), repr=False)
    types: Types = field(default_factory=dict, repr=False, hash=False)

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        return reads_of(self.tree, self.names)

    def evaluate(self, scope: Mapping[str, Any]) -> Any:
        """The value; null for whatever is missing or ill-typed. Raises `FeelError` only where a limit is reached."""
        return self._run(scope, NO_LOCALS)

    @cached_property
    def _run(self) -> Run:
        return program(self.tree, self.types)


@dataclass(frozen=True)
class UnaryTests:
    """A cell of a rule table: what a value has to be."""

    text: str
    tree: Tests
    names: tuple[str, ...] = field(default=(), repr=False)
    types: Types = field(default_factory=dict, repr=False, hash=False)

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        return reads_of(self.tree, self.names)

    def matches(self, value: Any, scope: Mapping[str, Any]) -> bool | None:
        """Whether the value fits; None where it cannot be decided. Raises `FeelError` as formulas do."""
        return self._run(value, scope)

    @cached_property
    def _run(self) -> Callable[[Any, Mapping[str, Any]], bool | None]:
        return cell_program(self.tree, self.types)


def parse(text: str, names: Collection[str] = (), types: Types = NO_TYPES) -> Expression:
    """Read a formula. `names` are those in scope, needed for names with spaces; `types` give the meaning of names of
    types that the language does not have itself. Raises `FeelSyntaxError`."""
    return Expression(text, parse_tree(text, names, types), tuple(names), types)


def parse_unary_tests(
    text: str, names: Collection[str] = (), *, bare_words: bool = False, types: Types = NO_TYPES
) -> UnaryTests:
    """Read a cell; with `bare_words`, `US, CA` are texts. Raises `FeelSyntaxError`."""
    return UnaryTests(text, parse_tests(text, names, types, bare_words=bare_words), tuple(names), types)
