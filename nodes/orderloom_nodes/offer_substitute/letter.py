"""The message that offers the other articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from orderloom.model import Order
from orderloom_nodes.notify.headers import POLICY
from orderloom_nodes.offer_substitute.candidates import Offer


def letter(order: Order, made: Sequence[Offer], until: datetime, link: str | None) -> EmailMessage | None:
    """None where nobody knows the customer's address."""
    person = order.customer
    if person is None or not person.email or not _is_address(person.email):
        return None
    message = EmailMessage(policy=POLICY)
    message["To"] = person.email
    message["Subject"] = f"Your order {_line(order.order_number or order.order_id)}: another article instead?"
    rows = "\n".join(f"  {one.quantity} x {_line(one.sku)} in place of {_line(one.missing)}" for one in made)
    name = _line(person.first_name) if person.first_name else ""
    greeting = f"Dear {name}," if name else "Good day,"
    offer = f"we do not have all of what you ordered. We could send, at the same price:\n\n{rows}"
    ask = f"Please say yes or no here:\n\n  {link}" if link else "Please answer this message with yes or no."
    ends = f"The offer is good until {until:%Y-%m-%d %H:%M} UTC."
    message.set_content(f"{greeting}\n\n{offer}\n\n{ask}\n\n{ends}\n")
    return message


def _is_address(text: str) -> bool:
    return text.isascii() and text.isprintable() and text.count("@") == 1 and " " not in text


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
