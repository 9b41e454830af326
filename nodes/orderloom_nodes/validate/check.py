"""An order in; the order in normal form and all findings out. Reads like the list of what is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orderloom.model import Address, Line, Order, Party
from orderloom_nodes.validate.addresses import check_address
from orderloom_nodes.validate.catalogue import Catalogue, check_articles
from orderloom_nodes.validate.contacts import Contacts
from orderloom_nodes.validate.denied import DeniedList, check_denied
from orderloom_nodes.validate.findings import FieldProblem, Findings
from orderloom_nodes.validate.lines import MOST_PER_LINE, Weights, check_lines, in_normal_form
from orderloom_nodes.validate.standing import check_currencies, check_standing
from orderloom_nodes.validate.texts import LONGEST_NAME, clean
from orderloom_nodes.validate.totals import check_totals

_NAMES = ("first_name", "last_name", "company")


@dataclass(frozen=True)
class Checked:
    """The order in normal form, and what was found on the way."""

    order: Order
    rejections: tuple[FieldProblem, ...]
    errors: tuple[FieldProblem, ...]
    notes: tuple[FieldProblem, ...]


def check(
    order: Order,
    most_per_line: int = MOST_PER_LINE,
    weights: Weights | None = None,
    denied: DeniedList | None = None,
    catalogue: Catalogue | None = None,
) -> Checked:
    """Every check there is; none of them raises, none stops another."""
    findings = Findings(order.tags, holds=not is_done(order))
    check_standing(order, findings)
    if check_currencies(order, findings):
        check_totals(order, findings)
    check_lines(order, most_per_line, findings, weights)
    if catalogue is not None:
        check_articles(order, catalogue, findings)
    _say_what_ends_here(order, findings)
    changes = {"lines": in_normal_form(order.lines), **_people_and_places(order, findings)}
    changed = {name: value for name, value in changes.items() if value is not getattr(order, name)}
    tidy = order.model_copy(update=changed) if changed else order
    if denied is not None:
        check_denied(tidy, denied, findings)
    return Checked(
        tidy,
        tuple(findings.rejections), tuple(findings.errors), tuple(findings.notes),
    )


def is_delivered(order: Order) -> bool:
    """Whether something of it is still to travel to the buyer."""
    return not order.is_collected and any(line.quantity_open for line in _goods(order))


def is_done(order: Order) -> bool:
    """Whether all that was to be sent of it has been sent: what is odd about it holds nothing up any more."""
    goods = _goods(order)
    return bool(goods) and not any(line.quantity_open for line in goods)


def _goods(order: Order) -> list[Line]:
    return [
        line
        for line in order.lines
        if line.requires_shipping and not line.gift_card and line.quantity > line.quantity_cancelled
    ]


def _say_what_ends_here(order: Order, findings: Findings) -> None:
    if is_done(order):
        findings.note("V121", "lines", "everything of this order is shipped already", "nothing of it is sent again")
    elif order.is_collected and any(line.quantity_open for line in _goods(order)):
        how = "the buyer comes for it" if order.pickup is not None else "it was sold over the counter"
        findings.note("V115", "pickup", f"{how}: no shipment is planned for it")


def _people_and_places(order: Order, findings: Findings) -> dict[str, Any]:
    delivered = is_delivered(order)
    contacts = Contacts(findings, _country(order))
    shipping = order.shipping_address
    if delivered and shipping is None:
        _say_no_address(order, findings)
    customer = _party(order.customer, contacts, findings)
    placed: dict[str, Any] = {"customer": customer}
    if shipping is not None:
        contact = contacts.of_address(shipping, "shipping_address")
        placed["shipping_address"] = check_address(shipping, "shipping_address", findings, contact, holds=delivered)
    if order.billing_address is not None:
        placed["billing_address"] = _billing(
            order.billing_address, shipping, placed.get("shipping_address"), contacts, findings
        )
    contacts.settle(needed=delivered)
    placed["metadata"] = _with_extensions(order.metadata, contacts.extensions)
    return placed


def _say_no_address(order: Order, findings: Findings) -> None:
    billing = order.billing_address
    lines = ", ".join(billing.address_lines) if billing else ""
    mend = f"the billing address is: {lines}, {billing.city or ''}" if billing and lines else None
    findings.error("V101", "shipping_address", "the order has goods to deliver and no address to deliver them to", mend)


def _billing(
    billing: Address, shipping: Address | None, checked: Address | None, contacts: Contacts, findings: Findings
) -> Address:
    if checked is not None and billing == shipping:
        return checked                      # most orders bear one address twice: say a thing once
    contact = contacts.of_address(billing, "billing_address")
    return check_address(billing, "billing_address", findings, contact, holds=False)


def _party(party: Party | None, contacts: Contacts, findings: Findings) -> Party | None:
    if party is None:
        return None
    changes = {}
    for name in _NAMES:
        said = getattr(party, name)
        if said is None:
            continue
        text = clean(said)
        if len(text) > LONGEST_NAME:
            findings.error(
                "V113", f"customer.{name}", f"this name has {len(text)} letters", f"shorten it to {LONGEST_NAME}"
            )
        if text != said:
            changes[name] = text
    return contacts.of_party(party.model_copy(update=changes) if changes else party, "customer")


def _country(order: Order) -> str | None:
    codes = (place.country_code for place in (order.shipping_address, order.billing_address) if place)
    return next((code for code in codes if code), None)


def _with_extensions(metadata: dict[str, Any], extensions: dict[str, str]) -> dict[str, Any]:
    if not extensions:
        return metadata
    before = metadata.get("phone_extensions")
    return {**metadata, "phone_extensions": {**(before if isinstance(before, dict) else {}), **extensions}}
