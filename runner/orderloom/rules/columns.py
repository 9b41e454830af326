"""The columns of a table: inputs, which read and check a fact, and outputs, which say what may come out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from orderloom.feel import Expression
from orderloom.rules.constants import Holds, Interval
from orderloom.rules.kinds import Kind, NotOfKindError
from orderloom.rules.reading.literals import listed, shown
from orderloom.rules.reading.sources import Spot

RESERVED = ("id", "note", "valid_from", "valid_until")
OUTCOME = "outcome"
MissingRule = Literal["error", "no_match", "default", "value"]


class ColumnError(Exception):
    """A value is of another type than its column, or not allowed in it."""


def is_whole(number: Any) -> bool:
    return type(number) is int or number == number.to_integral_value()


@dataclass(frozen=True)
class Missing:
    """What a missing fact means: an error, a row that tests it does not apply, the defaults answer, or this value."""

    rule: MissingRule = "error"
    value: Any = None


@dataclass(frozen=True, eq=False)
class Input:
    """A column with conditions. `formula` says where the fact comes from (`is:`)."""

    name: str
    formula: Expression
    kind: Kind
    spot: Spot
    formula_spot: Spot
    unit: str | None = None
    about: str | None = None
    values: tuple[Any, ...] = ()
    bounds: Interval | None = None
    bare_words: bool = True
    whole: bool = False  # of numbers: those without a fraction, and no others
    missing: Missing = Missing()

    @property
    def wanted(self) -> str:
        """`a number in kg within [0..1000]`: what a fact of this column must be."""
        if self.values:
            return f"one of {listed(self.values)}"
        unit = f" in {self.unit}" if self.unit else ""
        wanted = "a whole number" if self.whole else self.kind.wanted
        return f"{wanted}{unit}{f' within {self.bounds}' if self.bounds else ''}"

    def read(self, value: Any) -> Any:
        """The fact as the column's type. Raises `ColumnError` where it is of another, or not allowed."""
        try:
            fact = self.kind.read(value)
        except NotOfKindError:
            raise self._refusal(value) from None
        try:
            if self.fits is None or self.fits(fact):
                return fact
        except TypeError:  # a time without an offset against a range with one, a context against values
            pass
        raise self._refusal(value)

    @cached_property
    def fits(self) -> Holds | None:
        """Whether a fact of the right type is among the values and within the range; None where all are."""
        tests: list[Holds] = [is_whole] if self.whole else []
        if self.values:
            tests.append(_among(self.kind, self.values))
        if self.bounds is not None:
            tests.append(self.bounds.test())
        if len(tests) > 1:
            return lambda fact: all(holds(fact) for holds in tests)
        return tests[0] if tests else None

    def _refusal(self, value: Any) -> ColumnError:
        return ColumnError(f"column `{self.name}`: {shown(value)} was given, {self.wanted} is expected")


@dataclass(frozen=True, eq=False)
class Output:
    """A column with answers. `rank` gives the place of a value in `values`, which priorities follow."""

    name: str
    kind: Kind
    spot: Spot
    unit: str | None = None
    about: str | None = None
    values: tuple[Any, ...] = ()
    default: Any = None
    has_default: bool = False
    whole: bool = False

    @property
    def wanted(self) -> str:
        """`one of a, b`, `a whole number`"""
        if self.values:
            return f"one of {listed(self.values)}"
        return "a whole number" if self.whole else self.kind.wanted

    def takes(self, value: Any) -> bool:
        """Whether a value of the right type may come out."""
        return (not self.whole or is_whole(value)) and (not self.values or allowed(self.kind, self.values, value))

    def read(self, value: Any) -> Any:
        """What a formula in a cell gave, checked. Raises `ColumnError`."""
        try:
            answer = None if value is None else self.kind.read(value)
        except NotOfKindError:
            raise self._refusal(value) from None
        if answer is not None and not self.takes(answer):
            raise self._refusal(value)
        return answer

    def rank(self, value: Any) -> int:
        return self.values.index(value) if value in self.values else len(self.values)

    def _refusal(self, value: Any) -> ColumnError:
        return ColumnError(f"output `{self.name}`: the formula gave {shown(value)}, {self.wanted} is expected")


def allowed(kind: Kind, values: tuple[Any, ...], value: Any) -> bool:
    """Whether a value, or each item of a list, is one of `values`."""
    return all(item in values for item in value) if kind.item is not None else value in values


def _among(kind: Kind, values: tuple[Any, ...]) -> Holds:
    try:
        known = frozenset(values)
    except TypeError:  # contexts and lists, in a column of any type
        return lambda fact: allowed(kind, values, fact)
    return known.issuperset if kind.item is not None else known.__contains__
