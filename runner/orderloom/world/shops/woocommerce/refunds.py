"""Money to give back in; the shop's refund out: made once, known again by `_orderloom_key` or by its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from orderloom.model import Order, Refund, Transaction, minor_unit
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shops.answers import mark, own_number, own_order
from orderloom.world.shops.woocommerce.store import RefusedError, Store, meta

FIELD = "_orderloom_key"


def refund(store: Store, order: Order, wanted: Refund, lines: Mapping[str, int], key: str) -> Transaction:
    """Raises `ConnectionFailedError`; what the shop or its gateway refuses is a transaction of status `failure`."""
    number = own_order(order, "woocommerce")
    made = _made(store, number, key)
    if made is None:
        try:
            made = _create(store, number, wanted, lines, key)
        except RefusedError as error:
            return _told(wanted, key, f"refused-{key[:24]}", "failure", str(error))
    if not made.get("refunded_payment"):
        message = f"refund {made['id']} of order {number} stands in the shop without word that its gateway paid"
        raise ConnectionFailedError("refused", f"{message}: look there", in_doubt=True)
    return _told(wanted, key, str(made["id"]), "success")


def _made(store: Store, number: int, key: str) -> Mapping[str, Any] | None:
    """What an earlier attempt made. Its reason is there from the beginning, its field a moment later."""
    known = store.every("orders/{order}/refunds", order=number)
    return next((one for one in known if meta(one, FIELD) == key or mark(key) in str(one.get("reason"))), None)


def _create(store: Store, number: int, wanted: Refund, lines: Mapping[str, int], key: str) -> Mapping[str, Any]:
    at = store.order(number)
    if at["currency"] != wanted.amount.currency:
        message = f"order {number} is in {at['currency']} in the shop: {wanted.amount} cannot go back for it"
        raise ConnectionFailedError("invalid", message)
    body = {
        "amount": f"{wanted.amount.rounded().amount:f}",
        "reason": mark(key),
        "meta_data": [{"key": FIELD, "value": key}],
        "line_items": _lines(at, wanted, lines),
        "api_refund": True,
        "api_restock": False,  # a step of the flow does
    }
    found = store.post("orders/{order}/refunds", body, key, order=number)
    return dict(found)


def _lines(at: Mapping[str, Any], wanted: Refund, lines: Mapping[str, int]) -> list[dict[str, Any]]:
    """What comes back, with what was paid for it; without sums where more was paid than goes back (a fee is kept)."""
    unit = minor_unit(at["currency"])
    sold = {line["id"]: line for line in at["line_items"]}
    found = [(sold.get(own_number(line, "line")), units) for line, units in lines.items()]
    shares = [_share(line, units, unit) for line, units in found if line is not None and line["quantity"]]
    if sum((part for share in shares for part in _sums(share)), Decimal(0)) > wanted.amount.amount:
        return [{"id": share["id"], "quantity": share["quantity"], "refund_total": "0"} for share in shares]
    return shares


def _share(line: Mapping[str, Any], units: int, unit: Decimal) -> dict[str, Any]:
    part = Decimal(units) / Decimal(line["quantity"])

    def of(sum_: object) -> str:
        return f"{(Decimal(str(sum_ or 0)) * part).quantize(unit, ROUND_HALF_EVEN):f}"

    taxes = [{"id": tax["id"], "refund_total": of(tax["total"])} for tax in line.get("taxes") or ()]
    return {"id": line["id"], "quantity": units, "refund_total": of(line["total"]), "refund_tax": taxes}


def _sums(share: Mapping[str, Any]) -> Iterator[Decimal]:
    yield Decimal(share["refund_total"])
    yield from (Decimal(tax["refund_total"]) for tax in share["refund_tax"])


def _told(
    wanted: Refund, key: str, number: str, status: Literal["success", "failure"], why: str | None = None
) -> Transaction:
    return Transaction(
        transaction_id=f"woocommerce-refund-{number}"[:128], kind="refund", status=status, gateway="woocommerce",
        amount=wanted.amount, idempotency_key=key, decline_code=why,
    )
