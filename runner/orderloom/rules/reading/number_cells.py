"""The usual cells of a number column in, what FEEL would read in them out, many times as quickly; None for any other.

`<= 5`, `(0.5..30]`, `1, 2`: a sheet of ten thousand rows has tens of thousands of them.
"""

from __future__ import annotations

import re
from decimal import Decimal

from orderloom.rules.constants import Constants, Interval

_FIGURE = r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?"
_COMPARED = re.compile(rf"(<=|>=|<|>)\s*({_FIGURE})")
_INTERVAL = re.compile(rf"([\[(])\s*({_FIGURE})\s*\.\.\s*({_FIGURE})\s*([\])])")
_FIGURES = re.compile(rf"{_FIGURE}(?:\s*,\s*{_FIGURE})*")


def number_constants(text: str) -> Constants | None:
    """Exactly the constants of `parse_unary_tests(text)`."""
    if text.startswith(("<", ">")):
        compared = _COMPARED.fullmatch(text)
        return compared and Constants((), (_beyond(compared[1], _figure(compared[2])),))
    if text.startswith(("[", "(")):
        interval = _INTERVAL.fullmatch(text)
        return interval and Constants((), (_between(*interval.groups()),))
    if _FIGURES.fullmatch(text):
        return Constants(tuple([_figure(part.strip()) for part in text.split(",")]))
    return None


def _between(opening: str, low: str, high: str, closing: str) -> Interval:
    return Interval(_figure(low), _figure(high), opening == "[", closing == "]")


def _beyond(operator: str, bound: int | Decimal) -> Interval:
    if operator[0] == "<":
        return Interval(None, bound, high_closed=operator == "<=")
    return Interval(bound, None, low_closed=operator == ">=")


def _figure(text: str) -> int | Decimal:
    if "." not in text:
        return int(text)
    return -Decimal(text[1:]) if text[0] == "-" else Decimal(text)
