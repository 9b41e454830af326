"""A cell in, the number that stands in it out, by the signs that a column map names."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any


def number(value: Any, point: str, comma: str) -> Decimal | None:
    """None where it is no number, or one whose signs stand where they cannot: `2.55` is not 255.

    `comma` sets thousands apart: three digits stand behind the last one, two or three (as in India) between others.
    """
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, str):
        return None
    grouped = rf"|\d{{1,3}}(?:{re.escape(comma)}\d{{2,3}})*{re.escape(comma)}\d{{3}}" if comma else ""
    text = value.strip()
    if not re.fullmatch(rf"-?(?:\d+{grouped})(?:{re.escape(point)}\d+)?", text, re.ASCII):
        return None
    return Decimal((text.replace(comma, "") if comma else text).replace(point, "."))
