"""Flows run by the command tell the shop that an order came from: once, also where the answer is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from tests.shops.faults import Faulty
from tests.shops.orders import order_data, parcel_data, usd
from tests.shops.shopify_fake import TOKEN, FakeShopify, shopify
from tests.shops.woocommerce_fake import KEY, SECRET, FakeWooCommerce, woocommerce

SHIP = "{use: ship-documents, with: {order: =capture.order, shipment: =capture.order.metadata.parcel}}"
CANCEL = "{use: cancel-order, with: {order: =capture.order, reason: fraud}}"
REFUND_ALL = "{use: refund, with: {order: =capture.order}, next: {refunded: ~, refused: ~}}"
REFUND = REFUND_ALL.replace("capture.order}", "capture.order, amount: =capture.order.metadata.amount}")
LOCAL = """
mail: {type: outbox, folder: outbox}
orders: {type: order-book}
labels: {type: test-labels, folder: documents}
documents: {type: folder, folder: documents}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in {"SHOPIFY_TOKEN": TOKEN, "WOO_KEY": KEY, "WOO_SECRET": SECRET}.items():
        monkeypatch.setenv(name, value)
    assert invoke(["init", "--template", "empty", "here"]) == 0
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def shopify_shop(project: Path) -> Iterator[tuple[FakeShopify, Faulty]]:
    with shopify() as (fake, faulty, served):
        told = "type: shopify, shop: my-shop.myshopify.com, token: {env: SHOPIFY_TOKEN}, private: true"
        (project / "connections.yaml").write_text(f"{LOCAL}shopify: {{{told}, base: '{served.base}'}}\n")
        yield fake, faulty


@pytest.fixture
def woo_shop(project: Path) -> Iterator[tuple[FakeWooCommerce, Faulty]]:
    with woocommerce() as (fake, faulty, served):
        told = "type: woocommerce, key: {env: WOO_KEY}, secret: {env: WOO_SECRET}, private: true"
        (project / "connections.yaml").write_text(f"{LOCAL}woocommerce-main: {{{told}, base: '{served.base}'}}\n")
        yield fake, faulty


