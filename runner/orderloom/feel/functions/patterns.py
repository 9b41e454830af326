"""Regular expressions of XPath into bounded ones of Python: what could take exponential time is refused."""

from __future__ import annotations

import re
from functools import lru_cache

from orderloom.feel.errors import MAX_PATTERN, FeelError
from orderloom.feel.functions.pattern_syntax import PatternSyntaxError, translate

_WORK = 20_000_000              # character steps that one search may take in the worst case
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": 0, "q": 0}


def compiled(pattern: str, flags: str, length: int) -> re.Pattern[str] | None:
    """The pattern for a text of that length; None where it is no regular expression.

    Raises `FeelError` E206 where it is too long or repeats a repetition, E207 where the text is too long for it.
    """
    if len(pattern) > MAX_PATTERN:
        raise FeelError("E206", f"a regular expression has at most {MAX_PATTERN:,} characters")
    try:
        regex, power = _regex(pattern, flags)
    except PatternSyntaxError:
        return None
    if length**power > _WORK:
        raise FeelError("E207", f"the text is too long ({length:,} characters) for this regular expression")
    return regex


def pattern_work(pattern: str, flags: str, length: int) -> int:
    """The character steps that a search may take."""
    try:
        return int(length ** _regex(pattern, flags)[1])
    except PatternSyntaxError:
        return 0


@lru_cache(maxsize=512)
def _regex(pattern: str, flags: str) -> tuple[re.Pattern[str], int]:
    """The pattern, and to which power of the length of the text it may work."""
    bits = re.NOFLAG
    for flag in flags:
        if flag not in _FLAGS:
            raise PatternSyntaxError(flag)
        bits |= _FLAGS[flag]
    if "q" in flags:
        return re.compile(re.escape(pattern), bits), 1
    anchored = pattern.startswith("^") and "|" not in pattern and "m" not in flags
    try:
        part = translate(pattern, flags)
        return re.compile(part.source, bits), part.ambiguous + (1 if anchored or not part.varies else 2)
    except (re.error, OverflowError, RecursionError):
        raise PatternSyntaxError(pattern) from None


def replacement_parts(text: str, groups: int, *, literal: bool) -> list[str | int] | None:
    """`$1` and escapes of a replacement resolved into texts and group numbers; None where it is malformed."""
    if literal:
        return [text]
    found: list[str | int] = []
    position = 0
    for match in re.finditer(r"\\([\\$])|\$(\d+)|[\\$]", text):
        found.append(text[position : match.start()])
        if match[1]:
            found.append(match[1])
        elif match[2]:
            found.extend(_group(match[2], groups))
        else:
            return None
        position = match.end()
    return [*found, text[position:]]


def _group(digits: str, groups: int) -> list[str | int]:
    """The longest number that names a group; the digits left over are text, a group that is not there is empty."""
    used = len(digits)
    while used > 1 and int(digits[:used]) > groups:
        used -= 1
    number = int(digits[:used])
    return [number if number <= groups else "", digits[used:]]
