"""`value instance of type`, and whether one type conforms to another (DMN 1.5, 10.3.2.9.1, 10.3.2.9.4 and table 55)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orderloom.feel.budget import spend
from orderloom.feel.tree import TypeName
from orderloom.feel.values import Function, Range, entries, kind

SIMPLE = frozenset(
    {
        "number", "string", "boolean", "date", "time", "date and time",
        "days and time duration", "years and months duration",
    }
)
_OTHER_WORDS = {
    "day time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "year month duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "dateTime": "date and time",
}
_PARTED = frozenset({"list", "context", "range", "function"})
_DEEPEST = 64           # how far types that are defined by other types are followed

Types = Mapping[str, TypeName | Callable[[Any], bool]]      # by name; a function says whether a value is of its type
NO_TYPES: Types = {}


def resolved(wanted: TypeName, types: Types = NO_TYPES) -> TypeName | None:
    """The type in the standard's own words, where it is given by another name; None where there is no such type."""
    for _ in range(_DEEPEST):
        name = _OTHER_WORDS.get(wanted.name, wanted.name)
        if name in SIMPLE or name in _PARTED or name in {"Any", "Null"}:
            same = name == wanted.name
            return wanted if same else TypeName(wanted.start, wanted.end, name, wanted.parameters, wanted.result)
        known = types.get(name)
        if not isinstance(known, TypeName):
            return known and TypeName(wanted.start, wanted.end, name, test=known)
        wanted = known
    return None


def is_instance(value: Any, wanted: TypeName, types: Types = NO_TYPES) -> bool | None:
    """None where the type is neither one of the language nor among `types`."""
    plain = resolved(wanted, types)
    if plain is None:
        return None
    if plain.test:
        return value is not None and plain.test(value)
    if plain.name == "Any":
        return value is not None
    if plain.name == "Null":
        return value is None
    if plain.name in SIMPLE:
        return kind(value) == plain.name
    check = {"list": _list, "context": _context, "range": _range, "function": _function}[plain.name]
    return check(value, plain, types)


def conforms_inside(value: Any, wanted: TypeName, types: Types) -> bool:
    """Inside lists and contexts, and as an argument, null conforms to every type."""
    return value is None or bool(is_instance(value, wanted, types))


def _list(value: Any, wanted: TypeName, types: Types) -> bool:
    if kind(value) != "list":
        return False
    spend(len(value))
    return not wanted.parameters or all(conforms_inside(item, wanted.parameters[0][1], types) for item in value)


def _context(value: Any, wanted: TypeName, types: Types) -> bool:
    if kind(value) != "context":
        return False
    known = entries(value)
    return all(name in known and conforms_inside(known[name], part, types) for name, part in wanted.parameters)


def _range(value: Any, wanted: TypeName, types: Types) -> bool:
    if not isinstance(value, Range):
        return False
    ends = [end for end in (value.low, value.high) if end is not None]
    return not wanted.parameters or all(is_instance(end, wanted.parameters[0][1], types) for end in ends)


def _function(value: Any, wanted: TypeName, types: Types) -> bool:
    return isinstance(value, Function) and conforms(function_type(value), wanted, types)


def function_type(value: Function) -> TypeName:
    """The type of a function; `Any` stands for each part that is not declared."""
    declared = value.types or (None,) * len(value.parameters)
    return TypeName(0, 0, "function", tuple(("", part or ANY) for part in declared), value.result or UNKNOWN)


ANY = TypeName(0, 0, "Any")
UNKNOWN = TypeName(0, 0, "Null")        # of no known type: conforms to every type, as null does


def conforms(given: TypeName, wanted: TypeName, types: Types = NO_TYPES) -> bool:
    """Whether every value of the one type is one of the other."""
    ours, theirs = resolved(given, types), resolved(wanted, types)
    if ours is None or theirs is None:
        return False
    if theirs.name == "Any" or ours.name == "Null":
        return True
    if ours.name != theirs.name:
        return False
    if theirs.name == "function":
        return _function_conforms(ours, theirs, types)
    if theirs.name == "context":
        known = dict(ours.parameters)
        return all(name in known and conforms(known[name], part, types) for name, part in theirs.parameters)
    return len(ours.parameters) >= len(theirs.parameters) and all(
        conforms(one, other, types) for (_, one), (_, other) in zip(ours.parameters, theirs.parameters, strict=False)
    )


def _function_conforms(given: TypeName, wanted: TypeName, types: Types) -> bool:
    """One that takes at least what is wanted and gives at most that. `function` alone is any function."""
    if wanted.result is None and not wanted.parameters:
        return True
    if len(given.parameters) != len(wanted.parameters):
        return False
    takes = all(
        conforms(other, one, types) for (_, one), (_, other) in zip(given.parameters, wanted.parameters, strict=True)
    )
    return takes and conforms(given.result or UNKNOWN, wanted.result or ANY, types)
