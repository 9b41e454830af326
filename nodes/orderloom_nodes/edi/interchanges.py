"""A file in, its interchanges out, whatever standards they follow; and what of it belongs to none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import edifact, tradacoms, x12
from .envelope import Interchange
from .texts import Stretch, stretches

_READ = {"x12": x12.read, "edifact": edifact.read, "tradacoms": tradacoms.read}
_LAYOUT = "\r\n\t \x1a\x00\ufeff"


@dataclass(frozen=True)
class Loose:
    """A part of the file in no interchange: messages whose header is missing, or anything else."""

    text: str
    line: int

    @property
    def looks_like(self) -> str:
        """What it may have been, for a sentence."""
        begin = self.text.lstrip(_LAYOUT)
        if begin[:2] in {"GS", "ST"}:
            return "X12 without its ISA"
        if begin[:3] in {"UNH", "UNG"}:
            return "EDIFACT without its UNB"
        return "TRADACOMS without its STX" if begin.startswith("MHD=") else "text outside of any interchange"


def interchanges(data: bytes) -> Iterator[Interchange | Loose]:
    """Every interchange in the order of the file. It never fails: what is wrong stands in their faults."""
    for stretch in stretches(data):
        if stretch.syntax is None:
            yield Loose(stretch.text, _line(stretch))
            continue
        whole = _READ[stretch.syntax](stretch)
        yield whole
        if whole.after.strip(_LAYOUT):
            before = stretch.text[: len(stretch.text) - len(whole.after)]
            yield Loose(whole.after, _line(replace(stretch, text=whole.after, line=stretch.line + before.count("\n"))))


def _line(stretch: Stretch) -> int:
    led = len(stretch.text) - len(stretch.text.lstrip(_LAYOUT))
    return stretch.line + stretch.text.count("\n", 0, led)
