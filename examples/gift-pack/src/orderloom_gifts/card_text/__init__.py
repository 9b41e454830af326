"""Writes the card of a gift: the buyer's own words, cut to what fits on it."""

from __future__ import annotations

from orderloom import NodeError, Outcome, Setting, node
from orderloom.model import Order


class Written(Outcome, name="written"):
    """The text of the card, and whether it had to be cut."""

    text: str
    cut: bool


class Blank(Outcome, name="blank"):
    """The buyer wrote nothing."""


@node("card-text")
def card_text(order: Order, longest: Setting[int] = 120) -> Written | Blank:
    """Take the gift message, or the buyer's note, for the card of an order."""
    if longest < 1:
        raise NodeError("invalid", f"a card has room for one letter at least, not {longest}")
    wishes = order.shipping_preferences.gift_message if order.shipping_preferences else None
    words = " ".join((wishes or " ".join(order.notes)).split())
    if not words:
        return Blank()
    return Written(text=_shortened(words, longest), cut=len(words) > longest)


def _shortened(words: str, longest: int) -> str:
    """At a blank where there is one, so that no word is cut in two."""
    if len(words) <= longest:
        return words
    room = words[: longest - 1]
    return f"{room.rpartition(' ')[0] or room}…"
