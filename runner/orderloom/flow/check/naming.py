"""Types in, what messages call them out: a record that a node's schema names is called by that name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.feel.types import ANY, ListOf, Record, Type, describe
from orderloom.flow.check.subject import Subject


def called(kind: Type, subject: Subject) -> str:
    """`an Order`, `a list of a Shipment`, `text`: as the integrator knows it."""
    if isinstance(kind, ListOf) and kind.item != ANY:
        return f"a list of {called(kind.item, subject)}"
    if isinstance(kind, Record) and kind.fields:
        for title, fields in _titles(subject):
            if fields == kind.fields.keys():
                return f"{'an' if title[0] in 'AEIOU' else 'a'} {title}"
    return describe(kind)


def _titles(subject: Subject) -> Iterator[tuple[str, set[str]]]:
    """The title and the fields of every record that a node of the flow takes or gives."""
    for bound in subject.bound.values():
        if bound.node is not None:
            for parameter in bound.node.published:
                yield from _titled(parameter.schema)
            for schema in (bound.outcomes or {}).values():
                yield from _titled(schema)


def _titled(schema: Any) -> Iterator[tuple[str, set[str]]]:
    if isinstance(schema, Mapping):
        fields = schema.get("properties")
        if isinstance(schema.get("title"), str) and isinstance(fields, Mapping) and fields:
            yield schema["title"], set(fields)
        for part in schema.values():
            yield from _titled(part)
    elif isinstance(schema, (list, tuple)):
        for part in schema:
            yield from _titled(part)
