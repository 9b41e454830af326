"""WooCommerce is told once what became of an order, in the shapes that it publishes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.http import Base, HttpService
from orderloom.world.secrets import Secret
from orderloom.world.shops.woocommerce import WooCommerce
from orderloom.world.types.http import basic
from tests.shops.faults import FAULTS, Faulty, until_done
from tests.shops.orders import back, order, parcel
from tests.shops.woocommerce_fake import KEY as USER
from tests.shops.woocommerce_fake import SECRET, FakeWooCommerce, woocommerce
from tests.world.serving import Served

KEY = "0123456789abcdef0123456789abcdef"
Shops = tuple[FakeWooCommerce, Faulty, WooCommerce]


def client(served: Served, secret: str = SECRET) -> WooCommerce:
    signed = basic(USER, Secret(secret))
    http = HttpService(Base.parse(served.base), secret_headers={"Authorization": signed}, private=True)
    return WooCommerce(http, now=lambda: datetime(2026, 3, 10, 12, tzinfo=UTC))


@pytest.fixture
def shops() -> Iterator[Shops]:
    with woocommerce() as (fake, faulty, served):
        yield fake, faulty, client(served)


def test_the_last_parcel_completes_the_order_with_its_number_and_a_note(shops: Shops) -> None:
    fake, _, shop = shops

    made = shop.fulfil(order("woocommerce"), parcel("woocommerce"), KEY)

    [note] = fake.notes
    assert made == str(note["id"])
    assert note["note"] == f"Shipped with UPS: 1Z999AA1. 2 × SKU-315, 1 × SKU-316 (orderloom-{KEY})"
    assert fake.changes == ["completed"]
    [[item]] = fake.meta("_wc_shipment_tracking_items")
    assert item["tracking_provider"] == "UPS"
    assert (item["tracking_number"], item["date_shipped"]) == ("1Z999AA1", "1773144000")


def test_an_order_is_completed_by_the_parcel_that_takes_its_last_line(shops: Shops) -> None:
    fake, _, shop = shops

    shop.fulfil(order("woocommerce"), parcel("woocommerce", {"315": 2}, "1Z-1"), "a" * 32)
    half = list(fake.changes)
    shop.fulfil(order("woocommerce"), parcel("woocommerce", {"316": 1}, "1Z-2"), "b" * 32)

    assert (half, fake.changes) == ([], ["completed"])
    [items] = fake.meta("_wc_shipment_tracking_items")
    assert [item["tracking_number"] for item in items] == ["1Z-1", "1Z-2"]


def test_parcels_of_one_order_may_be_told_at_the_same_time(shops: Shops) -> None:
    fake, faulty, shop = shops
    faulty.takes_s = 0.01
    lines = [("315", "1Z-1", "a" * 32), ("315", "1Z-2", "b" * 32), ("316", "1Z-3", "c" * 32)]

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(
            lambda one: shop.fulfil(order("woocommerce"), parcel("woocommerce", {one[0]: 1}, one[1]), one[2]), lines
        ))

    [items] = fake.meta("_wc_shipment_tracking_items")
    assert sorted(item["tracking_number"] for item in items) == ["1Z-1", "1Z-2", "1Z-3"]
    assert fake.changes == ["completed"]


def test_the_same_parcel_again_changes_nothing(shops: Shops) -> None:
    fake, _, shop = shops
    first = shop.fulfil(order("woocommerce"), parcel("woocommerce"), KEY)

    assert shop.fulfil(order("woocommerce"), parcel("woocommerce"), KEY) == first
    assert (len(fake.notes), fake.changes) == (1, ["completed"])


def test_nothing_of_a_cancelled_order_is_shipped(shops: Shops) -> None:
    fake, _, shop = shops
    fake.order["status"] = "cancelled"

    with pytest.raises(ConnectionFailedError, match="order 727 is cancelled in the shop") as failed:
        shop.fulfil(order("woocommerce"), parcel("woocommerce"), KEY)

    assert failed.value.error_class == "refused"
    assert fake.notes == []


def test_an_order_is_cancelled_with_a_note_that_says_why(shops: Shops) -> None:
    fake, _, shop = shops

    shop.cancel(order("woocommerce"), "inventory", KEY)
    shop.cancel(order("woocommerce"), "inventory", KEY)

    assert fake.changes == ["cancelled"]
    assert [method for method, _, _ in fake.asked].count("PUT") == 1
    assert [note["note"] for note in fake.notes] == [f"Cancelled. Reason: inventory (orderloom-{KEY})"]


def test_a_completed_order_is_not_cancelled(shops: Shops) -> None:
    fake, _, shop = shops
    fake.order["status"] = "completed"

    with pytest.raises(ConnectionFailedError, match="727 is completed in the shop and cannot be cancelled"):
        shop.cancel(order("woocommerce"), "customer", KEY)

    assert fake.changes == []


def test_a_refund_names_the_lines_with_their_share_of_price_and_tax(shops: Shops) -> None:
    fake, _, shop = shops

    made = shop.refund(order("woocommerce"), back("3.22"), {"315": 1}, KEY)

    assert made.status == "success"
    [refund] = fake.refunds
    assert refund["line_items"] == [
        {"id": 315, "quantity": 1, "refund_total": "3.00", "refund_tax": [{"id": 75, "refund_total": "0.22"}]}
    ]
    assert refund["meta_data"] == [{"key": "_orderloom_key", "value": KEY}]


def test_where_a_fee_is_kept_the_lines_go_without_sums(shops: Shops) -> None:
    fake, _, shop = shops

    shop.refund(order("woocommerce"), back("2.00"), {"315": 1}, KEY)

    assert fake.refunds[0]["line_items"] == [{"id": 315, "quantity": 1, "refund_total": "0"}]


def test_more_than_was_paid_is_refused_in_the_shops_words(shops: Shops) -> None:
    fake, _, shop = shops

    made = shop.refund(order("woocommerce"), back("19.36"), {}, KEY)

    assert (made.status, made.decline_code) == ("failure", "Invalid refund amount.")
    assert fake.refunds == []


def test_a_gateway_that_cannot_give_back_is_told_in_its_words() -> None:
    with woocommerce(gateway=False) as (_, _, served):
        made = client(served).refund(order("woocommerce"), back("5.00"), {}, KEY)

    assert made.status == "failure"
    assert "does not support automatic refunds" in (made.decline_code or "")


def test_a_shop_that_dies_while_giving_back_is_not_asked_again() -> None:
    with woocommerce(silent=True) as (fake, _, served):
        shop = client(served)
        with pytest.raises(ConnectionFailedError, match="HTTP 500"):
            shop.refund(order("woocommerce"), back("5.00"), {}, KEY)

        with pytest.raises(ConnectionFailedError, match="without word that its gateway paid: look there") as failed:
            shop.refund(order("woocommerce"), back("5.00"), {}, KEY)

    assert failed.value.in_doubt
    assert len(fake.refunds) == 1


@pytest.mark.parametrize("lost", [{"reason": "rewritten by hand"}, {"meta_data": []}])
def test_a_refund_is_known_again_by_its_field_or_by_its_reason(shops: Shops, lost: dict[str, Any]) -> None:
    fake, _, shop = shops
    first = shop.refund(order("woocommerce"), back("1.00"), {}, KEY)
    fake.refunds[0].update(lost)

    assert shop.refund(order("woocommerce"), back("1.00"), {}, KEY) == first
    assert len(fake.refunds) == 1


def test_a_refund_is_found_behind_a_hundred_others(shops: Shops) -> None:
    fake, _, shop = shops
    shop.refund(order("woocommerce"), back("1.00"), {}, KEY)
    others = [{**fake.refunds[0], "reason": "", "meta_data": [], "amount": "0.00", "id": n} for n in range(100)]
    fake.refunds[:0] = others

    shop.refund(order("woocommerce"), back("1.00"), {}, KEY)

    assert len(fake.refunds) == 101


def test_a_refund_in_another_currency_is_not_asked_for(shops: Shops) -> None:
    with pytest.raises(ConnectionFailedError, match="order 727 is in USD in the shop"):
        shops[2].refund(order("woocommerce"), back("5.00", "EUR"), {}, KEY)


def test_a_wrong_secret_is_refused_and_not_shown() -> None:
    with woocommerce() as (_, _, served), pytest.raises(ConnectionFailedError, match="HTTP 401") as failed:
        client(served, "cs_wrong").probe()

    assert failed.value.error_class == "refused"
    assert "cs_wrong" not in failed.value.message


def test_an_order_that_the_shop_does_not_know_is_invalid(shops: Shops) -> None:
    other = order("woocommerce", external_refs=[], order_id="woocommerce:main:1")

    with pytest.raises(ConnectionFailedError, match="knows no order `1`"):
        shops[2].cancel(other, "customer", KEY)


def test_an_answer_that_leaves_something_out_is_told_by_what_is_missing(shops: Shops) -> None:
    fake, _, shop = shops
    del fake.order["line_items"]

    with pytest.raises(ConnectionFailedError, match="leaves out line_items of order 727"):
        shop.fulfil(order("woocommerce"), parcel("woocommerce"), KEY)


def test_an_order_without_a_number_of_the_shop_is_invalid(shops: Shops) -> None:
    with pytest.raises(ConnectionFailedError, match="order `made-here` has no number"):
        shops[2].cancel(order("woocommerce", external_refs=[], order_id="made-here"), "customer", KEY)


_FAULTS = st.lists(st.sampled_from(["", "", *FAULTS]), max_size=10)


@settings(max_examples=40, deadline=None)
@given(_FAULTS)
def test_a_parcel_is_always_told_once(faults: list[str]) -> None:
    with woocommerce() as (fake, faulty, served):
        faulty.then(*faults)
        shop = client(served)

        until_done(lambda: shop.fulfil(order("woocommerce"), parcel("woocommerce"), KEY), len(faults))

    [items] = fake.meta("_wc_shipment_tracking_items")
    assert (len(items), len(fake.notes), fake.changes) == (1, 1, ["completed"])


@settings(max_examples=40, deadline=None)
@given(_FAULTS)
def test_an_order_is_always_cancelled_once(faults: list[str]) -> None:
    with woocommerce() as (fake, faulty, served):
        faulty.then(*faults)
        shop = client(served)

        until_done(lambda: shop.cancel(order("woocommerce"), "customer", KEY), len(faults))

    assert (fake.changes, len(fake.notes)) == (["cancelled"], 1)


@settings(max_examples=40, deadline=None)
@given(_FAULTS)
def test_money_always_goes_back_once(faults: list[str]) -> None:
    with woocommerce() as (fake, faulty, served):
        faulty.then(*faults)
        shop = client(served)

        made = until_done(lambda: shop.refund(order("woocommerce"), back("6.45"), {"315": 2}, KEY), len(faults))

    assert made.status == "success"
    assert [Decimal(one["amount"]) for one in fake.refunds] == [Decimal("6.45")]
