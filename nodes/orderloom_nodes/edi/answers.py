"""What was received, in the words that an acknowledgement and a warehouse's advice need."""

from __future__ import annotations

from typing import Literal

from orderloom.model import Model
from orderloom.model.base import Timestamp


class Partner(Model):
    """One side of an exchange: its id, the qualifier that says whose numbers these are, and its id within groups."""

    id: str
    qualifier: str = ""
    group: str = ""


class Spot(Model):
    """Something wrong within a message: the segment's place (ST or UNH is 1), the element, and the standard's code.

    Without `element` the code is that of the segment (AK304); with one it is the element's (AK403).
    """

    tag: str
    place: int
    element: int = 0
    component: int = 0
    code: str
    value: str = ""
    said: str = ""


class MessageAnswer(Model):
    """What becomes of one message: its own codes (AK502) and the spots within it."""

    kind: str
    control: str
    version: str = ""
    accepted: bool
    codes: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()


class GroupAnswer(Model):
    """What becomes of one group: its own codes (AK905) and its messages. `told`: how many its trailer counts."""

    kind: str = ""
    control: str = ""
    version: str = ""
    told: int = 0
    codes: tuple[str, ...] = ()
    messages: tuple[MessageAnswer, ...] = ()

    @property
    def accepted(self) -> int:
        """How many messages are taken."""
        return 0 if self.codes else sum(message.accepted for message in self.messages)


class Acknowledgement(Model):
    """One interchange as it was received. `codes` are those of the whole (TA1's notes, CONTRL's errors)."""

    syntax: Literal["x12", "edifact"]
    version: str
    control: str
    date: str = ""
    time: str = ""
    partner: Partner
    us: Partner
    test: bool = False
    wants_answer: bool = False
    codes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    groups: tuple[GroupAnswer, ...] = ()
    received: int
    accepted: int


class AdviceLine(Model):
    """What a warehouse sent of a line; `short` is what it did not send of what was ordered."""

    line_id: str
    sku: str = ""
    gtin: str | None = None
    title: str | None = None
    status: str = ""
    ordered: int
    shipped: int
    short: int
    unit: str = ""
    lot: str | None = None
    sscc: tuple[str, ...] = ()


class Advice(Model):
    """A warehouse's shipping advice (945): what left for an order of ours, and what was picked short."""

    order_number: str
    purchase_order_number: str | None = None
    shipment_number: str | None = None
    shipped_at: Timestamp | None = None
    partner: Partner
    warehouse: str | None = None
    carrier: str | None = None
    tracking_numbers: tuple[str, ...] = ()
    lines: tuple[AdviceLine, ...]
    short: tuple[AdviceLine, ...] = ()
    complete: bool
    shipped: int
    kept: tuple[str, ...] = ()
