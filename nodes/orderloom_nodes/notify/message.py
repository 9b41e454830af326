"""A recipient and a rendered text in, a message with safe headers out; what could forge a header is refused.

    NobodyError(Exception)      there is nobody to write to, and why
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email

from orderloom import NodeError, World
from orderloom.model import Party
from orderloom_nodes.notify.headers import POLICY
from orderloom_nodes.notify.templates import Written

LONGEST_SUBJECT = 400
NO_DOMAIN = "orderloom.invalid"             # the connection puts the sender's own domain in its place


class NobodyError(Exception):
    """There is nobody to write to; the message says why and how to mend it."""


@dataclass(frozen=True)
class Recipient:
    """Whom it goes to: a checked address, and the name shown before it."""

    address: str
    name: str
    wire: Address


def recipient(to: Party | str | None) -> Recipient:
    """Raises `NobodyError` where nobody can be written to, `NodeError` (invalid) where a header could be forged."""
    if to is None:
        raise NobodyError("there is nobody to write to: `to` is empty; add a customer with an e-mail address")
    name, address = (_name(to), to.email) if isinstance(to, Party) else ("", to)
    if not address or not address.strip(" "):
        whom = f" {name}" if name.isprintable() and name else ""
        raise NobodyError(f"the customer{whom} has no e-mail address; add one to the order")
    _refuse_controls(address, "the e-mail address")
    _refuse_controls(name, "the customer's name")
    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
        wire = Address(display_name=name, username=checked.local_part, domain=checked.ascii_domain)
    except (EmailNotValidError, ValueError, IndexError):
        raise NobodyError(f"`{address}` is not an e-mail address; correct it in the order") from None
    return Recipient(checked.normalized, name, wire)


def compose(template: str, person: Recipient, written: Written, world: World) -> EmailMessage:
    """The message; the same key gives the same Message-ID. Raises `NodeError` (invalid) where a header is not safe."""
    if written.too_long:
        raise NodeError("invalid", f"the message from template `{template}` is longer than a million letters")
    _refuse_controls(written.subject, f"the subject of template `{template}`")
    if len(written.subject) > LONGEST_SUBJECT:
        raise NodeError(
            "invalid",
            f"the subject of template `{template}` has {len(written.subject)} letters, more than {LONGEST_SUBJECT}",
        )
    key = sha256(world.key.encode()).hexdigest()[:32]
    message = EmailMessage(policy=POLICY)
    message["Subject"] = written.subject
    message["To"] = person.wire
    message["Date"] = format_datetime(world.now())
    message["Message-ID"] = f"<{key}@{NO_DOMAIN}>"
    message["Auto-Submitted"] = "auto-generated"            # RFC 3834: no out-of-office replies to it
    message.set_content(_sendable(written.text))
    if written.html is not None:
        message.add_alternative(_sendable(written.html), subtype="html")
        message.set_boundary(f"=_{key}")                    # else random: the same message would differ each time
    return message


def _name(party: Party) -> str:
    return " ".join(part.strip(" ") for part in (party.first_name, party.last_name) if part and part.strip(" "))


def _refuse_controls(text: str, what: str) -> None:
    for letter in text:
        if (
            unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"}
            or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        ):
            raise NodeError(
                "invalid",
                f"{what} holds the control character U+{ord(letter):04X}, which could forge a header; remove it",
            )


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be sent
