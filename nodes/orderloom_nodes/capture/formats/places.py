"""What channels say of a place in, parts of an Address out: country and region by their codes where they are codes."""

from __future__ import annotations

import re

from ..countries import country_code

_CODE = re.compile(r"[A-Z0-9]{1,3}")
# where post is addressed to a part of the city (libaddressinput's %D, November 2026)
_BY_DISTRICT = {"BR", "CN", "IN", "KR", "MX", "NZ", "PH", "TH", "TR", "ZA"}


def country(told: str | None) -> str:
    """A code of ISO 3166-1, also from a name; empty where it is neither."""
    text = (told or "").strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return country_code(text) or ""


def region(told: str | None, of: str) -> tuple[str | None, str | None]:
    """The code and the name: `US-WA` and `WA` are codes, `Washington` is a name."""
    text = (told or "").strip()
    bare = text.removeprefix(f"{of}-") if of else text
    return (bare, None) if _CODE.fullmatch(bare) else (None, text or None)


def district(told: str | None, of: str) -> str | None:
    """A part of a city where addresses there name one; a county elsewhere is no line of an address."""
    return told if told and of in _BY_DISTRICT else None
