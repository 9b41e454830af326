"""An order of Amazon's Orders API v0 with its items in, the canonical order out.

Fields are those of the published model ordersV0.json (amzn/selling-partner-api-models, read November 2026). The API
answers the order and its items apart; both belong in one document, see `joined`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom import PassedOver
from orderloom.model import Channel, Money, Order, Party, Pickup, Promise, TaxId

from ...problems import Findings
from ...reading import Reading
from ..told import Names, amount, currency_of, off, the_lines, told_twice, total, units
from .address import V0, read_address
from .sale import Head, Item, order_of
from .standing import identity, moments
from .words import FULFILLMENT, PENDING, payment_of, service_level, words

NAMES = Names("Amount", "CurrencyCode")
_MAPPED = frozenset((
    "AmazonOrderId", "SellerOrderId", "PurchaseDate", "LastUpdateDate", "OrderStatus", "FulfillmentChannel",
    "SalesChannel", "ShipServiceLevel", "OrderTotal", "PaymentExecutionDetail", "PaymentMethod",
    "PaymentMethodDetails", "MarketplaceId", "ShipmentServiceLevelCategory", "LatestShipDate",
    "EarliestDeliveryDate", "LatestDeliveryDate", "IsReplacementOrder", "ReplacedOrderId", "ShippingAddress",
    "BuyerInfo", "BuyerEmail", "BuyerName", "PurchaseOrderNumber", "OrderItems", "IsPrime", "IsBusinessOrder",
    "IsPremiumOrder", "IsISPU", "IsAccessPointOrder", "NextToken",
))
_ITEM = frozenset(("ASIN", "OrderItemId", "SellerSKU", "Title", "QuantityOrdered", "QuantityShipped", "ItemPrice"))
_TAGS = {"IsPrime": "prime", "IsBusinessOrder": "business", "IsPremiumOrder": "premium"}


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | PassedOver | None:
    """The order; left out while Amazon keeps its prices back; None after findings."""
    read = Reading(data, (), findings)
    state = read.told("OrderStatus")
    if state in PENDING and not read.has("OrderTotal"):
        return PassedOver("pending at Amazon: what it costs is told when the payment is there")
    goods = _goods(read)
    currency = _currency(read, goods)
    items = [item for one in goods if (item := _item(one, currency)) is not None]
    told_twice(goods, "OrderItemId")
    head = _head(read, account, state, currency)
    return None if findings.problems or head is None else order_of(head, items)


def _goods(read: Reading) -> list[Reading]:
    if "OrderItems" in read.data:
        return the_lines(read, "OrderItems")
    mend = "put what getOrderItems answers beside the order, or into it as `OrderItems`"
    read.find("V010", "OrderItems", "`{}` is missing: the Orders API v0 tells them by themselves", mend)
    return []


def _currency(read: Reading, goods: list[Reading]) -> str:
    places: list[tuple[Reading | None, str]] = [(read, "OrderTotal"), *((item, "ItemPrice") for item in goods)]
    return currency_of(places, NAMES)


def _head(read: Reading, account: str, state: str, currency: str) -> Head | None:
    own_id = read.required("AmazonOrderId", _MAPPED)
    state_now = read.word("OrderStatus", FULFILLMENT, "status of Amazon")
    fields = _fields(read, account, own_id, state, currency)
    grand = amount(read, "OrderTotal", currency, NAMES, payable=True)
    if grand is None and state == "canceled":
        currency, grand = currency or "USD", Money.zero(currency or "USD")
    if grand is None and not read.has("OrderTotal"):
        read.missing("OrderTotal", _MAPPED)
    if grand is None or read.findings.problems:
        return None
    return Head(
        currency=currency,
        grand_total=grand,
        service=read.text("ShipServiceLevel"),
        is_cancelled=state == "canceled",
        marketplace=read.text("MarketplaceId"),
        fields=fields | {"fulfillment_status": state_now or "unfulfilled"},
        tags=tuple(tag for name, tag in _TAGS.items() if read.flag(name, False)),
    )


def _fields(read: Reading, account: str, own_id: str, state: str, currency: str) -> dict[str, Any]:
    ordered, updated = read.moment("PurchaseDate"), read.moment("LastUpdateDate")
    if ordered is None and not read.has("PurchaseDate"):
        read.missing("PurchaseDate", _MAPPED)
    about = read.part("BuyerInfo") or Reading({}, (), read.findings)
    replaced = read.text("ReplacedOrderId")
    merchant = read.told("FulfillmentChannel") != "afn"
    methods = [read.text("PaymentMethod") or "", *words(read, "PaymentMethodDetails")]
    executions = list(read.parts("PaymentExecutionDetail"))
    cancelled = state == "canceled"
    return {
        **identity(read, account, own_id, _MAPPED, seller=read.text("SellerOrderId"), replaced=replaced),
        **moments(ordered, updated, cancelled),
        "channel": Channel(
            type="amazon",
            account_id=account,
            marketplace_id=read.text("MarketplaceId"),
            source=read.text("SalesChannel"),
            fulfilled_by="merchant" if merchant else "marketplace",
        ),
        "purchase_order_number": about.text("PurchaseOrderNumber") or read.text("PurchaseOrderNumber"),
        "order_type": "replacement" if read.flag("IsReplacementOrder", False) or replaced else "sale",
        "customer": _buyer(read, about),
        "shipping_address": read_address(
            read.part("ShippingAddress"), V0, access_point=read.flag("IsAccessPointOrder", False)
        ),
        "pickup": Pickup() if read.flag("IsISPU", False) else None,
        "payment": payment_of(
            state, methods, executions, own_id, ordered, currency, ("Payment", "PaymentMethod", NAMES)
        ),
        "promise": _promise(read),
    }


def _buyer(read: Reading, about: Reading) -> Party | None:
    email = about.text("BuyerEmail") or read.text("BuyerEmail")
    name = about.text("BuyerName") or read.text("BuyerName")
    taxed = about.part("BuyerTaxInfo")
    company = taxed.text("CompanyLegalName") if taxed else None
    numbers = list(taxed.parts("TaxClassifications")) if taxed else []
    if not email and not name and not company:
        return None
    return Party(
        last_name=name,
        email=email,
        company=company,
        tax_ids=tuple(TaxId(scheme=one.text("Name"), value=value) for one in numbers if (value := one.text("Value"))),
    )


def _promise(read: Reading) -> Promise | None:
    found = {
        "ship_by": read.moment("LatestShipDate"),
        "earliest_delivery": read.moment("EarliestDeliveryDate"),
        "latest_delivery": read.moment("LatestDeliveryDate"),
        "service_level": service_level(read.text("ShipmentServiceLevelCategory")),
    }
    return Promise(**found, source="marketplace") if any(found.values()) else None


def _item(item: Reading, currency: str) -> Item | None:
    before = len(item.findings.problems)
    quantity, about = units(item, "QuantityOrdered", _ITEM), item.part("BuyerInfo") or item
    asked = item.part("BuyerRequestedCancel")
    collected = item.part("TaxCollection")

    def money(name: str, *, of: Reading = item) -> Money | None:
        return amount(of, name, currency, NAMES)

    made = Item(
        line_id=item.required("OrderItemId", _ITEM),
        sku=item.text("SellerSKU") or "",
        title=item.text("Title"),
        asin=item.text("ASIN"),
        quantity=quantity or 0,
        shipped=min(quantity or 0, max(0, item.whole("QuantityShipped") or 0)),
        price=money("ItemPrice"),
        tax=_less(money("ItemTax"), money("PromotionDiscountTax")),
        discount=off(money("PromotionDiscount")),
        shipping=money("ShippingPrice"),
        shipping_tax=_less(money("ShippingTax"), money("ShippingDiscountTax")),
        shipping_discount=off(money("ShippingDiscount")),
        gift_wrap=money("GiftWrapPrice", of=about) or money("GiftWrapPrice"),
        cod_fee=money("CODFee"),
        fee_tax=money("GiftWrapTax", of=about) or money("GiftWrapTax"),
        fee_discount=off(money("CODFeeDiscount")),
        promotions=tuple(words(item, "PromotionIds")),
        gift_message=about.text("GiftMessageText") or item.text("GiftMessageText"),
        wrapped=about.text("GiftWrapLevel") or item.text("GiftWrapLevel"),
        asked_to_cancel=asked is not None and asked.flag("IsBuyerRequestedCancel", False),
        tax_collector=_collector(collected),
    )
    return made if len(item.findings.problems) == before else None


def _less(tax: Money | None, taken: Money | None) -> Money | None:
    """The tax after what a promotion takes off it."""
    return tax - off_ if tax is not None and (off_ := off(taken)) is not None else total((tax,))


def _collector(collected: Reading | None) -> str | None:
    if collected is None or collected.told("Model") != "marketplacefacilitator":
        return None
    return collected.text("ResponsibleParty") or "Amazon"
