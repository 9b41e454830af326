"""Writes to a customer: a template and what it may read in, one message with plain text and HTML out."""

from __future__ import annotations

from typing import Any, Literal

from orderloom import Later, Mail, NodeError, Outcome, Setting, World, node
from orderloom import Sent as SentRecord
from orderloom.model import Address, Order, Party
from orderloom_nodes.notify.message import NobodyError, compose, recipient
from orderloom_nodes.notify.quiet import QuietHours, may_write_at
from orderloom_nodes.notify.templates import MessageTemplate


class Sent(Outcome, name="sent"):
    """The connection has taken the message, or there was nobody to write to: then `undelivered` says why.

    `missing` are the names that the template reads and `data` lacks.
    """

    template: str
    to: str | None
    message_id: str | None
    missing: tuple[str, ...] = ()
    undelivered: str | None = None


@node("notify", version=1, kind="action", effects="keyed")
def notify(
    template: MessageTemplate,
    to: Party | str | None,
    data: Any,
    world: World,
    connection: Setting[str] = "mail",
    unreachable: Setting[Literal["note", "fail"]] = "note",
    quiet: Setting[QuietHours | None] = None,
) -> Sent | Later:
    """Send one person a message made from a template, by e-mail.

    With `quiet: 21:00-08:00` it waits for the morning, by the clock of where the order of `data` goes. A template may
    have others beside it for languages, `shipped.de.txt` or `shipped.pt-BR.txt`: the recipient's `locale` chooses, and
    the plain one is for the rest.

    The template is a file of the project's `templates/` folder, or one that comes with orderloom: shipped, cancelled,
    delivered, backordered, order-held, address-question, return-accepted, return-rejected, return-expired,
    return-unknown, refunded, exchange-sent, payment-new-card, payment-authenticate.
    It reads the fields of `data` by name (a list as `items`), the whole as `data`, and the recipient as `to`.

    Nobody to write to, or no address that could be one, is no failure: nothing is sent, `to` and `message_id` are null
    and `undelivered` is a sentence. With `unreachable: fail` it is the error `invalid`. What could forge a header is
    always that error.
    """
    try:
        person = recipient(to)
    except NobodyError as nobody:
        if unreachable == "fail":
            raise NodeError("invalid", str(nobody)) from None
        return Sent(template=template.name, to=None, message_id=None, undelivered=str(nobody))
    at = may_write_at(world.now(), quiet, _place(data)) if quiet else world.now()
    if at > world.now():
        return Later(at)
    written = template.spoken_in(_locale(to, data)).render({**_fields(data), "data": data, "to": to})
    message = compose(template.name, person, written, world)
    message_id = world.connection(connection, Mail).send(message, world.key)
    world.log.sent.append(SentRecord(template.name, person.address, message_id))
    return Sent(template=template.name, to=person.address, message_id=message_id, missing=written.missing)


def _order(data: Any) -> Order | None:
    found = data.get("order") if isinstance(data, dict) else data
    return found if isinstance(found, Order) else None


def _place(data: Any) -> Address | None:
    order = _order(data)
    return (order.shipping_address or order.billing_address) if order else None


def _locale(to: Party | str | None, data: Any) -> str | None:
    order = _order(data)
    person = to if isinstance(to, Party) else order.customer if order else None
    return person.locale if person else None


def _fields(data: Any) -> dict[str, Any]:
    if isinstance(data, dict):
        return data
    if isinstance(data, (list, tuple)):
        return {"items": data}  # what a step with for_each gave
    declared = getattr(type(data), "model_fields", {})
    return {name: getattr(data, name) for name in declared}
