"""A value as openpyxl reads it from a cell in, its text in our own spelling and what it was out."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderloom.feel import format_value

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PADDED = re.compile(r"0{2,}")


def cell_text(value: Any, number_format: str) -> tuple[str, str]:
    """`("2026-03-02", "date")`; what was typed as text is held as ``."""
    if isinstance(value, str):
        return unescaped(value).strip(), ""
    if isinstance(value, bool):
        return ("true" if value else "false"), "boolean"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime | date):
        return _moment(value, number_format)
    if isinstance(value, time):
        return value.isoformat(), "time"
    if isinstance(value, timedelta):
        return format_value(value), "duration"
    return str(value), "value"


def unescaped(text: str) -> str:
    """Control characters, which XML cannot hold, are written as `_x000D_` (ECMA-376, part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """As `unescaped` reads it back."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)


def _number(value: float, number_format: str) -> tuple[str, str]:
    """Fifteen digits, as a spreadsheet shows them: what was typed as 0.3 is not 0.30000000000000004."""
    text = str(value) if isinstance(value, int) else f"{Decimal(format(value, '.15g')):f}"
    if _PADDED.fullmatch(number_format) and text.isdigit():
        return text.zfill(len(number_format)), "padded number"
    return text, "number"


def _moment(value: date, number_format: str) -> tuple[str, str]:
    from openpyxl.styles.numbers import is_datetime  # noqa: PLC0415 (an extra)

    if isinstance(value, datetime) and (value.time() != time() or is_datetime(number_format) == "datetime"):
        return value.isoformat(), "date and time"
    return value.isoformat()[:10], "date"
