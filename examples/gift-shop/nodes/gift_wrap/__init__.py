"""Says whether an order is wrapped as a gift, and what is written on the card."""

from __future__ import annotations

from orderloom import Outcome, Setting, node
from orderloom.model import Order


class Wrapped(Outcome, name="wrapped"):
    """It goes into a box with a card."""

    card: str


class Bare(Outcome, name="bare"):
    """Nobody asked for wrapping."""


@node("gift-wrap")
def gift_wrap(order: Order, greeting: Setting[str] = "For you") -> Wrapped | Bare:
    """Wrap the orders that carry the tag `gift`; the buyer's note is the card, else the greeting."""
    if "gift" not in order.tags:
        return Bare()
    return Wrapped(card=order.notes[0] if order.notes else greeting)
