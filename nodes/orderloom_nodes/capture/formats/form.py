"""An order that somebody takes by phone or at the counter, as a form in YAML or JSON, in; the canonical order out.

    form: phone                                  # or in_store
    number: P-1001                               # what the order is called; each has its own
    taken_at: 2026-03-02T10:00:00+01:00
    currency: EUR
    customer: {name: Ann Lee, email: ann@example.com, phone: "+49 30 123456"}
    ship_to: {name: Ann Lee, street: Hauptstr. 1, postal_code: "10115", city: Berlin, country: DE}
    lines:
      - {sku: MUG, quantity: 2, price: "18.50"}
    shipping: "5.00"

The sums are ours, made of what stands there; then it is an order like those of the web, checked as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from orderloom import did_you_mean
from orderloom.model import (
    MINOR_DIGITS,
    Address,
    Channel,
    Discount,
    Line,
    Money,
    Order,
    Party,
    Payment,
    PaymentTerms,
    Raw,
    ShippingLine,
    TaxLine,
    Totals,
    Transaction,
    order_identity,
)

from ..problems import Findings, shown
from ..reading import Reading
from ..translate import translate
from .places import country, region
from .shopify import content_hash
from .told import the_lines, total, units

CHANNELS = {"phone": "phone", "in_store": "in_store"}
PAID = {"no": "no", "cash": "cash", "card": "card", "on_delivery": "on_delivery", "invoice": "invoice"}
FIELDS = (
    "form",
    "number",
    "taken_at",
    "taken_by",
    "currency",
    "customer",
    "ship_to",
    "bill_to",
    "pickup",
    "lines",
    "shipping",
    "service",
    "discount",
    "tax",
    "prices_include_tax",
    "paid",
    "note",
    "tags",
)
CUSTOMER = ("name", "first_name", "last_name", "company", "email", "phone", "id")
PLACE = ("name", "company", "street", "street2", "postal_code", "city", "region", "country", "phone")
LINE = ("sku", "title", "quantity", "price", "discount", "note")
_LATER = {"on_delivery": PaymentTerms(type="cod"), "invoice": PaymentTerms(type="net")}


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | None:
    """The order, or None after findings; a field that the form has not is one, for it may be a misspelt one."""
    read = Reading(data, (), findings)
    _refuse_unknown(read, FIELDS)
    try:
        return _read(read, account)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Order, findings)
        return None


def _refuse_unknown(read: Reading, known: tuple[str, ...]) -> None:
    for name in read.data:
        if name not in known:
            mend = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            read.findings.add("V030", (*read.path, name), "`{}` is no field of the form", mend, key=True)


def _part(read: Reading, name: str, known: tuple[str, ...]) -> Reading | None:
    found = read.part(name)
    if found is not None:
        _refuse_unknown(found, known)
    return found


def _read(read: Reading, account: str) -> Order | None:
    channel: Any = read.word("form", CHANNELS, "kind of form") or "phone"
    number, taken = read.required("number", FIELDS), read.moment("taken_at")
    currency = _currency(read)
    lines = [
        line
        for at, item in enumerate(the_lines(read, "lines", FIELDS), 1)
        if (line := _line(item, at, currency)) is not None
    ]
    if taken is None and not read.has("taken_at"):
        read.missing("taken_at", FIELDS)
    shipping, tax = read.money("shipping", currency), read.money("tax", currency)
    off, ship_to = read.money("discount", currency), _place(_part(read, "ship_to", PLACE))
    bill_to, buyer = _place(_part(read, "bill_to", PLACE)), _buyer(_part(read, "customer", CUSTOMER))
    paid, pickup = read.word("paid", PAID, "way of paying") or "no", read.flag("pickup", channel == "in_store")
    within, tags = read.flag("prices_include_tax", False), read.data.get("tags")
    by, note = read.text("taken_by"), read.text("note")
    service = read.text("service")
    if read.findings.problems or taken is None:
        return None
    totals = _totals(lines, shipping, off, tax, currency, within)
    return Order(
        order_id=order_identity(channel, account, number),
        order_number=number,
        revision=max(0, int(taken.timestamp())),
        channel=Channel(type=channel, account_id=account, source=by),
        ordered_at=taken,
        currency=currency,
        taxes_included=within,
        customer=buyer,
        billing_address=bill_to or ship_to,
        shipping_address=ship_to,
        pickup={} if pickup and ship_to is None else None,  # type: ignore[arg-type]
        lines=tuple(lines),
        shipping_lines=(ShippingLine(price=shipping, service_code=service, title=service),) if shipping else (),
        discounts=(Discount(amount=off, type="manual"),) if off and off.amount else (),
        taxes=(TaxLine(amount=tax, title="tax"),) if tax and tax.amount else (),
        totals=totals,
        payment=_payment(paid, totals.grand_total, number, taken),
        notes=(note,) if note else (),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        raw=Raw(media_type="application/yaml", sha256=content_hash(read.data)),
    )


def _currency(read: Reading) -> str:
    code = read.required("currency", FIELDS)
    if code and code not in MINOR_DIGITS:
        mend = did_you_mean(code, MINOR_DIGITS) or "it is three capitals of ISO 4217, such as USD"
        read.find("V015", "currency", f"`{{}}` is {shown(code)}, which is no currency", mend)
    return code if code in MINOR_DIGITS else ""


def _line(item: Reading, at: int, currency: str) -> Line | None:
    before = len(item.findings.problems)
    _refuse_unknown(item, LINE)
    quantity, price = units(item, "quantity", LINE), item.money("price", currency, payable=False)
    sku, off = item.required("sku", LINE), item.money("discount", currency)
    if price is None and not item.has("price"):
        item.missing("price", LINE)
    if quantity == 0:
        item.find("V018", "quantity", "`{}` is 0: a line has from 1 to 1,000,000 units")
    if len(item.findings.problems) > before or not quantity or price is None:
        return None
    whole = price * quantity
    return Line(
        line_id=str(at),
        sku=sku,
        title=item.text("title"),
        quantity=quantity,
        unit_price=price,
        discounts=(Discount(amount=off, type="manual"),) if off and off.amount else (),
        line_total=whole - off if off else whole,
    )


def _totals(
    lines: list[Line], shipping: Money | None, off: Money | None, tax: Money | None, currency: str, within: bool
) -> Totals:
    """What it comes to, by hand as at the counter."""
    goods = total(line.unit_price * line.quantity for line in lines) or Money.zero(currency)
    taken = total((off, *(one.amount for line in lines for one in line.discounts)))
    whole = total((goods, shipping, None if within else tax)) or goods
    return Totals(
        subtotal=goods,
        discount=taken,
        shipping=shipping,
        tax=tax,
        grand_total=(whole - taken if taken else whole).rounded(),
    )


def _payment(paid: str, whole: Money, number: str, when: Any) -> Payment:
    if paid not in ("cash", "card"):
        return Payment(status="unpaid", terms=_LATER.get(paid))
    taken = Transaction(
        transaction_id=f"counter-{number}", kind="sale", status="success", gateway=paid, amount=whole, occurred_at=when
    )
    return Payment(status="paid", transactions=(taken,) if whole.amount > Decimal(0) else ())


def _buyer(found: Reading | None) -> Party | None:
    if found is None:
        return None
    return Party(
        customer_id=found.text("id"),
        first_name=found.text("first_name"),
        last_name=found.text("last_name") or found.text("name"),
        company=found.text("company"),
        email=found.text("email"),
        phone=found.text("phone"),
    )


def _place(found: Reading | None) -> Address | None:
    if found is None:
        return None
    code = country(found.text("country"))
    region_code, region_name = region(found.text("region"), code)
    return Address(
        name=found.text("name"),
        company=found.text("company"),
        address_lines=tuple(line for name in ("street", "street2") if (line := found.text(name))),
        city=found.text("city"),
        region_code=region_code,
        region_name=region_name,
        postal_code=found.text("postal_code"),
        country_code=code,
        phone=found.text("phone"),
    )
