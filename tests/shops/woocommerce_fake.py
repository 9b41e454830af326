"""A WooCommerce on loopback: it holds requests to the published shapes and keeps what was done to its orders."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from tests.shops.faults import Faulty
from tests.world.serving import Answer, Asked, Served, said, serving

KEY, SECRET = "ck_0123456789abcdef", "cs_0123456789abcdef"
_SIGNED = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
_STATUSES = {"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "trash"}
_AMOUNT = re.compile(r"\d+\.\d\d")


class Unwilling(Exception):
    """An answer in WordPress's form: code, words, status."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        self.code, self.words, self.status = code, words, status


def _order() -> dict[str, Any]:
    return {
        "id": 727, "number": "727", "status": "processing", "currency": "USD", "total": "19.35",
        "meta_data": [{"id": 13106, "key": "_download_permissions_granted", "value": "yes"}],
        "line_items": [
            {"id": 315, "quantity": 2, "total": "6.00", "total_tax": "0.45",
             "taxes": [{"id": 75, "total": "0.45", "subtotal": "0.45"}]},
            {"id": 316, "quantity": 1, "total": "12.00", "total_tax": "0.90",
             "taxes": [{"id": 75, "total": "0.9", "subtotal": "0.9"}]},
        ],
    }


@dataclass
class FakeWooCommerce:
    """One shop with one order. `gateway`: whether it can give money back; `silent`: it dies before it says so."""

    gateway: bool = True
    silent: bool = False
    order: dict[str, Any] = field(default_factory=_order)
    notes: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)  # every change of status: each sends the customer a mail
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    next: int = 800

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != _SIGNED:
            return said({"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}, 401)
        path, _, query = asked.target.partition("?")
        body = asked.json() if asked.body else None
        self.asked.append((asked.method, path, body))
        try:
            return self._answer(asked.method, path.removeprefix("/wp-json/wc/v3/"), parse_qs(query), body)
        except Unwilling as error:
            told = {"code": error.code, "message": error.words, "data": {"status": error.status}}
            return said(told, error.status)

    def _answer(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> Answer:
        if (method, path) == ("GET", "orders"):
            return said([self.order])
        number, _, rest = path.removeprefix("orders/").partition("/")
        if number != str(self.order["id"]):
            raise Unwilling("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        routes = {
            ("GET", ""): lambda: said(self.order),
            ("PUT", ""): lambda: said(self._put(body)),
            ("GET", "notes"): lambda: said([one for one in self.notes if query.get("type") == ["internal"]]),
            ("POST", "notes"): lambda: said(self._note(body), 201),
            ("GET", "refunds"): lambda: said(self._page(self.refunds, query)),
            ("POST", "refunds"): lambda: said(self._refund(body), 201),
        }
        if (method, rest) not in routes:
            raise Unwilling("rest_no_route", "No route was found matching the URL and request method.", 404)
        return routes[method, rest]()

    def _page(self, members: list[Any], query: Mapping[str, list[str]]) -> list[Any]:
        per_page, page = int(query["per_page"][0]), int(query["page"][0])
        _fit(1 <= per_page <= 100, "per_page")
        return members[(page - 1) * per_page : page * per_page]

    def _put(self, body: Any) -> dict[str, Any]:
        _keys(body, set(), {"status", "meta_data"})
        status = body.get("status", self.order["status"])
        _fit(status in _STATUSES, "status")
        for one in body.get("meta_data", []):
            _keys(one, {"key", "value"}, {"id"})
            known = [field for field in self.order["meta_data"] if field["id"] == one.get("id")]
            _fit(bool(known) or "id" not in one, "meta_data")
            same = known or [field for field in self.order["meta_data"] if field["key"] == one["key"]]
            if same:
                same[0].update(value=one["value"])
            else:
                self.order["meta_data"].append({"id": self._number(), **one})
        if status != self.order["status"]:
            self.changes.append(status)
        self.order["status"] = status
        return self.order

    def _note(self, body: Any) -> dict[str, Any]:
        _keys(body, {"note", "customer_note"}, {"added_by_user"})
        _fit(isinstance(body["note"], str) and bool(body["note"]), "note")
        _fit(body["customer_note"] is False, "customer_note")
        self.notes.append({"id": self._number(), "author": "system", **body})
        return self.notes[-1]

    def _refund(self, body: Any) -> dict[str, Any]:
        _keys(body, {"amount", "api_refund", "api_restock"}, {"reason", "meta_data", "line_items"})
        _fit(isinstance(body["amount"], str) and bool(_AMOUNT.fullmatch(body["amount"])), "amount")
        _fit(body["api_refund"] is True and body["api_restock"] is False, "api_refund")
        for one in body["meta_data"]:
            _keys(one, {"key", "value"}, set())
        self._check_lines(body)
        back = sum((Decimal(one["amount"]) for one in self.refunds), Decimal(0))
        if not 0 < Decimal(body["amount"]) <= Decimal(self.order["total"]) - back:
            raise Unwilling("woocommerce_rest_cannot_create_order_refund", "Invalid refund amount.", 500)
        if not self.gateway:
            words = "The payment gateway for this order does not support automatic refunds."
            raise Unwilling("woocommerce_rest_cannot_create_order_refund", words, 500)
        made = {
            "id": self._number(), "amount": body["amount"], "reason": body["reason"],
            "refunded_payment": not self.silent, "meta_data": [] if self.silent else body["meta_data"],
            "line_items": body["line_items"],
        }
        self.refunds.append(made)
        if self.silent:
            raise Unwilling("internal_server_error", "There has been a critical error on this website.", 500)
        return made

    def _check_lines(self, body: Any) -> None:
        sold = {line["id"]: line for line in self.order["line_items"]}
        total = Decimal(0)
        for one in body["line_items"]:
            _keys(one, {"id", "quantity", "refund_total"}, {"refund_tax"})
            _fit(one["id"] in sold and 0 < one["quantity"] <= sold[one["id"]]["quantity"], "line_items")
            total += Decimal(one["refund_total"])
            for tax in one.get("refund_tax", []):
                _keys(tax, {"id", "refund_total"}, set())
                _fit(tax["id"] in {known["id"] for known in sold[one["id"]]["taxes"]}, "refund_tax")
                total += Decimal(tax["refund_total"])
        _fit(total <= Decimal(body["amount"]), "line_items")

    def _number(self) -> int:
        self.next += 1
        return self.next

    def meta(self, name: str) -> list[Any]:
        return [one["value"] for one in self.order["meta_data"] if one["key"].startswith(name)]


def _keys(thing: Any, required: set[str], more: set[str]) -> None:
    _fit(isinstance(thing, dict) and required <= set(thing) <= required | more, str(sorted(thing)))


def _fit(fits: bool, name: str) -> None:
    if not fits:
        raise Unwilling("rest_invalid_param", f"Invalid parameter(s): {name}")


@contextmanager
def woocommerce(**settings: Any) -> Iterator[tuple[FakeWooCommerce, Faulty, Served]]:
    shop = FakeWooCommerce(**settings)
    faulty = Faulty(shop)
    with serving(faulty) as served:
        yield shop, faulty, served
