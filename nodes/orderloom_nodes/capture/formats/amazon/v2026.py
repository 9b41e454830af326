"""An order of Amazon's Orders API 2026-01-01 in, the canonical order out: the same as from v0.

Fields are those of the published model orders_2026-01-01.json (amzn/selling-partner-api-models, read November 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orderloom import PassedOver
from orderloom.model import (
    Attribute,
    Channel,
    Fee,
    Money,
    Order,
    Party,
    Pickup,
    Promise,
    TaxId,
)

from ...problems import Findings
from ...reading import Reading
from ..told import Names, amount, currency_of, off, the_lines, told_twice, total, units
from .address import V2026, read_address
from .sale import Head, Item, order_of
from .standing import identity, moments
from .words import FULFILLMENT, PENDING, payment_of, service_level, words

NAMES = Names("amount", "currencyCode")
_MAPPED = frozenset((
    "orderId", "orderAliases", "createdTime", "lastUpdatedTime", "salesChannel", "buyer", "recipient", "proceeds",
    "fulfillment", "orderItems", "payment",
))
_ITEM = frozenset(("orderItemId", "quantityOrdered", "product", "proceeds", "fulfillment", "programs"))
_TAGS = {"PRIME": "prime", "AMAZON_BUSINESS": "business", "PREMIUM": "premium"}
_OF_ITEMS = {"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER", "TAX", "DISCOUNT"}


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | PassedOver | None:
    """The order; left out while Amazon keeps its prices back; None after findings."""
    read = Reading(data, (), findings)
    sent, proceeds = read.part("fulfillment") or read.aside(), read.part("proceeds")
    state = sent.told("fulfillmentStatus")
    if state in PENDING and (proceeds is None or not proceeds.has("grandTotal")):
        return PassedOver("pending at Amazon: what it costs is told when the payment is there")
    goods = the_lines(read, "orderItems", _MAPPED)
    currency = currency_of(_prices(proceeds, goods), NAMES)
    items = [item for one in goods if (item := _item(one, currency)) is not None]
    told_twice(goods, "orderItemId")
    head = _head(read, account, state, currency)
    return None if findings.problems or head is None else order_of(head, items)


def _prices(proceeds: Reading | None, goods: list[Reading]) -> Iterator[tuple[Reading | None, str]]:
    yield proceeds, "grandTotal"
    for item in goods:
        yield item.part("proceeds"), "proceedsTotal"
        product = item.part("product")
        yield product.part("price") if product else None, "unitPrice"


def _head(read: Reading, account: str, state: str, currency: str) -> Head | None:
    proceeds, sent = read.part("proceeds"), read.part("fulfillment") or read.aside()
    told = sent.word("fulfillmentStatus", FULFILLMENT, "status of Amazon")
    fields = _fields(read, account, state, currency, sent)
    grand = amount(proceeds, "grandTotal", currency, NAMES, payable=True)
    cancelled = state in {"cancelled", "canceled"}
    if grand is None and cancelled:
        currency, grand = currency or "USD", Money.zero(currency or "USD")
    if grand is None and not (proceeds and proceeds.has("grandTotal")):
        mend = "ask for the order with `includedData=PROCEEDS` among others"
        read.find("V010", "proceeds", "`{}` is missing, and with it what the order costs", mend)
    if grand is None or read.findings.problems:
        return None
    sold_at = read.part("salesChannel")
    return Head(
        currency=currency,
        grand_total=grand,
        service=sent.text("fulfillmentServiceLevel"),
        is_cancelled=cancelled,
        marketplace=sold_at.text("marketplaceId") if sold_at else None,
        fields=fields | {"fulfillment_status": told or "unfulfilled"},
        fees=tuple(_fees(proceeds, currency)),
        tags=tuple(tag for name, tag in _TAGS.items() if name in words(read, "programs")),
    )


def _fees(proceeds: Reading | None, currency: str) -> Iterator[Fee]:
    """What only the order has: a tip for the delivery. The other kinds are sums of what the items say."""
    for part in proceeds.parts("breakdowns") if proceeds else ():
        kind = part.text("type") or "OTHER"
        fee = amount(part, "subtotal", currency, NAMES)
        if kind not in _OF_ITEMS and fee is not None and fee.amount:
            yield Fee(type=kind.lower(), amount=fee)


def _fields(read: Reading, account: str, state: str, currency: str, sent: Reading) -> dict[str, Any]:
    own_id = read.required("orderId", _MAPPED)
    ordered, updated = read.moment("createdTime"), read.moment("lastUpdatedTime")
    if ordered is None and not read.has("createdTime"):
        read.missing("createdTime", _MAPPED)
    sold_at = read.part("salesChannel") or Reading({}, (), read.findings)
    aliases = {one.told("aliasType"): one.text("aliasId") for one in read.parts("orderAliases")}
    buyer, programs = read.part("buyer"), words(read, "programs")
    replaced, cancelled = _replaced(read), state in {"cancelled", "canceled"}
    paid = read.part("payment")
    executions = list(paid.parts("paymentExecutions")) if paid else []
    methods = [one.text("paymentMethod") or "" for one in executions]
    return {
        **identity(read, account, own_id, _MAPPED, seller=aliases.get("seller_order_id"), replaced=replaced),
        **moments(ordered, updated, cancelled),
        "channel": Channel(
            type="amazon",
            account_id=account,
            marketplace_id=sold_at.text("marketplaceId"),
            source=sold_at.text("marketplaceName") or sold_at.text("channelName"),
            fulfilled_by="marketplace" if sent.told("fulfilledBy") == "amazon" else "merchant",
        ),
        "purchase_order_number": buyer.text("buyerPurchaseOrderNumber") if buyer else None,
        "order_type": "replacement" if replaced else "sale",
        "customer": _buyer(buyer, read),
        "shipping_address": _delivered_to(read),
        "pickup": Pickup() if "IN_STORE_PICK_UP" in programs else None,
        "payment": payment_of(
            state, methods, executions, own_id, ordered, currency, ("paymentAmount", "paymentMethod", NAMES)
        ),
        "promise": _promise(sent),
        "notes": tuple(_instructions(read)),
    }


def _replaced(read: Reading) -> str | None:
    others = {one.told("associationType"): one.text("orderId") for one in read.parts("associatedOrders")}
    return others.get("replacement_original_id")


def _delivered_to(read: Reading) -> Any:
    recipient = read.part("recipient")
    return read_address(recipient.part("deliveryAddress"), V2026) if recipient else None


def _instructions(read: Reading) -> Iterator[str]:
    recipient = read.part("recipient")
    wish = recipient.part("deliveryPreference") if recipient else None
    for name in ("dropOffLocation", "addressInstruction"):
        if wish is not None and (told := wish.text(name)):
            yield told


def _buyer(buyer: Reading | None, read: Reading) -> Party | None:
    about = buyer or Reading({}, (), read.findings)
    found = {
        "last_name": about.text("buyerName"),
        "email": about.text("buyerEmail"),
        "company": about.text("buyerCompanyName"),
        "tax_ids": tuple(_tax_ids(read)),
    }
    return Party(**found) if any(found.values()) else None  # type: ignore[arg-type]


def _tax_ids(read: Reading) -> Iterator[TaxId]:
    tax = read.part("tax")
    for one in tax.parts("taxRegistrations") if tax else ():
        if one.told("entityType") == "buyer" and (number := one.text("taxRegistrationNumber")):
            yield TaxId(scheme=one.text("taxRegistrationType"), value=number)


def _promise(sent: Reading) -> Promise | None:
    ship, deliver = sent.part("shipByWindow"), sent.part("deliverByWindow")
    found = {
        "ship_by": ship.moment("latestDateTime") if ship else None,
        "earliest_delivery": deliver.moment("earliestDateTime") if deliver else None,
        "latest_delivery": deliver.moment("latestDateTime") if deliver else None,
        "service_level": service_level(sent.text("fulfillmentServiceLevel")),
    }
    return Promise(**found, source="marketplace") if any(found.values()) else None


def _item(item: Reading, currency: str) -> Item | None:
    before = len(item.findings.problems)
    nothing = Reading({}, (), item.findings)
    product, sent = item.part("product") or nothing, item.part("fulfillment") or nothing
    quantity = units(item, "quantityOrdered", _ITEM)
    sums = _sums(item, currency)
    packing = sent.part("packing")
    gift = packing.part("giftOption") if packing else None
    promotion, cancellation = item.part("promotion") or nothing, item.part("cancellation") or nothing
    shipped = min(quantity or 0, max(0, sent.whole("quantityFulfilled") or 0))
    made = Item(
        line_id=item.required("orderItemId", _ITEM),
        sku=product.text("sellerSku") or "",
        title=product.text("title"),
        asin=product.text("asin"),
        quantity=quantity or 0,
        shipped=shipped,
        cancelled=_cancelled(sent, cancellation, quantity or 0, shipped),
        price=sums.get("ITEM") or _by_unit(product, currency, quantity or 0),
        tax=_less(sums.get("TAX"), sums.get("TAX DISCOUNT")),
        discount=sums.get("DISCOUNT"),
        shipping=sums.get("SHIPPING"),
        shipping_tax=sums.get("TAX SHIPPING"),
        shipping_discount=sums.get("DISCOUNT SHIPPING"),
        gift_wrap=sums.get("GIFT_WRAP"),
        cod_fee=sums.get("COD_FEE"),
        other=sums.get("OTHER"),
        fee_tax=sums.get("TAX FEE"),
        fee_discount=sums.get("DISCOUNT FEE"),
        promotions=tuple(code for one in promotion.parts("breakdowns") if (code := one.text("promotionId"))),
        gift_message=gift.text("giftMessage") if gift else None,
        wrapped=gift.text("giftWrapLevel") if gift else None,
        asked_to_cancel=cancellation.part("cancellationRequest") is not None
        and cancellation.part("cancellationExecution") is None,
        attributes=tuple(_measured(item)),
    )
    return made if len(item.findings.problems) == before else None


def _cancelled(sent: Reading, cancellation: Reading, quantity: int, shipped: int) -> int:
    """Units that nobody will send: those neither sent nor still to be sent, where a cancellation was carried out."""
    if cancellation.part("cancellationExecution") is None:
        return 0
    return max(0, quantity - shipped - (sent.whole("quantityUnfulfilled") or 0))


def _measured(item: Reading) -> Iterable[Attribute]:
    measured = item.part("measurement")
    if measured is not None and measured.text("unit") not in (None, "COUNT"):
        yield Attribute(name="measured in", value=f"{measured.text('value')} {measured.told('unit')}")


def _by_unit(product: Reading, currency: str, quantity: int) -> Money | None:
    price = amount(product.part("price"), "unitPrice", currency, NAMES)
    return price * quantity if price is not None else None


def _sums(item: Reading, currency: str) -> dict[str, Money]:
    """What the item comes to by kind; taxes and discounts by what they are on, all on the item where nothing says."""
    found: dict[str, Money] = {}

    def add(kind: str, more: Money | None) -> None:
        if more is not None:
            found[kind] = found[kind] + more if kind in found else more

    proceeds = item.part("proceeds")
    for part in proceeds.parts("breakdowns") if proceeds else ():
        kind = part.text("type") or "OTHER"
        whole = amount(part, "subtotal", currency, NAMES, signed=True)
        details = list(part.parts("detailedBreakdowns")) if kind in {"TAX", "DISCOUNT"} else []
        if not details:
            add(kind, off(whole) if kind == "DISCOUNT" else whole)
        for detail in details:
            value = amount(detail, "value", currency, NAMES, signed=True)
            add(_kind(kind, detail.text("subtype") or "ITEM"), value if kind == "TAX" else off(value))
    return found


def _kind(kind: str, of: str) -> str:
    return {"ITEM": kind, "SHIPPING": f"{kind} SHIPPING", "DISCOUNT": f"{kind} DISCOUNT"}.get(of, f"{kind} FEE")


def _less(tax: Money | None, taken: Money | None) -> Money | None:
    return tax - less if tax is not None and (less := off(taken)) is not None else total((tax,))
