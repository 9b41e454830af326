"""The shared definitions of one schema, each made once; what two nodes mean differently by one name is told apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from orderloom.editors.forms import Definitions
from orderloom.shapes import Schema, reached


@dataclass
class Pool:
    """`definitions` grows as references are asked for."""

    definitions: dict[str, Schema] = field(default_factory=dict)
    _origins: dict[str, str] = field(default_factory=dict)

    def reference(self, style: str, name: str, known: Definitions, made: Callable[[Schema], Schema]) -> Schema:
        """A `$ref` to the definition of that name in that style; `made` makes it when it is first met."""
        origin = json.dumps([known[name], reached(known[name], dict(known))], sort_keys=True, default=str)
        key, number = f"{style}.{name}", 2
        while self._origins.setdefault(key, origin) != origin:
            key, number = f"{style}.{name}.{number}", number + 1
        if key not in self.definitions:
            self.definitions[key] = {}  # there already, where the definition is part of itself
            self.definitions[key] = made(known[name])
        return refer(key)


def refer(key: str) -> Schema:
    return {"$ref": f"#/definitions/{key}"}
