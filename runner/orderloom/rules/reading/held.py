"""What a workbook holds in a cell and the type of its column in, the text that a person means out.

A spreadsheet makes numbers and dates of what is typed. Where that loses what was meant, it is a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_DIGITS = 15  # a spreadsheet keeps that many of a number
_AS_TEXT = "format the column as text (Format cells, Text) and type it again"
_AS_GENERAL = "format the cell as General and type it again"
_DATES = ("date", "date and time")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell as it stands; where it stands is told by whoever knows the row and the column."""

    code: str
    message: str
    help: str | None = None


def as_meant(text: str, held: str, type_: str) -> tuple[str, Fault | None]:
    """The text for a column of that type (blank where the type is not known)."""
    item = type_.removeprefix("list of ")
    if held == "padded number":  # a person sees the noughts in front
        return (text if item in {"text", ""} else text.lstrip("0") or "0"), None
    if item == "text" and held != "number":
        return text, Fault(
            "D066", f"the spreadsheet made a {held} of what was typed ({text}), text is expected", _AS_TEXT
        )
    if item == "text" and len(re.sub(r"\D", "", text).strip("0")) >= MOST_DIGITS:
        message = f"`{text}` is a number of more than {MOST_DIGITS} digits, and a spreadsheet keeps no more"
        return text, Fault("D066", message, _AS_TEXT)
    if held in _DATES and type_ in _DATES:
        return _moment(text, type_), None
    if held in {*_DATES, "time", "duration"} and item in {"number", "boolean"}:
        expected = "a number" if item == "number" else "true or false"
        message = f"the spreadsheet made a {held} of what was typed ({text}), {expected} is expected"
        return text, Fault("D066", message, _AS_GENERAL)
    return text, None


def _moment(text: str, type_: str) -> str:
    """A spreadsheet tells a date from a date and time by its format alone."""
    if type_ == "date":
        return text.removesuffix("T00:00:00")
    return text if "T" in text else f"{text}T00:00:00"
