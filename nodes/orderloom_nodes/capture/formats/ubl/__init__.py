"""An Order, OrderChange or OrderCancellation of UBL 2.0 to 2.4 in, the canonical order out.

Elements are those of the OASIS standard (UBL 2.4, June 2024) and of PEPPOL BIS Ordering 3. A document type, an entity
or a reference to another file is refused before it is followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from orderloom.model import (
    MINOR_DIGITS,
    Channel,
    ExternalRef,
    Line,
    Money,
    Order,
    Payment,
    Promise,
    Raw,
    Totals,
    order_identity,
)

from ...reading import Reading
from ...translate import translate
from ..kept import kept
from ..told import MOST_LINES
from .lines import read_line
from .parts import first, many, moment, text, texts
from .party import buyer_id, read_buyer, read_destination, read_payer
from .sums import currency_of, read_sums
from .tree import read_ubl

__all__ = ["Changed", "read_order", "read_ubl"]

_MAPPED = frozenset((
    "ID", "SalesOrderID", "UUID", "IssueDate", "IssueTime", "Note", "DocumentCurrencyCode",
    "AccountingCustomerParty", "Delivery", "AllowanceCharge", "TaxTotal", "AnticipatedMonetaryTotal", "OrderLine",
    "UBLVersionID", "CancellationNote", "SequenceNumberID",
))
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Changed:
    """What changes or cancels an order that came before: it begins none."""

    order: Order


def read_order(kind: str, read: Reading, zone: tzinfo) -> Order | Changed | None:
    """The order, or what changes one; None after findings. `zone` is that of days and times that name none."""
    try:
        found = _cancellation(read, zone) if kind == "OrderCancellation" else _order(kind, read, zone)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Order, read.findings)
        return None
    if found is None or read.findings.problems:
        return None
    return found if kind == "Order" else Changed(found)


def _order(kind: str, read: Reading, zone: tzinfo) -> Order | None:
    entries = list(many(read, "OrderLine"))
    if not entries:
        read.find("V019", "OrderLine", "`{}` is missing: an order has at least one line")
    if len(entries) > MOST_LINES:
        read.find("V021", "OrderLine", f"`{{}}` comes {len(entries):,} times; {MOST_LINES:,} are the most of one order")
        return None
    currency = currency_of(read, entries)
    lines = [line for entry in entries if (line := read_line(entry, currency, zone)) is not None]
    _told_twice(read, lines)
    fields = _head(kind, read, zone)
    sums = read_sums(read, entries, lines, currency) if currency else {}
    if read.findings.problems:
        return None
    wanted = first(read, "Delivery", "RequestedDeliveryPeriod")
    return Order(
        **fields,
        **sums,
        currency=currency,
        lines=tuple(lines),
        billing_address=read_payer(read),
        shipping_address=read_destination(read),
        promise=_promise(wanted, first(read, "Delivery"), zone),
        payment=Payment(status="unpaid"),
    )


def _told_twice(read: Reading, lines: list[Line]) -> None:
    names = [line.line_id for line in lines]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        read.find("V020", "OrderLine", f"`{{}}` has two lines of the id `{twice}`", "number the lines")


def _head(kind: str, read: Reading, zone: tzinfo) -> dict[str, Any]:
    own = first(read, "OrderReference") if kind != "Order" else read
    number = text(own, "ID") or ""
    if not number:
        read.missing("ID" if kind == "Order" else "OrderReference", _MAPPED)
    issued = moment(read, "IssueDate", "IssueTime", zone, time(0))
    if issued is None and not read.has("IssueDate"):
        read.missing("IssueDate", _MAPPED)
    buyer = (buyer_id(read) or "unknown").replace(":", "-")
    return {
        "order_id": order_identity("edi", buyer, number),
        "order_number": number or None,
        "purchase_order_number": number or None,
        "revision": _revision(kind, read, issued),
        "channel": Channel(type="edi", account_id=buyer, source="ubl"),
        "external_refs": tuple(_references(read, own, number)),
        "order_type": "wholesale",
        "ordered_at": _ordered(own, zone) or issued if kind != "Order" else issued,
        "updated_at": issued,
        "customer": read_buyer(read),
        "notes": tuple(texts(read, "Note")),
        "metadata": kept("ubl", read.data, {name for name in read.data if name.partition("@")[0] in _MAPPED}),
        "raw": Raw(media_type="application/xml", sha256=sha256(read.findings.document.text.encode()).hexdigest()),
    }


def _ordered(reference: Reading | None, zone: tzinfo) -> datetime | None:
    return moment(reference, "IssueDate", "IssueTime", zone, time(0))


def _revision(kind: str, read: Reading, issued: datetime | None) -> int:
    """When it was issued. A day does not order what came on it: changes count up within it, a cancellation ends it."""
    at = max(0, int(issued.timestamp())) if issued else 0
    if kind == "Order" or text(read, "IssueTime"):
        return at
    number = text(read, "SequenceNumberID") or ""
    step = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    return at + (_DAY_SECONDS if kind == "OrderCancellation" else min(step, _DAY_SECONDS - 1))


def _references(read: Reading, own: Reading | None, number: str) -> Iterator[ExternalRef]:
    found = {
        "order": number,
        "sales_order": text(own, "SalesOrderID"),
        "uuid": text(own, "UUID"),
        "document": text(read, "ID") if own is not read else None,
    }
    yield from (ExternalRef(system="ubl", type=kind, value=value) for kind, value in found.items() if value)


def _promise(wanted: Reading | None, delivery: Reading | None, zone: tzinfo) -> Promise | None:
    """When the buyer wants it."""
    start = moment(wanted, "StartDate", "StartTime", zone, time(0))
    end = moment(wanted, "EndDate", "EndTime", zone, time(23, 59, 59))
    end = end or moment(delivery, "LatestDeliveryDate", "LatestDeliveryTime", zone, time(23, 59, 59))
    return Promise(earliest_delivery=start, latest_delivery=end, source="checkout") if start or end else None


def _cancellation(read: Reading, zone: tzinfo) -> Order | None:
    """The order that is cancelled, as far as a cancellation tells it: it names no lines, so a line stands for them."""
    fields = _head("OrderCancellation", read, zone)
    told = text(read, "DocumentCurrencyCode")  # most cancellations tell none, and nothing is to be paid
    currency = told if told in MINOR_DIGITS else "EUR"
    if read.findings.problems:
        return None
    nothing = Money.zero(currency)
    line = Line(
        line_id="all", title="every line of the order", quantity=1, quantity_cancelled=1, unit_price=nothing
    )  # fmt: skip
    notes = (*texts(read, "CancellationNote"), *fields.pop("notes"))
    return Order(
        **fields,
        notes=notes,
        currency=currency,
        lines=(line,),
        cancelled_at=fields["updated_at"],
        cancel_reason="customer",
        fulfillment_status="cancelled",
        totals=Totals(grand_total=nothing),
        payment=Payment(status="voided"),
    )
