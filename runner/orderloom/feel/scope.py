"""Where a name's value comes from: slots for what a formula binds itself, items of filters, and the scope around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orderloom.feel.instances import NO_TYPES, Types
from orderloom.feel.tree import Node

Scope = Mapping[str, Any]
Locals = list[Any]
Run = Callable[[Scope, Locals], Any]        # slot 0 of the locals holds the budget

BUDGET, QUESTION = 0, 1
NOW = "\0now"


@dataclass(frozen=True, slots=True)
class Env:
    """The names bound at one place of the tree, innermost first. A filter binds no name but an item with members."""

    names: tuple[tuple[str, int], ...] = ()
    item: int | None = None
    outer: Env | None = None

    def slots(self, name: str) -> tuple[tuple[int, ...], int | None]:
        """The filtered items whose members come first, and the slot that binds the name (None: the scope around)."""
        items: list[int] = []
        env: Env | None = self
        while env is not None:
            if env.item is not None:
                items.append(env.item)
            for bound, slot in reversed(env.names):
                if bound == name:
                    return tuple(items), slot
            env = env.outer
        return tuple(items), None


class Compiler:
    """Compiles one formula; counts the slots it needs."""

    def __init__(self, compile_node: Callable[[Compiler, Node, Env], Run], types: Types = NO_TYPES) -> None:
        self.types = types          # by name, those that the language does not have itself
        self.size = 2
        self.loops = 0              # inside how many loops and function bodies: there, calls are charged
        self.needs_locals = False
        self.builds = False         # makes lists or contexts, which may share parts
        self._compile = compile_node

    def compile(self, node: Node, env: Env) -> Run:
        return self._compile(self, node, env)

    def slot(self) -> int:
        self.needs_locals = True
        self.size += 1
        return self.size - 1
