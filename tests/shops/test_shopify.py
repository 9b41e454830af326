"""Shopify is told once what became of an order, in the shapes that it publishes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.http import Base, HttpService
from orderloom.world.secrets import Secret
from orderloom.world.shops.shopify import Shopify
from tests.shops.faults import FAULTS, Faulty, until_done
from tests.shops.orders import back, order, parcel
from tests.shops.shopify_fake import TOKEN, FakeShopify, gid, shopify
from tests.world.serving import Served

KEY = "0123456789abcdef0123456789abcdef"
Shops = tuple[FakeShopify, Faulty, Shopify]


def client(served: Served, token: str = TOKEN) -> Shopify:
    base = Base.parse(f"{served.base}/admin/api/2026-07")
    http = HttpService(base, secret_headers={"X-Shopify-Access-Token": Secret(token)}, private=True)
    return Shopify(http, pause=lambda _: None)


@pytest.fixture
def shops() -> Iterator[Shops]:
    with shopify() as (fake, faulty, served):
        yield fake, faulty, client(served)


def test_a_parcel_becomes_a_fulfilment_with_its_carrier_and_number(shops: Shops) -> None:
    fake, _, shop = shops

    made = shop.fulfil(order("shopify"), parcel("shopify", {"466157049": 1}), KEY)

    [fulfilment] = fake.order["fulfillments"]
    assert gid("Fulfillment", int(made)) == fulfilment["id"]
    assert fulfilment["trackingInfo"] == [{"number": "1Z999AA1", "company": "UPS", "url": None}]
    assert [line["quantity"] for line in fulfilment["fulfillmentLineItems"]] == [1]
    assert fake.inputs[0]["fulfillment"]["notifyCustomer"] is False


def test_lines_of_two_locations_become_two_fulfilments(shops: Shops) -> None:
    fake, _, shop = shops

    made = shop.fulfil(order("shopify"), parcel("shopify"), KEY)

    assert len(made.split(",")) == len(fake.order["fulfillments"]) == 2
    assert {held["status"] for held in fake.order["fulfillmentOrders"]} == {"CLOSED"}


def test_the_same_parcel_again_makes_no_other_fulfilment(shops: Shops) -> None:
    fake, _, shop = shops
    first = shop.fulfil(order("shopify"), parcel("shopify"), KEY)

    assert shop.fulfil(order("shopify"), parcel("shopify"), KEY) == first
    assert fake.done == ["fulfillmentCreate", "fulfillmentCreate"]


def test_a_second_parcel_of_the_same_line_is_another_fulfilment(shops: Shops) -> None:
    fake, _, shop = shops
    shop.fulfil(order("shopify"), parcel("shopify", {"466157049": 1}, "1Z-1"), KEY)

    shop.fulfil(order("shopify"), parcel("shopify", {"466157049": 1}, "1Z-2"), "f" * 32)

    assert [one["trackingInfo"][0]["number"] for one in fake.order["fulfillments"]] == ["1Z-1", "1Z-2"]


def test_parcels_of_one_order_may_be_told_at_the_same_time(shops: Shops) -> None:
    fake, faulty, shop = shops
    faulty.takes_s = 0.01
    fake.order["fulfillmentOrders"][1]["lineItems"][0]["lineItem"] = {"id": gid("LineItem", 518995019)}
    lines = {"1Z-1": 1, "1Z-2": 1, "1Z-3": 2}  # of four units at two locations

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(
            lambda one: shop.fulfil(order("shopify"), parcel("shopify", {"518995019": one[1]}, one[0]), one[0]),
            lines.items(),
        ))

    left = [line["remainingQuantity"] for held in fake.order["fulfillmentOrders"] for line in held["lineItems"]]
    assert left == [2, 0, 0]


@pytest.mark.parametrize("lines", [{"466157049": 3}, {"42": 1}])
def test_more_than_the_shop_waits_for_is_refused_and_nothing_is_fulfilled(shops: Shops, lines: dict[str, int]) -> None:
    fake, _, shop = shops

    with pytest.raises(ConnectionFailedError, match="does not wait for 1 of line") as failed:
        shop.fulfil(order("shopify"), parcel("shopify", lines), KEY)

    assert failed.value.error_class == "refused"
    assert fake.done == []


def test_a_parcel_without_a_number_is_not_told(shops: Shops) -> None:
    with pytest.raises(ConnectionFailedError, match="s1 bears no tracking number"):
        shops[2].fulfil(order("shopify"), parcel("shopify", number=None), KEY)


def test_an_order_is_cancelled_without_money_stock_or_mail(shops: Shops) -> None:
    fake, _, shop = shops

    shop.cancel(order("shopify"), "fraud", KEY)

    assert fake.order["cancelledAt"]
    assert fake.inputs == [{
        "orderId": gid("Order", 450789469), "notifyCustomer": False, "restock": False, "reason": "FRAUD",
        "refundMethod": {"originalPaymentMethodsRefund": False}, "staffNote": f"orderloom-{KEY}",
    }]


def test_a_cancelled_order_is_left_as_it_is(shops: Shops) -> None:
    fake, _, shop = shops
    shop.cancel(order("shopify"), "customer", KEY)

    shop.cancel(order("shopify"), "customer", KEY)

    assert fake.done == ["orderCancel"]
    assert len(fake.inputs) == 1


def test_what_has_left_cannot_be_cancelled_and_the_shop_says_so(shops: Shops) -> None:
    _, _, shop = shops
    shop.fulfil(order("shopify"), parcel("shopify"), KEY)

    with pytest.raises(ConnectionFailedError, match="refuses to cancel the order: Cannot cancel a fulfilled") as failed:
        shop.cancel(order("shopify"), "customer", KEY)

    assert failed.value.error_class == "refused"


def test_a_cancellation_that_does_not_end_is_in_doubt() -> None:
    with shopify(slow=1000) as (_, _, served), pytest.raises(ConnectionFailedError, match="still cancelling") as failed:
        client(served).cancel(order("shopify"), "customer", KEY)

    assert (failed.value.error_class, failed.value.in_doubt) == ("timeout", True)


def test_a_job_that_ends_without_a_cancellation_is_refused() -> None:
    with shopify(job_fails=True) as (_, _, served), pytest.raises(ConnectionFailedError, match="did not carry it out"):
        client(served).cancel(order("shopify"), "customer", KEY)


def test_a_refund_goes_to_the_payment_that_it_names(shops: Shops) -> None:
    fake, _, shop = shops

    made = shop.refund(order("shopify"), back("5.00", t389404470="5.00"), {"466157049": 1}, KEY)

    assert (made.status, str(made.amount), made.idempotency_key) == ("success", "5.00 USD", KEY)
    [said] = fake.inputs
    assert said["input"]["transactions"][0]["parentId"] == gid("OrderTransaction", 389404470)
    assert said["input"]["refundLineItems"] == [
        {"lineItemId": gid("LineItem", 466157049), "quantity": 1, "restockType": "NO_RESTOCK"}
    ]
    assert said["input"]["notify"] is False


def test_a_refund_is_known_again_long_after_shopify_has_forgotten_its_key(shops: Shops) -> None:
    fake, _, shop = shops
    first = shop.refund(order("shopify"), back("5.00"), {}, KEY)
    fake.known.clear()

    assert shop.refund(order("shopify"), back("5.00"), {}, KEY) == first
    assert fake.given_back == Decimal("5.00")


def test_a_refund_without_payments_named_is_shared_out_over_what_is_left(shops: Shops) -> None:
    fake, _, shop = shops
    shop.refund(order("shopify"), back("250.00", t389404469="250.00"), {}, "a" * 32)

    made = shop.refund(order("shopify"), back("159.94"), {}, KEY)

    assert made.status == "success"
    assert fake.given_back == Decimal("409.94")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (back("409.95"), "409.95 USD is to go back, and 0.01 of it was not paid"),
        (back("5.00", t1="5.00"), "knows no payment 1 of this order"),
        (back("300.01", t389404469="300.01"), "cannot refund more than was paid"),
    ],
)
def test_a_refund_that_the_shop_cannot_make_fails_in_words(shops: Shops, wanted: Any, words: str) -> None:
    fake, _, shop = shops

    made = shop.refund(order("shopify"), wanted, {}, KEY)

    assert made.status == "failure"
    assert words in (made.decline_code or "")
    assert fake.given_back == 0


def test_a_refund_in_another_currency_than_the_customer_paid_is_not_asked_for(shops: Shops) -> None:
    with pytest.raises(ConnectionFailedError, match="the customer paid in USD"):
        shops[2].refund(order("shopify"), back("5.00", "EUR"), {}, KEY)


@pytest.mark.parametrize(
    ("state", "status"), [("PENDING", "pending"), ("AWAITING_RESPONSE", "pending"), ("FAILURE", "failure")]
)
def test_a_refund_is_what_its_transactions_say(state: str, status: str) -> None:
    with shopify(refund_status=state) as (_, _, served):
        made = client(served).refund(order("shopify"), back("5.00"), {}, KEY)

    assert made.status == status


@pytest.mark.parametrize(
    ("fault", "class_", "words"),
    [
        ("401", "refused", "Invalid API key or access token; look at its key"),
        ("429", "rate_limited", "slow down"),
        ("503", "unavailable", "could not answer"),
        ("html", "unavailable", "not JSON"),
        ("cut", "unavailable", "broke the connection off"),
    ],
)
def test_a_fault_is_told_by_its_class(shops: Shops, fault: str, class_: str, words: str) -> None:
    _, faulty, shop = shops
    faulty.then(fault)

    with pytest.raises(ConnectionFailedError, match=words) as failed:
        shop.probe()

    assert failed.value.error_class == class_
    assert failed.value.retry_after_s == (2.0 if fault == "429" else None)


def test_a_throttled_question_says_how_long_the_bucket_needs() -> None:
    with shopify(throttled=1) as (_, _, served), pytest.raises(ConnectionFailedError) as failed:
        client(served).probe()

    assert (failed.value.error_class, failed.value.retry_after_s) == ("rate_limited", 2.0)  # (752 - 652) / 50


def test_a_missing_scope_is_refused_and_says_where_to_look() -> None:
    with shopify(denied=True) as (_, _, served), pytest.raises(ConnectionFailedError, match="look at the app's scopes"):
        client(served).probe()


def test_a_wrong_token_is_refused_and_not_shown() -> None:
    with shopify() as (_, _, served), pytest.raises(ConnectionFailedError, match="HTTP 401") as failed:
        client(served, "shpat_wrong").probe()

    assert "shpat_wrong" not in failed.value.message


def test_an_order_that_the_shop_does_not_know_is_invalid(shops: Shops) -> None:
    other = order("shopify", external_refs=[], order_id="shopify:main:1")

    with pytest.raises(ConnectionFailedError, match="knows no order `1`"):
        shops[2].cancel(other, "customer", KEY)


_FAULTS = st.lists(st.sampled_from(["", "", *FAULTS]), max_size=12)


@settings(max_examples=40, deadline=None)
@given(_FAULTS)
def test_a_parcel_is_always_fulfilled_once(faults: list[str]) -> None:
    with shopify() as (fake, faulty, served):
        faulty.then(*faults)
        shop = client(served)

        until_done(lambda: shop.fulfil(order("shopify"), parcel("shopify"), KEY), len(faults))

    left = [line["remainingQuantity"] for held in fake.order["fulfillmentOrders"] for line in held["lineItems"]]
    assert left == [0, 0, 0]
    assert len(fake.order["fulfillments"]) == 2


@settings(max_examples=40, deadline=None)
@given(_FAULTS)
def test_an_order_is_always_cancelled_once(faults: list[str]) -> None:
    with shopify() as (fake, faulty, served):
        faulty.then(*faults)
        shop = client(served)

        until_done(lambda: shop.cancel(order("shopify"), "customer", KEY), len(faults))

    assert fake.order["cancelledAt"]
    assert fake.done == ["orderCancel"]


@settings(max_examples=40, deadline=None)
@given(_FAULTS)
def test_money_always_goes_back_once(faults: list[str]) -> None:
    with shopify() as (fake, faulty, served):
        faulty.then(*faults)
        shop = client(served)

        made = until_done(lambda: shop.refund(order("shopify"), back("350.00"), {"518995019": 1}, KEY), len(faults))

    assert made.status == "success"
    assert fake.given_back == Decimal("350.00")
    assert len(fake.order["refunds"]) == 1
