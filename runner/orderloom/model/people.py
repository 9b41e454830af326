"""Who stands in what began a run: the addresses and ids by which a person's runs are found again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from orderloom.model.address import Address
from orderloom.model.party import Party


def people_in(value: Any) -> set[str]:
    """The e-mail addresses and the customers' ids in a document, and in the documents within it."""
    return {name for found in _met(value) for name in _names(found) if name}


def _met(value: Any) -> Iterator[Party | Address]:
    if isinstance(value, (Party, Address)):
        yield value
    elif isinstance(value, BaseModel):
        for field in _ways(type(value)):
            yield from _met(getattr(value, field))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _met(one)


def _names(found: Party | Address) -> Iterator[str | None]:
    yield found.email
    if isinstance(found, Party):
        yield found.customer_id
        yield from (ref.value for ref in found.external_refs)


@cache
def _ways(kind: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a document that can hold somebody, at any depth."""
    return tuple(name for name, field in kind.model_fields.items() if _leads(field.annotation, frozenset({kind})))


def _leads(annotation: Any, seen: frozenset[type]) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if issubclass(annotation, (Party, Address)):
            return True
        within = annotation.model_fields.values() if annotation not in seen else ()
        return any(_leads(field.annotation, seen | {annotation}) for field in within)
    return any(_leads(part, seen) for part in get_args(annotation))
