"""A value and the type that is wanted in, the value in that type or null out (DMN 1.5, 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, time
from typing import Any

from orderloom.feel.instances import NO_TYPES, Types, is_instance, resolved
from orderloom.feel.making import make_date_time
from orderloom.feel.tree import TypeName
from orderloom.feel.values import kind


def coerce(value: Any, wanted: TypeName | None, types: Types = NO_TYPES) -> Any:
    """The value as the wanted type has it: a list of one and its item stand for each other, a date is its midnight
    UTC. Null where it does not conform; as it is where no type is wanted, or one that is not known."""
    plain = wanted and resolved(wanted, types)
    if value is None or plain is None or _fits(value, plain, types):
        return value
    for converted in (_item(value), _listed(value, plain), _midnight(value)):
        if converted is not None and _fits(converted, plain, types):
            return converted
    return _midnight(_item(value)) if plain.name == "date and time" else None


def coerced(
    values: Sequence[Any], wanted: Sequence[TypeName | None], types: Types = NO_TYPES
) -> list[Any] | None:
    """Arguments in the types of their parameters; None where their number or one of them does not fit."""
    if len(values) != len(wanted):
        return None
    found = [coerce(value, kind_, types) for value, kind_ in zip(values, wanted, strict=True)]
    return None if any(now is None and value is not None for now, value in zip(found, values, strict=True)) else found


def _fits(value: Any, wanted: TypeName, types: Types) -> bool:
    return bool(is_instance(value, wanted, types)) and (wanted.allows is None or wanted.allows(value))


def _item(value: Any) -> Any:
    return value[0] if kind(value) == "list" and len(value) == 1 else None


def _listed(value: Any, wanted: TypeName) -> Any:
    return [value] if wanted.name == "list" and kind(value) != "list" else None


def _midnight(value: Any) -> Any:
    return make_date_time(value, time(tzinfo=UTC)) if kind(value) == "date" else None
