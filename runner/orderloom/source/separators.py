"""The header of a CSV in, the sign between its columns out: comma, semicolon or tab, or the one that Excel names."""

from __future__ import annotations

import re

SEPARATORS = (",", ";", "\t")
NAMED = re.compile(r'"?sep=(.)"?[ ]*(?:\r\n|\n|\r|$)', re.IGNORECASE)  # Excel writes that line, and shows none
_LONGEST = 100_000
_BREAK = re.compile(r"[\r\n]")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def separator_of(text: str) -> str:
    """The sign that stands most often outside of quotes in the first line; the comma where none does."""
    header = _BREAK.split(_QUOTED.sub("", text[:_LONGEST].lstrip("\r\n")), maxsplit=1)[0]
    return max(SEPARATORS, key=header.count)
