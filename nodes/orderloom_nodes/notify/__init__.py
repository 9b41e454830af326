"""Writes to a customer: a template and what it may read in, one message with plain text and HTML out."""

from __future__ import annotations

from typing import Any, Literal

from orderloom import Mail, NodeError, Outcome, Setting, World, node
from orderloom import Sent as SentRecord
from orderloom.model import Party
from orderloom_nodes.notify.message import NobodyError, compose, recipient
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
) -> Sent:
    """Send one person a message made from a template, by e-mail.

    The template is a file of the project's `templates/` folder, or one that comes with orderloom: shipped, cancelled,
    delivered, backordered, order-held, address-question, return-accepted, return-rejected, return-expired,
    return-unknown, refunded, exchange-sent.
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
    written = template.render({**_fields(data), "data": data, "to": to})
    message = compose(template.name, person, written, world)
    message_id = world.connection(connection, Mail).send(message, world.key)
    world.log.sent.append(SentRecord(template.name, person.address, message_id))
    return Sent(template=template.name, to=person.address, message_id=message_id, missing=written.missing)


def _fields(data: Any) -> dict[str, Any]:
    if isinstance(data, dict):
        return data
    if isinstance(data, (list, tuple)):
        return {"items": data}  # what a step with for_each gave
    declared = getattr(type(data), "model_fields", {})
    return {name: getattr(data, name) for name in declared}
