"""Values of formulas: which kind a Python value is, and the few kinds that Python does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import Enum
from typing import Any

from pydantic import BaseModel

from orderloom.feel.iso import months_text
from orderloom.feel.tree import TypeName
from orderloom.feel.wide import WideDate, WideDateTime, WideDuration, WideTime

# DMN 1.5, 10.3.2.3.1: IEEE 754-2008 decimal128, half even. Used explicitly: a thread's own context has 28 digits.
DECIMAL = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
WHOLE_LIMIT = 10**34        # whole numbers beyond have more digits than a decimal can hold
MISSING: Any = object()


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration."""

    months: int

    def __str__(self) -> str:
        return months_text(self.months)


@dataclass(frozen=True, slots=True)
class Range:
    """All values from `low` to `high`. `form` is the operator of one like `(< 10)`, which has no bound at one end."""

    low: Any
    high: Any
    low_closed: bool = True
    high_closed: bool = True
    form: str = ""


class Function:
    """Something a formula can call: a built-in function, one that the formula defines, or one from outside.

    `call` takes the arguments by position, as many as there are `parameters`. `types` and `result` are the declared
    types (`parse_type`); None, or no `types` at all, where none is declared.
    """

    __slots__ = ("call", "name", "parameters", "result", "types")

    def __init__(
        self,
        name: str,
        parameters: tuple[str, ...],
        call: Callable[..., Any],
        types: tuple[TypeName | None, ...] = (),
        result: TypeName | None = None,
    ) -> None:
        self.name, self.parameters, self.call, self.types, self.result = name, parameters, call, types, result


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    WideDate: "date",
    WideTime: "time",
    WideDateTime: "date and time",
    WideDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    list: "list",
    tuple: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_BASES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "number"), (Decimal, "number"), (float, "number"), (str, "string"),
    (datetime, "date and time"), (date, "date"), (time, "time"), (timedelta, "days and time duration"),
    (list, "list"), (tuple, "list"), (Mapping, "context"), (BaseModel, "context"), (Function, "function"),
)
PLAIN = frozenset(KINDS)
FIELDS: dict[type, frozenset[str]] = {}     # model class → its declared fields


def kind(value: Any) -> str:
    """The standard's word for the type of a value (`number`, `list`…); `unknown` for what is none of ours."""
    found = KINDS.get(type(value))
    return found or next((word for base, word in _BASES if isinstance(value, base)), "unknown")


def clean(value: Any) -> Any:
    """A value met in data in the form that the operators know: no float, no enum member, no foreign number."""
    if type(value) in PLAIN or type(value) in FIELDS:
        return value
    if isinstance(value, BaseModel | Function | Mapping | list | tuple):
        return value
    if isinstance(value, Enum):
        return clean(value.value)
    if isinstance(value, float):
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    return _plain_subclass(value)


def _plain_subclass(value: Any) -> Any:
    for base in (str, int):
        if isinstance(value, base):
            return base(value)
    return value if kind(value) != "unknown" else None


def is_number(value: Any) -> bool:
    return type(value) is int or type(value) is Decimal


def number(value: Decimal) -> int | Decimal | None:
    """A result in our form: finite, at most 34 digits."""
    return DECIMAL.plus(value) if value.is_finite() else None


def whole(value: int) -> int | Decimal:
    """A whole number stays one while a decimal could hold its digits."""
    return value if -WHOLE_LIMIT < value < WHOLE_LIMIT else DECIMAL.create_decimal(value)


def fields_of(model: type[BaseModel]) -> frozenset[str]:
    """The declared fields of a model, looked up once for each class."""
    found = FIELDS.get(model)
    if found is None:
        found = FIELDS[model] = frozenset(model.model_fields)
    return found


def entries(value: Any) -> Mapping[str, Any]:
    """A context as a mapping; a model gives its declared fields, as they are."""
    if isinstance(value, BaseModel):
        data = value.__dict__
        return {name: data[name] for name in type(value).model_fields if name in data}
    mapping: Mapping[str, Any] = value
    return mapping


def items(value: Any) -> list[Any] | tuple[Any, ...]:
    """A list as it is; any other value as a list of one; null as none."""
    if isinstance(value, list | tuple):
        return value
    return [] if value is None else [value]


_CODE_POINT = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


def join_surrogates(text: str) -> str:
    """Pairs of `\\uD83D\\uDCA9` become the one character they stand for; a lone half becomes U+FFFD."""
    joined = _CODE_POINT.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return re.sub(r"[\ud800-\udfff]", "\ufffd", joined)
