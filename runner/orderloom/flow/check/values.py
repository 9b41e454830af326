"""A value of `with:` in, literal and formula mixed; its type out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderloom.feel.types import ANY, BOOLEAN, NULL, NUMBER, STRING, ListOf, Record, Type
from orderloom.flow.model import Formula, Text


def type_of(value: Any, formula_type: Callable[[Formula], Type]) -> Type:
    """The type of a value; that of each formula in it is asked for."""
    if isinstance(value, Formula):
        return formula_type(value)
    if isinstance(value, Mapping):
        return Record({name: type_of(member, formula_type) for name, member in value.items()})
    if isinstance(value, (list, tuple)):
        kinds = {type_of(item, formula_type) for item in value}
        return ListOf(kinds.pop() if len(kinds) == 1 else ANY)
    return _literal(value)


def _literal(value: Any) -> Type:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, (int, Decimal)):
        return NUMBER
    return STRING if isinstance(value, (str, Text)) else ANY
