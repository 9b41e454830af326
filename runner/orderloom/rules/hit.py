"""The words of `hit:` in, a hit policy out: which of the rows that apply answer, and how (DMN 1.5, 8.2.10)."""

from __future__ import annotations

import re
from enum import Enum


class Hit(Enum):
    """A hit policy: its word, the letter of the DMN standard, and whether the answer is one row or a list."""

    UNIQUE = ("unique", "U", True)
    ANY = ("any", "A", True)
    PRIORITY = ("priority", "P", True)
    FIRST = ("first", "F", True)
    RULE_ORDER = ("rule order", "R", False)
    OUTPUT_ORDER = ("output order", "O", False)
    COLLECT = ("collect", "C", False)
    SUM = ("collect sum", "C+", True)
    MIN = ("collect min", "C<", True)
    MAX = ("collect max", "C>", True)
    COUNT = ("collect count", "C#", True)

    def __init__(self, word: str, letter: str, single: bool) -> None:
        self.word = word
        self.letter = letter
        self.single = single  # one set of outputs; otherwise a list of them
        self.aggregates = letter in {"C+", "C<", "C>", "C#"}  # one figure made of all rows that apply
        self.ranks = letter in {"P", "O"}  # the order of the outputs' `values` decides
        self.picks = single and not self.aggregates  # the answer is the cells of one row


_BY_WORD = {spelling: hit for hit in Hit for spelling in (hit.word, hit.letter.casefold())}


def known_words() -> tuple[str, ...]:
    return tuple(hit.word for hit in Hit)


def read_hit(text: str) -> Hit | None:
    """`first`, `COLLECT`, `collect [sum]`, `C+`: case and brackets do not matter. None where there is none such."""
    return _BY_WORD.get(re.sub(r"[\s\[\]()]+", " ", text).strip().casefold())