def run(project: Path, step: str, system: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    metadata = {"parcel": parcel_data(system) | {"packages": []}, "amount": usd("5.00")}
    (project / "order.json").write_text(json.dumps(order_data(system, metadata=metadata)))
    return run_on(project, step, project / "order.json", "canonical", capsys)


def run_on(
    project: Path, step: str, order: Path, format_: str, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    flow = f"flow: tell\ndefaults: {{retry: 6x 1s..1s}}\nsteps:\n  capture: {{use: capture}}\n  tell: {step}\n"
    (project / "flows" / "tell.yaml").write_text(flow)
    capsys.readouterr()
    invoke(["run", "tell", "--input", str(order), "--format", format_, "--json"])
    captured = capsys.readouterr()
    [line] = captured.out.splitlines() or [captured.err]
    made: dict[str, Any] = json.loads(line)
    return made


LOST = [[], ["lost"], ["", "", "", "", "", "lost", "", "lost"], ["503", "cut"]]


@pytest.mark.parametrize("faults", LOST, ids=["no fault", "lost at once", "lost after the change", "before the change"])
def test_shipping_fulfils_in_shopify_once(
    project: Path, shopify_shop: tuple[FakeShopify, Faulty], capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    fake, faulty = shopify_shop
    faulty.then(*faults)

    made = run(project, SHIP, "shopify", capsys)

    assert made["status"] == "completed", made
    told = made["outputs"]["tell"]
    assert {one["trackingInfo"][0]["number"] for one in fake.order["fulfillments"]} == {told["tracking_number"]}
    assert fake.done == ["fulfillmentCreate"] * 2
    assert told["fulfilment"].count(",") == 1


@pytest.mark.parametrize("faults", LOST, ids=["no fault", "lost at once", "lost after the change", "before the change"])
def test_shipping_completes_the_order_in_woocommerce_once(
    project: Path, woo_shop: tuple[FakeWooCommerce, Faulty], capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    fake, faulty = woo_shop
    faulty.then(*faults)

    made = run(project, SHIP, "woocommerce", capsys)

    assert made["status"] == "completed", made
    [[item]] = fake.meta("_wc_shipment_tracking_items")
    assert item["tracking_number"] == made["outputs"]["tell"]["tracking_number"]
    assert (fake.changes, len(fake.notes)) == (["completed"], 1)


@pytest.mark.parametrize("faults", [[], ["", "lost"]], ids=["no fault", "lost after the change"])
def test_cancelling_cancels_in_shopify_once(
    project: Path, shopify_shop: tuple[FakeShopify, Faulty], capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    fake, faulty = shopify_shop
    faulty.then(*faults)

    made = run(project, CANCEL, "shopify", capsys)

    assert made["status"] == "completed", made
    assert made["outputs"]["tell"]["told"] is True
    assert fake.order["cancelledAt"]
    assert fake.done == ["orderCancel"]


@pytest.mark.parametrize("faults", [[], ["", "lost", "", "", "lost"]], ids=["no fault", "lost after each change"])
def test_cancelling_cancels_in_woocommerce_once(
    project: Path, woo_shop: tuple[FakeWooCommerce, Faulty], capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    fake, faulty = woo_shop
    faulty.then(*faults)

    made = run(project, CANCEL, "woocommerce", capsys)

    assert made["status"] == "completed", made
    assert (fake.changes, len(fake.notes)) == (["cancelled"], 1)


@pytest.mark.parametrize("faults", [[], ["", "lost"], ["", "", "lost"]], ids=["no fault", "lost", "lost when looking"])
def test_a_refund_of_money_that_shopify_took_goes_through_shopify_once(
    project: Path, shopify_shop: tuple[FakeShopify, Faulty], capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    fake, faulty = shopify_shop
    faulty.then(*faults)

    made = run(project, REFUND, "shopify", capsys)

    assert made["status"] == "completed", made
    [moved] = made["outputs"]["tell"]["transactions"]
    assert (moved["gateway"], moved["status"]) == ("shopify", "success")
    assert fake.given_back > 0
    assert fake.done == ["refundCreate"]


@pytest.mark.parametrize("faults", [[], ["", "", "lost"]], ids=["no fault", "lost after the change"])
def test_a_refund_of_money_that_woocommerce_took_goes_through_woocommerce_once(
    project: Path, woo_shop: tuple[FakeWooCommerce, Faulty], capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    fake, faulty = woo_shop
    faulty.then(*faults)

    made = run(project, REFUND, "woocommerce", capsys)

    assert made["status"] == "completed", made
    assert [Decimal(one["amount"]) for one in fake.refunds] == [Decimal("5.00")]


def test_a_real_order_of_woocommerce_is_given_back_whole(
    project: Path, woo_shop: tuple[FakeWooCommerce, Faulty], capsys: pytest.CaptureFixture[str], shared: Path
) -> None:
    fake, _ = woo_shop
    file = shared / "data" / "woocommerce" / "order_727_processing.json"
    fake.order = json.loads(file.read_text(encoding="utf-8"))

    made = run_on(project, REFUND_ALL, file, "woocommerce", capsys)

    assert made["status"] == "completed", made
    assert [one["amount"] for one in fake.refunds] == [fake.order["total"]]


def test_a_real_order_of_shopify_is_cancelled_by_its_own_number(
    project: Path, shopify_shop: tuple[FakeShopify, Faulty], capsys: pytest.CaptureFixture[str], shared: Path
) -> None:
    fake, _ = shopify_shop

    made = run_on(project, CANCEL, shared / "data" / "shopify" / "order.json", "shopify", capsys)

    assert made["status"] == "completed", made
    assert fake.done == ["orderCancel"]


def test_a_shop_that_refuses_the_refund_is_heard(
    project: Path, woo_shop: tuple[FakeWooCommerce, Faulty], capsys: pytest.CaptureFixture[str]
) -> None:
    fake, _ = woo_shop
    fake.gateway = False

    made = run(project, REFUND, "woocommerce", capsys)

    assert "does not support automatic refunds" in made["outputs"]["tell"]["reason"]
    assert fake.refunds == []


def test_a_token_that_is_refused_stops_the_step_and_says_where_to_look(
    project: Path, shopify_shop: tuple[FakeShopify, Faulty], capsys: pytest.CaptureFixture[str]
) -> None:
    fake, faulty = shopify_shop
    faulty.then("401")

    made = run(project, CANCEL, "shopify", capsys)

    assert made["status"] == "exception"
    assert "look at its key and permissions" in json.dumps(made)
    assert TOKEN not in json.dumps(made)
    assert fake.done == []
