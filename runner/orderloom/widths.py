"""A text in, how many columns a terminal or another fixed font takes for it out."""

from __future__ import annotations

import unicodedata

_TAKES_NONE = frozenset({"Mn", "Me", "Cf"})  # marks over other signs, joiners and turns of direction


def columns_of(text: str) -> int:
    """East Asian wide signs and emoji take two columns, combining marks none (Unicode, annex 11)."""
    if text.isascii():
        return len(text)
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in _TAKES_NONE:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
