"""What holds of `capture` whatever comes in."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.declare import Payload, Unreadable
from orderloom.model import Order
from orderloom_nodes.capture import CapturedOrder, capture

from .capturing import captured, order, shopify

SAMPLES = Path(__file__).parents[2] / "flows" / "orderloom_flows" / "samples"
LINES = [json.loads(line) for line in (SAMPLES / "shopify-orders.jsonl").read_text(encoding="utf-8").splitlines()]
MOVED = shopify(
    id=3,
    transactions=[{"id": 1, "kind": "sale", "status": "success", "amount": "44.95", "payment_details": {}}],
    fulfillments=[{"id": 1, "status": "success", "line_items": [{"id": 11, "quantity": 1}]}],
    refunds=[
        {
            "id": 1,
            "refund_line_items": [{"line_item_id": 11, "quantity": 1, "restock_type": "return", "subtotal": "18.50"}],
            "order_adjustments": [{"amount": "-7.95"}],
            "transactions": [{"id": 2, "kind": "refund", "status": "success", "amount": "17.00", "currency": "EUR"}],
        }
    ],
    returns=[{"status": "open"}],
    payment_terms={"payment_terms_type": "net", "due_in_days": 30},
    payment_gateway_names=["manual"],
    current_total_price="26.45",
    location_id=5,
)
ABROAD = json.loads((SAMPLES / "shopify-order-international.json").read_text(encoding="utf-8"))["order"]
DOCUMENTS = [ABROAD, *LINES, MOVED]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**20),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 3)),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    st.sampled_from(
        [
            "1,5",
            "NaN",
            "-1",
            "1e9",
            "0001-01-01T00:00:00+14:00",
            "9" * 40,
            "x" * 300,
            "0.08249999999999999",
            "33.333333333333336",
            "-3",
        ]
    ),
    st.just([]),
    st.just({}),
    st.just([None, 1, "x", {}, []]),
    st.dictionaries(
        st.sampled_from(["id", "amount", "shop_money", "kind"]), st.none() | st.text(max_size=3), max_size=3
    ),
)
quick = settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, member in members for found in ((*path, name), *paths(member, (*path, name)))]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    document = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, 5))):
        path = draw(st.sampled_from(paths(document)))
        owner = document
        for step in path[:-1]:
            owner = owner[step]
        if draw(st.booleans()):
            owner[path[-1]] = copy.deepcopy(draw(JUNK))
        else:
            del owner[path[-1]]
    return document


def bugs(found: Unreadable) -> list[str]:
    """What the guard around each document has caught: it keeps the document, and here it must have nothing to do."""
    return [problem.message for problem in found.problems if problem.code == "V099"]


@quick
@given(mutated())
def test_a_spoilt_shopify_order_is_always_captured_or_told_and_never_a_traceback(document: dict[str, Any]) -> None:
    data = json.dumps({"orders": [document, shopify(id=2)]}).encode()

    found = list(capture(Payload(data, "p.json")))

    assert all(isinstance(one, CapturedOrder | Unreadable) for one in found)
    assert isinstance(found[-1], CapturedOrder)  # the other one still comes
    for one in found[:-1]:
        if isinstance(one, Unreadable):
            assert one.problems
            assert not bugs(one)
            assert all(problem.place.line == 1 and problem.code[0] in "VY" for problem in one.problems)
        else:
            assert Order.model_validate_json(one.order.model_dump_json(exclude_none=True)) == one.order


@quick
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "ignore")))
def test_whatever_bytes_come_in_nothing_is_raised(data: bytes) -> None:
    for one in capture(Payload(data, "p")):
        assert isinstance(one, Unreadable)
        assert not bugs(one)


@quick
@given(
    st.recursive(
        JUNK,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "order",
                        "orders",
                        "order_id",
                        "lines",
                        "line_items",
                        "id",
                        "totals",
                        "channel",
                        "refund",
                        "request",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ),
    st.sampled_from(["order", "return"]),
)
def test_whatever_json_comes_in_nothing_is_raised(value: Any, document: str) -> None:
    for one in capture(Payload(json.dumps(value).encode(), "p"), document=document):
        assert not isinstance(one, Unreadable) or (one.problems and not bugs(one))


@quick
@given(st.sampled_from(DOCUMENTS))
def test_wrapped_bare_and_listed_an_order_is_always_the_same(document: dict[str, Any]) -> None:
    bare = order(document)

    assert order({"order": document}) == order([document]) == order({"orders": [document]}) == bare
    assert [one.order for one in captured([document, document])] == [bare, bare]


@quick
@given(st.sampled_from(DOCUMENTS))
def test_our_own_dump_of_a_captured_order_is_always_captured_as_the_same(document: dict[str, Any]) -> None:
    found = order(document)

    assert order(found.model_dump_json(exclude_none=True).encode()) == found
