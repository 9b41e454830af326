"""Asks the customer about an address that is not right; the run waits for what they say, and goes on by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from orderloom import AnswerLinks, AnswerRefused, Mail, Outcome, Place, Sent, Setting, Wait, World, node
from orderloom.model import Order
from orderloom_nodes.confirm_address.answered import AddressRefusedError, corrected
from orderloom_nodes.confirm_address.askable import why_not
from orderloom_nodes.notify.message import compose, recipient
from orderloom_nodes.notify.templates import MessageTemplate
from orderloom_nodes.route.waiting import Duration
from orderloom_nodes.validate.findings import FieldProblem

EVENT = "address-confirmed"
TEMPLATE = "address-question"
VALID_FOR = timedelta(days=2)


class Confirmed(Outcome, name="confirmed"):
    """The customer has answered: `order` has the address as it is to be. Validate it again."""

    order: Order
    changed: bool


class Desk(Outcome, name="desk"):
    """The customer cannot mend it, or cannot be asked: `reason` says which."""

    reason: str


def _answer(said: Any, *, order: Order, problems: Sequence[FieldProblem], **_: Any) -> Confirmed | Desk:
    """`confirmed`, `desk`, or an object: `candidate` (a number from 1 on) or `address` with the fields that change."""
    record = {"outcome": said} if isinstance(said, str) else said
    if isinstance(record, Mapping) and record.get("outcome") == "desk":
        return Desk(reason=str(record.get("reason") or "the customer wants to speak to somebody"))
    try:
        answered = corrected(order, problems, record)
    except AddressRefusedError as refusal:
        raise AnswerRefused(refusal.sentences) from None
    return Confirmed(order=answered, changed=answered.shipping_address != order.shipping_address)


@node("confirm-address", kind="wait", effects="keyed", answer=_answer)
def confirm_address(
    order: Order,
    problems: list[FieldProblem],
    world: World,
    template: MessageTemplate | None = None,
    valid_for: Setting[Duration] = VALID_FOR,
    mail: Setting[str] = "mail",
    links: Setting[str] = "links",
) -> Confirmed | Desk | Wait:
    """Ask the customer by mail about the address that `problems` of `validate` are about, and wait for the answer.

    Where something else is wrong too, or no mail can reach them, nobody is asked and it is for the desk. The mail has
    what is odd, the places that may be meant, and a link of the connection `links` that is good for `valid_for` (2d);
    without that connection it asks for a reply. The answer is the event `address-confirmed`, matched by the order's id.
    Give the step a `timeout` of the same length. The template is `address-question`, or the one that is named.
    """
    reason = why_not(order, problems)
    if reason:
        return Desk(reason=reason)
    until = world.now() + valid_for
    about = {"event": EVENT, "match": order.order_id, "until": until.isoformat(timespec="seconds")}
    candidates = _candidates(order)
    if not world.rehearsal:
        signer = world.optional(links, AnswerLinks)
        link = signer.link(EVENT, order.order_id, until) if signer else None
        said = {"order": order, "problems": problems, "candidates": candidates, "link": link, "until": until}
        _write(template or _own_template(), order, said, world, mail)
    return Wait("event", {**about, "problems": [one.message for one in problems], "candidates": candidates})


def _candidates(order: Order) -> list[dict[str, Any]]:
    """What the verdict on the address names, numbered as the answer names them."""
    verdict = order.shipping_address.validation if order.shipping_address else None
    found = verdict.candidates if verdict else ()
    return [{"number": number, **candidate} for number, candidate in enumerate(found, 1)]


def _write(template: MessageTemplate, order: Order, said: Mapping[str, Any], world: World, mail: str) -> None:
    person = recipient(order.customer)
    written = template.render({**said, "data": said, "to": order.customer})
    message_id = world.connection(mail, Mail).send(compose(template.name, person, written, world), world.key)
    world.log.sent.append(Sent(template.name, person.address, message_id))


def _own_template() -> MessageTemplate:
    return MessageTemplate.load_setting(TEMPLATE, Place("-"), [])
