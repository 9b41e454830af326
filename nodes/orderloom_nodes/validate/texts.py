"""Names and address lines as people typed or pasted them in; text that can be printed and compared out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_NAME = 300

_JOINERS = "\u200c\u200d"                   # spelling in Persian and Indic names; invisible elsewhere
_NEEDS_JOINERS = re.compile("[\u0600-\u0dff\u1000-\u109f]")
_SPACES = re.compile(r"\s+")
_ACCENTS = re.compile("[\u0300-\u036f]")     # of Latin, Greek and Cyrillic; the marks of other scripts are letters
_NOT_LETTERS = re.compile(r"[^\w\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f]+|_+")


def clean(text: str) -> str:
    """NFC, without control, direction and invisible characters, single spaces. Twice is the same as once."""
    if not text.isascii():
        text = _composed(text)
    elif text.isprintable():
        if "  " not in text and text[:1] != " " and text[-1:] != " ":
            return text
    else:
        text = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text without case, accents, dots and spaces, for comparing names: `Méx.` and `MEX` are one."""
    # apart before and after: `𝐀` has no small letter of its own, and what casefold gives may come apart again
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()))
    return unicodedata.normalize("NFKC", _NOT_LETTERS.sub("", apart)) or text


def _composed(text: str) -> str:
    joined = bool(_NEEDS_JOINERS.search(text))
    kept = (letter for letter in text if _stays(letter, joined))
    return unicodedata.normalize("NFC", "".join(kept))


def _stays(letter: str, joined: bool) -> bool:
    if letter in _JOINERS:
        return joined
    # Cc control, Cf direction marks and zero-width, Cs half a character, Cn and Co mean nothing to a printer
    return letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
