"""Shopify's refunds and returns as canonical returns: which lines come back, and what was given back for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import PassedOver
from orderloom.model import Return
from tests.nodes.capturing import captured, codes


def refund(**changes: Any) -> dict[str, Any]:
    return {
        "id": 509562969,
        "order_id": 450789469,
        "created_at": "2026-03-09T13:35:06-04:00",
        "note": "it broke",
        "refund_line_items": [
            {
                "id": 1,
                "line_item_id": 11,
                "quantity": 1,
                "restock_type": "return",
                "line_item": {"id": 11, "sku": "MUG"},
            }
        ],
        "transactions": [
            {"id": 7, "parent_id": 5, "kind": "refund", "status": "success", "amount": "18.50", "currency": "USD"}
        ],
        **changes,
    }


def the_return(document: Any) -> Return:
    [found] = captured(document, document="return")
    assert isinstance(found.request, Return)
    return found.request


@pytest.mark.parametrize("payload", [refund(), {"refund": refund()}, {"refunds": [refund()]}])
def test_a_refund_of_goods_is_a_closed_return_with_what_went_back(payload: Any) -> None:
    found = the_return(payload)

    assert (found.return_id, found.order_id, found.status) == (
        "shopify:main:509562969",
        "shopify:main:450789469",
        "closed",
    )
    assert [(line.line_id, line.sku, line.quantity, line.disposition) for line in found.lines] == [
        ("11", "MUG", 1, "restock")
    ]
    assert found.refund is not None
    assert (str(found.refund.amount), found.refund.status) == ("18.50 USD", "success")
    assert [one.transaction_id for one in found.refund.allocations] == ["5"]


def test_a_refund_of_money_alone_is_left_out_with_the_reason() -> None:
    [found] = captured(refund(refund_line_items=[]), document="return")

    assert isinstance(found, PassedOver)


@pytest.mark.parametrize(("status", "ours"), [("pending", "pending"), ("failure", "failure"), ("success", "success")])
def test_money_that_has_not_moved_is_not_said_to_have(status: str, ours: str) -> None:
    moved = {**refund()["transactions"][0], "status": status}

    given = the_return(refund(transactions=[moved])).refund

    assert given is not None
    assert given.status == ours


def test_two_transactions_add_up() -> None:
    one = refund()["transactions"][0]

    given = the_return(refund(transactions=[one, {**one, "id": 8, "parent_id": 6, "amount": "1.50"}])).refund

    assert given is not None
    assert (str(given.amount), len(given.allocations)) == ("20.00 USD", 2)


def requested(**changes: Any) -> dict[str, Any]:
    line = {
        "id": 3,
        "quantity": 2,
        "return_reason": "SIZE_TOO_SMALL",
        "customer_note": "tight",
        "fulfillment_line_item": {"id": 4, "line_item": {"id": 11, "sku": "SHIRT"}},
    }
    return {
        "id": 88,
        "name": "#1001-R1",
        "status": "REQUESTED",
        "order": {"id": 450789469},
        "created_at": "2026-03-09T10:00:00Z",
        "return_line_items": [line],
        **changes,
    }


def test_a_return_that_a_customer_asks_for_names_lines_and_reasons() -> None:
    found = the_return(requested())

    assert (found.rma_number, found.status, found.order_id) == ("#1001-R1", "requested", "shopify:main:450789469")
    assert [(line.line_id, line.quantity, line.reason, line.customer_note) for line in found.lines] == [
        ("11", 2, "too_small", "tight")
    ]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (refund(id=None), "V010"),
        (refund(order_id=None), "V010"),
        (refund(created_at="2026-02-30T10:00:00Z"), "V017"),
        (refund(refund_line_items=[{"line_item_id": 1, "quantity": 0}]), "V018"),
        (refund(refund_line_items=[{"quantity": 1}]), "V010"),
        (requested(return_line_items=[]), "V019"),
        (requested(status="lost"), "V022"),
    ],
)
def test_what_is_wrong_is_told(document: dict[str, Any], code: str) -> None:
    assert code in codes(document, document="return")


def test_the_sample_of_shopifys_library_is_read(shared: Path) -> None:
    found = the_return((shared / "data/shopify/refund.json").read_bytes())

    assert [line.sku for line in found.lines] == ["IPOD2008BLACK", "IPOD2008GREEN"]
    assert found.refund is not None
    assert str(found.refund.amount) == "209.00 USD"
