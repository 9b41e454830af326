"""How much work a regular expression can cause: which of its repetitions can be divided in more than one way.

A repetition whose characters cannot begin what follows it ends at one place only and adds its length to the work;
any other multiplies the work by the length of the text. One that repeats such a one is exponential and refused.
Characters are bit masks: one bit for each of ASCII, one for all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import or_

from orderloom.feel.errors import FeelError

_OTHERS = 1 << 128
_EVERYTHING = (1 << 129) - 1
_WIDE = re.compile(r"\\[dDwWsSuU\d]|\[\^|\(\?!|[^\x00-\x7f]|^\.$")


@dataclass(frozen=True)
class Part:
    """A part of a pattern: the characters in it, those it can begin with, and whether it takes at least one.

    `open` are the characters of repetitions at its end; `ambiguous` counts the repetitions that multiply the work.
    """

    source: str
    every: int
    first: int
    mandatory: bool
    ambiguous: int = 0
    open: tuple[int, ...] = ()
    varies: bool = False


def single(source: str) -> Part:
    """One character, or a reference to an earlier group."""
    characters = _characters(source)
    return Part(source, characters, characters, not source.startswith("(?:"))


@lru_cache(maxsize=1024)
def _characters(source: str) -> int:
    if source.startswith("(?:") or source == ".":
        return _EVERYTHING
    regex = re.compile(source, re.IGNORECASE | re.DOTALL)
    ascii_bits = sum(1 << point for point in range(128) if regex.fullmatch(chr(point)))
    return ascii_bits | (_OTHERS if _WIDE.search(source) else 0)


def sequence(pieces: Sequence[Part]) -> Part:
    """Pieces one after the other."""
    every = first = ambiguous = 0
    mandatory = varies = False
    waiting: tuple[int, ...] = ()
    for piece in pieces:
        clashes = [characters for characters in waiting if characters & piece.first]
        ambiguous += len(clashes) + piece.ambiguous
        waiting = () if piece.mandatory else tuple(c for c in waiting if c not in clashes)
        waiting += piece.open
        first |= 0 if mandatory else piece.first
        every, mandatory, varies = every | piece.every, mandatory or piece.mandatory, varies or piece.varies
    return Part("".join(piece.source for piece in pieces), every, first, mandatory, ambiguous, waiting, varies)


def alternatives(parts: Sequence[Part]) -> Part:
    """Branches beside one another; they vary unless their first characters tell them apart."""
    seen, overlap = 0, False
    for part in parts:
        overlap, seen = overlap or bool(seen & part.first) or not part.mandatory, seen | part.first
    return Part(
        source="|".join(part.source for part in parts),
        every=_all(part.every for part in parts),
        first=seen,
        mandatory=all(part.mandatory for part in parts),
        ambiguous=max(part.ambiguous for part in parts) + overlap,
        open=tuple(dict.fromkeys(characters for part in parts for characters in part.open)),
        varies=overlap or any(part.varies for part in parts),
    )


def repeated(part: Part, quantifier: str, least: int, most: int | None) -> Part:
    """Raises `FeelError` E206 where what is repeated can itself be divided in more than one way."""
    source = part.source + quantifier
    made = replace(part, source=source, mandatory=part.mandatory and least > 0, varies=part.varies or least != most)
    if most is not None and most <= 1:
        return made
    if part.ambiguous or (part.varies and not _repeats_safely(part)):
        raise FeelError("E206", f"`{source}` repeats what itself varies, and could take for ever")
    return made if least == most and not part.open else replace(made, open=(*part.open, part.every))


def _repeats_safely(part: Part) -> bool:
    return part.mandatory and not any(characters & part.first for characters in part.open)


def _all(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)
