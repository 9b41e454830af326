"""The ground of every model: frozen, closed, exact; numbers and moments in their one form."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

EXACT = Context(prec=60)                            # wide enough that no sum or product of ours is ever rounded
_DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"
_MEASURE_PATTERN = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,30})?$"
_DECIMAL = re.compile(_DECIMAL_PATTERN.replace("$", r"\Z"))
_MEASURE = re.compile(_MEASURE_PATTERN.replace("$", r"\Z"))
_CENT = Decimal("0.01")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)


class Model(BaseModel):
    """A document or a part of one. Dump it for others with `model_dump_json(exclude_none=True)`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def exact(value: Any) -> Decimal:
    """A decimal of at most 15 digits before and 6 after the point. Raises `ValueError` with a sentence."""
    if type(value) is Decimal and value.same_quantum(_CENT) and value.adjusted() < 15:
        return value or abs(value)                  # what most amounts are, told without taking the number apart
    if isinstance(value, str | Decimal) and _DECIMAL.match(str(value)):
        number = Decimal(value)
        return number or abs(number)                # never -0
    number = _as_decimal(value)
    if number.as_tuple().exponent < -6:             # type: ignore[operator]  # finite: the exponent is a number
        trimmed = number.normalize(EXACT)
        if trimmed.as_tuple().exponent < -6:        # type: ignore[operator]
            raise ValueError(f"{number} has more than 6 decimals")
        number = trimmed
    if abs(number) >= 10**15:
        raise ValueError(f"{number} is beyond 15 digits")
    return number


def measure(value: Any) -> Decimal:
    """A decimal that is not negative. Raises `ValueError` with a sentence."""
    if isinstance(value, str | Decimal) and _MEASURE.match(str(value)):
        return Decimal(value)
    number = _as_decimal(value)
    if number < 0:
        raise ValueError(f"{number} is negative")
    if not _MEASURE.match(format(number, "f")):
        raise ValueError(f"{number} has more digits than 15 before and 30 after the point")
    return number


def moment(value: Any) -> datetime:
    """An instant, kept in UTC. Raises `ValueError` with a sentence, also where the offset is missing."""
    if type(value) is datetime and value.tzinfo is UTC:
        return value
    if isinstance(value, str):
        if not _MOMENT.fullmatch(value):
            raise ValueError(f"`{value}` is no moment: write it as 2026-01-31T14:00:00Z, with an offset")
        try:
            value = datetime.fromisoformat(value.upper())
        except ValueError:
            raise ValueError(f"`{value}` is not in the calendar") from None
    if not isinstance(value, datetime):
        raise ValueError("a moment is text, such as 2026-01-31T14:00:00Z")
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no offset from UTC")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{value.isoformat()} is outside the years 1 to 9999") from None


def _as_decimal(value: Any) -> Decimal:
    if isinstance(value, str) and _DECIMAL.match(value):
        number = Decimal(value)
    elif isinstance(value, float):
        raise ValueError('a float is never exact: write the number as text, such as "19.99"')
    elif isinstance(value, Decimal) and value.is_finite():
        number = value
    elif isinstance(value, int) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        raise ValueError(f'`{value}` is no decimal number: write it as text, such as "19.99"')
    if number.as_tuple().exponent > 0:              # type: ignore[operator]  # 1E+2 would be dumped so
        number = _plain(number)
    return number or abs(number)                    # never -0


def _plain(number: Decimal) -> Decimal:
    if number.adjusted() >= 15:
        raise ValueError(f"{number} is beyond 15 digits")
    try:
        return number.quantize(Decimal(1), context=EXACT)
    except InvalidOperation:
        raise ValueError(f"{number} is beyond 15 digits") from None


def _moment_text(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _decimal_text(value: Decimal) -> str:
    return format(value, "f")


Exact = Annotated[
    Decimal,
    PlainValidator(exact),
    PlainSerializer(_decimal_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _DECIMAL_PATTERN, "x-feel": "number"}),
]
NotNegative = Annotated[
    Decimal,
    PlainValidator(measure),
    PlainSerializer(_decimal_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _MEASURE_PATTERN, "x-feel": "number"}),
]
Timestamp = Annotated[
    datetime,
    PlainValidator(moment),
    PlainSerializer(_moment_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "RFC 3339, kept in UTC"}),
]
Id = Annotated[str, Field(min_length=1, max_length=128)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Count = Annotated[int, Field(ge=0, strict=True)]
# What is personal is hidden where nobody needs it; both go when a person's data is erased.
PII: dict[str, Any] = {"x-pii": True}
ERASED: dict[str, Any] = {"x-erase": True}
Personal = Annotated[str | None, Field(json_schema_extra=PII)]
Locating = Annotated[str | None, Field(json_schema_extra=ERASED)]     # tells who it is together with other things


class ExternalRef(Model):
    """What another system calls the same thing; merging by these is how one order stays one."""

    system: str
    type: str | None = None
    value: Annotated[str, Field(min_length=1)]


class Measure(Model):
    """A weight or a length with its unit."""

    value: NotNegative
    unit: Literal["g", "kg", "oz", "lb", "mm", "cm", "in"]

    @property
    def grams(self) -> Decimal:
        """Raises `ValueError` for a length. Avoirdupois: 1 lb = 453.59237 g exactly (NIST SP 811, B.8)."""
        if self.unit not in _GRAMS:
            raise ValueError(f"{self.unit} is no unit of weight")
        return EXACT.multiply(self.value, _GRAMS[self.unit])


class Dimensions(Model):
    """Outer measures of a box."""

    length: NotNegative
    width: NotNegative
    height: NotNegative
    unit: Literal["mm", "cm", "in"]

    @property
    def cm(self) -> tuple[Decimal, Decimal, Decimal]:
        """Length, width and height in centimetres; 1 in = 2.54 cm exactly (NIST SP 811, B.8)."""
        factor = _CENTIMETRES[self.unit]
        return self.length * factor, self.width * factor, self.height * factor


_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}
_CENTIMETRES = {"mm": Decimal("0.1"), "cm": Decimal(1), "in": Decimal("2.54")}
