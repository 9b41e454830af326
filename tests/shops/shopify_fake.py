"""A Shopify on loopback: it holds requests to the published schema and keeps what was done to its orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.shops.faults import Faulty
from tests.shops.graphql import BadRequest, Field, operation, schema
from tests.world.serving import Answer, Asked, Served, said, serving

TOKEN = "shpat_0123456789abcdef"
PATH = "/admin/api/2026-07/graphql.json"

# The parts that matter here of the Admin API's schema, version 2026-07 (shopify.dev, read 2026-11-23).
SCHEMA = schema(
    """
    type Query {
      shop: Shop!  order(id: ID!): Order  fulfillment(id: ID!): Fulfillment  job(id: ID!): Job
      fulfillmentOrder(id: ID!): FulfillmentOrder  refund(id: ID!): Refund
    }
    type Mutation {
      fulfillmentCreate(fulfillment: FulfillmentInput! message: String): FulfillmentCreatePayload
      orderCancel(
        notifyCustomer: Boolean orderId: ID! reason: OrderCancelReason! refundMethod: OrderCancelRefundMethodInput!
        restock: Boolean! staffNote: String
      ): OrderCancelPayload
      refundCreate(input: RefundInput!): RefundCreatePayload
    }
    type Shop { name: String! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type Order {
      id: ID!  cancelledAt: DateTime  presentmentCurrencyCode: CurrencyCode!
      fulfillments(first: Int): [Fulfillment!]!  refunds(first: Int): [Refund!]!
      transactions(first: Int): [OrderTransaction!]!
      fulfillmentOrders(first: Int after: String): FulfillmentOrderConnection!
    }
    type FulfillmentOrderConnection { nodes: [FulfillmentOrder!]! pageInfo: PageInfo! }
    type FulfillmentOrder {
      id: ID!  status: FulfillmentOrderStatus!  assignedLocation: FulfillmentOrderAssignedLocation!
      lineItems(first: Int after: String): FulfillmentOrderLineItemConnection!
    }
    enum FulfillmentOrderStatus { CANCELLED CLOSED INCOMPLETE IN_PROGRESS ON_HOLD OPEN SCHEDULED }
    type FulfillmentOrderAssignedLocation { location: Location }
    type Location { id: ID! }
    type FulfillmentOrderLineItemConnection { nodes: [FulfillmentOrderLineItem!]! pageInfo: PageInfo! }
    type FulfillmentOrderLineItem { id: ID!  remainingQuantity: Int!  lineItem: LineItem! }
    type LineItem { id: ID! }
    type Fulfillment {
      id: ID!  status: FulfillmentStatus!  trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
      fulfillmentLineItems(first: Int after: String): FulfillmentLineItemConnection!
    }
    enum FulfillmentStatus { CANCELLED ERROR FAILURE SUCCESS }
    type FulfillmentTrackingInfo { company: String number: String url: URL }
    type FulfillmentLineItemConnection { nodes: [FulfillmentLineItem!]! pageInfo: PageInfo! }
    type FulfillmentLineItem { id: ID! quantity: Int lineItem: LineItem! }
    type UserError { field: [String!] message: String! }
    type FulfillmentCreatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
    type OrderCancelPayload { job: Job orderCancelUserErrors: [OrderCancelUserError!]! userErrors: [UserError!]! }
    type OrderCancelUserError { field: [String!] message: String! code: OrderCancelUserErrorCode }
    enum OrderCancelUserErrorCode { INVALID NOT_FOUND NO_REFUND_PERMISSION INTERNAL_ERROR }
    type Job { id: ID! done: Boolean! }
    type RefundCreatePayload { order: Order refund: Refund userErrors: [UserError!]! }
    type Refund { id: ID note: String transactions(first: Int after: String): OrderTransactionConnection! }
    type OrderTransactionConnection { nodes: [OrderTransaction!]! pageInfo: PageInfo! }
    type OrderTransaction {
      id: ID!  kind: OrderTransactionKind!  status: OrderTransactionStatus!  gateway: String
      amountSet: MoneyBag!  parentTransaction: OrderTransaction
    }
    enum OrderTransactionKind { AUTHORIZATION CAPTURE CHANGE EMV_AUTHORIZATION REFUND SALE SUGGESTED_REFUND VOID }
    enum OrderTransactionStatus { AWAITING_RESPONSE ERROR FAILURE PENDING SUCCESS UNKNOWN }
    type MoneyBag { presentmentMoney: MoneyV2! shopMoney: MoneyV2! }
    type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
    enum CurrencyCode { EUR JPY KWD USD }
    enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
    enum RestockType { CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }
    input OrderCancelRefundMethodInput { originalPaymentMethodsRefund: Boolean }
    input FulfillmentInput {
      lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]!
      notifyCustomer: Boolean  trackingInfo: FulfillmentTrackingInput
    }
    input FulfillmentOrderLineItemsInput {
      fulfillmentOrderId: ID!  fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!]
    }
    input FulfillmentOrderLineItemInput { id: ID! quantity: Int! }
    input FulfillmentTrackingInput { company: String number: String numbers: [String!] url: URL urls: [URL!] }
    input RefundInput {
      allowOverRefunding: Boolean  currency: CurrencyCode  note: String  notify: Boolean  orderId: ID!
      refundLineItems: [RefundLineItemInput!]  transactions: [OrderTransactionInput!]
    }
    input RefundLineItemInput { lineItemId: ID! locationId: ID quantity: Int! restockType: RestockType }
    input OrderTransactionInput {
      amount: Money!  gateway: String!  kind: OrderTransactionKind!  orderId: ID!  parentId: ID
    }
    """,
    {"refundCreate": {"idempotent": Field("String!")}},
)


@dataclass
class FakeShopify:
    """One shop with one order. `page`: members of a list that come at once; `slow`: requests until a job is done."""

    page: int = 1
    slow: int = 2
    refund_status: str = "SUCCESS"
    throttled: int = 0
    denied: bool = False
    job_fails: bool = False
    order: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)  # every change that was made, by its mutation
    inputs: list[Any] = field(default_factory=list)
    known: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    polls: int = 0
    next: int = 9000

    def __post_init__(self) -> None:
        self.order = self.order or {
            "id": gid("Order", 450789469), "cancelledAt": None, "presentmentCurrencyCode": "USD",
            "fulfillments": [], "refunds": [],
            "transactions": [_sale(389404469, "300.00"), _sale(389404470, "109.94")],
            "fulfillmentOrders": [
                _held(1, 10, {466157049: 2, 518995019: 1}), _held(2, 20, {703073504: 3}),
            ],
        }

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("x-shopify-access-token") != TOKEN:
            return said({"errors": "[API] Invalid API key or access token"}, 401)
        if asked.method != "POST" or asked.target != PATH or asked.headers.get("content-type") != "application/json":
            return said({"errors": "Not Found"}, 404)
        self._time_passes()
        if self.throttled:
            self.throttled -= 1
            return said(_THROTTLED)
        try:
            wanted = operation(SCHEMA, asked.json())
            if self.denied:
                return said({"errors": [{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}]})
            return said({"data": wanted.run(self._root, self.page), "extensions": {"cost": {"requestedQueryCost": 10}}})
        except BadRequest as error:
            return said({"errors": [{"message": str(error)}]})

    def _root(self, name: str, arguments: Mapping[str, Any], directives: Mapping[str, Any]) -> Any:
        if name == "shop":
            return {"name": "A shop"}
        if name == "job":
            return self._job(arguments["id"])
        if name in {"order", "fulfillment", "fulfillmentOrder", "refund"}:
            return self._found(arguments["id"])
        self.inputs.append(dict(arguments))
        change = {"fulfillmentCreate": self._fulfil, "orderCancel": self._cancel, "refundCreate": self._refund}[name]
        try:
            return change(arguments, directives) | {"userErrors": [], "orderCancelUserErrors": []}
        except Unwilling as error:
            errors = [{"field": ["input"], "message": str(error), "code": "INVALID"}]
            return {
                "fulfillment": None, "job": None, "refund": None, "order": None,
                "userErrors": [] if name == "orderCancel" else errors,
                "orderCancelUserErrors": errors if name == "orderCancel" else [],
            }

    def _found(self, wanted: str) -> Any:
        every = [self.order, *self.order["fulfillments"], *self.order["fulfillmentOrders"], *self.order["refunds"]]
        return next((one for one in every if one["id"] == wanted), None)

    def _fulfil(self, arguments: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
        said_ = arguments["fulfillment"]
        taken = []
        locations = set()
        for part in said_["lineItemsByFulfillmentOrder"]:
            held = self._found(part["fulfillmentOrderId"])
            if held is None or held["status"] not in {"OPEN", "IN_PROGRESS"}:
                raise Unwilling("Fulfillment order is not open.")
            locations.add(held["assignedLocation"]["location"]["id"])
            for line in part["fulfillmentOrderLineItems"]:
                known = next((one for one in held["lineItems"] if one["id"] == line["id"]), None)
                if known is None or not 0 < line["quantity"] <= known["remainingQuantity"]:
                    raise Unwilling("Invalid fulfillment order line item quantity requested.")
                taken.append((held, known, line["quantity"]))
        if len(locations) != 1:
            raise Unwilling("All fulfillment orders must be assigned to the same location.")
        for held, known, units in taken:
            known["remainingQuantity"] -= units
            if not any(one["remainingQuantity"] for one in held["lineItems"]):
                held["status"] = "CLOSED"
        tracking = said_.get("trackingInfo") or {}
        made = {
            "id": gid("Fulfillment", self._number()), "status": "SUCCESS",
            "trackingInfo": [{"number": number, "company": tracking.get("company"), "url": None}
                             for number in tracking.get("numbers", [])],
            "fulfillmentLineItems": [{"id": gid("FulfillmentLineItem", self._number()), "quantity": units,
                                      "lineItem": known["lineItem"]} for _, known, units in taken],
        }
        self.order["fulfillments"].append(made)
        self.done.append("fulfillmentCreate")
        return {"fulfillment": made}

    def _cancel(self, arguments: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
        if arguments["orderId"] != self.order["id"]:
            raise Unwilling("Order does not exist")
        if self.order["cancelledAt"] or self.polls:
            raise Unwilling("Order has already been cancelled")
        if self.order["fulfillments"]:
            raise Unwilling("Cannot cancel a fulfilled order")
        self.polls = 1
        self.done.append("orderCancel")
        return {"job": {"id": gid("Job", 1), "done": False}}

    def _time_passes(self) -> None:
        """A request is a moment: what was begun goes on by itself."""
        self.polls += 1 if self.polls else 0
        if self.polls > self.slow and not self.job_fails:
            self.order["cancelledAt"] = "2026-03-10T12:00:00Z"

    def _job(self, wanted: str) -> Any:
        if not self.polls or wanted != gid("Job", 1):
            return None
        return {"id": wanted, "done": self.polls > self.slow}

    def _refund(self, arguments: Mapping[str, Any], directives: Mapping[str, Any]) -> dict[str, Any]:
        if "idempotent" not in directives:
            raise BadRequest("The @idempotent directive is required for this mutation")
        wanted, key = arguments["input"], directives["idempotent"]["key"]
        if key in self.known:
            before, made = self.known[key]
            if before != wanted:
                raise BadRequest("the idempotency key was used with other arguments")
            return {"refund": made, "order": self.order}
        if wanted["orderId"] != self.order["id"] or wanted["currency"] != self.order["presentmentCurrencyCode"]:
            raise Unwilling("Order or currency is not that of the refund")
        moved = [self._moved(one) for one in wanted["transactions"]]
        lines = {one["lineItem"]["id"] for held in self.order["fulfillmentOrders"] for one in held["lineItems"]}
        if any(line["lineItemId"] not in lines or line["quantity"] < 1 for line in wanted["refundLineItems"]):
            raise Unwilling("Line item does not belong to the order")
        self.order["transactions"].extend(moved)
        made = {"id": gid("Refund", self._number()), "note": wanted.get("note"), "transactions": moved}
        self.order["refunds"].append(made)
        self.known[key] = (wanted, made)
        self.done.append("refundCreate")
        return {"refund": made, "order": self.order}

    def _moved(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        parent = next((one for one in self.order["transactions"] if one["id"] == wanted.get("parentId")), None)
        if parent is None or wanted["kind"] != "REFUND" or wanted["gateway"] != parent["gateway"]:
            raise Unwilling("Transaction has no parent that can be refunded")
        back = sum(
            (_amount(one) for one in self.order["transactions"] if one["parentTransaction"] is parent), Decimal(0)
        )
        if not 0 < Decimal(wanted["amount"]) <= _amount(parent) - back:
            raise Unwilling("Transactions: cannot refund more than was paid")
        return _transaction(self._number(), "REFUND", wanted["amount"], parent) | {"status": self.refund_status}

    def _number(self) -> int:
        self.next += 1
        return self.next

    @property
    def given_back(self) -> Decimal:
        return sum((_amount(one) for one in self.order["transactions"] if one["kind"] == "REFUND"), Decimal(0))


class Unwilling(Exception):
    """A userError."""


_THROTTLED = {
    "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
    "extensions": {
        "cost": {
            "requestedQueryCost": 752, "actualQueryCost": None,
            "throttleStatus": {"maximumAvailable": 1000.0, "currentlyAvailable": 652, "restoreRate": 50.0},
        }
    },
}


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def _held(number: int, location: int, lines: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": gid("FulfillmentOrder", number), "status": "OPEN",
        "assignedLocation": {"location": {"id": gid("Location", location)}},
        "lineItems": [
            {"id": gid("FulfillmentOrderLineItem", line * 10 + number), "remainingQuantity": units,
             "lineItem": {"id": gid("LineItem", line)}}
            for line, units in lines.items()
        ],
    }


def _sale(number: int, amount: str) -> dict[str, Any]:
    return _transaction(number, "SALE", amount, None)


def _transaction(number: int, kind: str, amount: str, parent: Any) -> dict[str, Any]:
    return {
        "id": gid("OrderTransaction", number), "kind": kind, "status": "SUCCESS", "gateway": "bogus",
        "amountSet": {"presentmentMoney": {"amount": amount, "currencyCode": "USD"}}, "parentTransaction": parent,
    }


def _amount(one: Mapping[str, Any]) -> Decimal:
    return Decimal(one["amountSet"]["presentmentMoney"]["amount"])


@contextmanager
def shopify(**settings: Any) -> Iterator[tuple[FakeShopify, Faulty, Served]]:
    shop = FakeShopify(**settings)
    faulty = Faulty(shop)
    with serving(faulty) as served:
        yield shop, faulty, served
