"""Constants of formulas: texts with their escapes, numbers, and `@"…"`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from orderloom.feel.errors import FeelSyntaxError
from orderloom.feel.scanner import Token
from orderloom.feel.temporal import parse_temporal
from orderloom.feel.values import DECIMAL, join_surrogates, whole

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([\"'\\nrt]))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


def text_value(token: Token) -> str:
    """The text between the quotes with its escapes resolved; an unknown escape stays as it stands."""
    inner = token.text[1:-1]
    return join_surrogates(_ESCAPE.sub(_unescaped, inner)) if "\\" in inner else inner


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if not digits:
        return _PLAIN.get(found[3], found[3])
    point = int(digits, 16)
    return chr(point) if point <= 0x10FFFF else found[0]


def number_value(token: Token) -> int | Decimal:
    """Whole numbers stay `int`; others keep the digits that were written."""
    if token.text.isdecimal():
        return whole(int(token.text)) if len(token.text) <= 40 else _decimal(token)
    return _decimal(token)


def _decimal(token: Token) -> Decimal:
    try:
        return DECIMAL.create_decimal(token.text)
    except (InvalidOperation, Overflow):
        raise FeelSyntaxError("E004", "this number is too large", token.start, token.end) from None


def temporal_value(text: str, start: int, end: int) -> Any:
    """The value of `@"…"`."""
    value = parse_temporal(text)
    if value is None:
        message = f'`@"{text}"` is no date, time or duration'
        help_ = 'for example @"2026-03-02", @"14:30:00Z", @"P3D" or @"P1Y6M"'
        raise FeelSyntaxError("E005", message, start, end, help_)
    return value
