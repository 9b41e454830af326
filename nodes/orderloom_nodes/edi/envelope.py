"""What an interchange holds: groups, messages and their faults, in the same words for all three standards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .segments import Segment
from .separators import Separators
from .texts import Stretch, Syntax

Level = Literal["interchange", "group", "message", "segment"]


@dataclass(frozen=True)
class Fault:
    """Something wrong. `standard` is the code that the standard's acknowledgement gives for it at that level.

    X12: TA1's note code, AK905, AK502, and for a segment AK304 (AK403 with an element). EDIFACT: 0085 of CONTRL.
    """

    code: str
    level: Level
    standard: str
    said: str
    segment: Segment | None = None
    element: int = 0
    component: int = 0
    mend: str = ""
    tag: str = ""  # of a segment that is missing

    @property
    def counts(self) -> bool:
        """Whether only a count or a reference is wrong: the content may still be whole."""
        return self.code in {"V703", "V704"}


@dataclass
class Message:
    """A transaction set or message: its segments from header to trailer."""

    kind: str = ""  # 850, ORDERS
    control: str = ""
    version: str = ""  # EDIFACT: D:96A:UN:EAN008; TRADACOMS: 9
    segments: list[Segment] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    place: int = 1  # the how manieth of its interchange


@dataclass
class Group:
    """A functional group; of an interchange without groups the only one, and then `header` is None."""

    kind: str = ""  # PO, ORDERS
    control: str = ""
    version: str = ""
    sender: str = ""
    receiver: str = ""
    header: Segment | None = None
    messages: list[Message] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    told: int | None = None  # how many messages the trailer counts


@dataclass
class Interchange:
    """One envelope. Of partners `sender` is the bare id, `sender_qualifier` its kind (ZZ, 14)."""

    syntax: Syntax
    separators: Separators
    stretch: Stretch
    header: Segment
    control: str = ""
    version: str = ""
    sender: str = ""
    sender_qualifier: str = ""
    receiver: str = ""
    receiver_qualifier: str = ""
    date: str = ""
    time: str = ""
    test: bool = False
    wants_answer: bool = False
    groups: list[Group] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # TA1 and the like, which are no messages
    after: str = ""  # what stands behind the trailer


def line_and_column(stretch: Stretch, segment: Segment | None) -> tuple[int, int, int]:
    """Where a segment stands in its file: line, column, and the column behind it."""
    at = segment.offset if segment else 0
    line = stretch.line + stretch.text.count("\n", 0, at)
    column = at - stretch.text.rfind("\n", 0, at)
    return line, column, column + (len(segment.raw.partition("\n")[0]) if segment else 3)
