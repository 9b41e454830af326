"""Connections to shops are read strictly, and opened by what connections.yaml says."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.problems import Problem, ProblemsError
from orderloom.world import Shop, SystemClock, World
from orderloom.world.connections import read_connections
from orderloom.world.protocols import Reachable
from tests.shops.orders import order
from tests.shops.shopify_fake import TOKEN, shopify
from tests.shops.woocommerce_fake import KEY, SECRET, woocommerce

SHOPIFY = "type: shopify, shop: my-shop.myshopify.com, token: {env: SHOPIFY_TOKEN}"
WOOCOMMERCE = "type: woocommerce, key: {env: WOO_KEY}, secret: {env: WOO_SECRET}"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SHOPIFY_TOKEN": TOKEN, "WOO_KEY": KEY, "WOO_SECRET": SECRET}.items():
        monkeypatch.setenv(name, value)


def world(folder: Path, text: str) -> World:
    (folder / "connections.yaml").write_text(text, encoding="utf-8")
    return World(SystemClock(), read_connections(folder / "connections.yaml", folder))


def refused(folder: Path, text: str) -> Problem:
    with pytest.raises(ProblemsError) as caught:
        world(folder, text)
    [problem] = caught.value.problems
    return problem


def test_a_shopify_shop_is_signed_in_to_by_its_token(tmp_path: Path) -> None:
    with shopify() as (_, _, served):
        shop = world(tmp_path, f"shopify: {{{SHOPIFY}, base: '{served.base}', private: true}}").connections["shopify"]

        assert isinstance(shop, Reachable)
        assert shop.probe() == "signed in to A shop"


def test_a_woocommerce_shop_is_signed_in_to_by_key_and_secret(tmp_path: Path) -> None:
    with woocommerce() as (_, _, served):
        found = world(tmp_path, f"woocommerce: {{{WOOCOMMERCE}, base: '{served.base}', private: true}}")

        shop = found.connections["woocommerce"]
        assert isinstance(shop, Reachable)
        assert shop.probe() == "signed in, and orders can be read"


def test_an_order_finds_the_shop_of_its_account_before_that_of_its_channel(tmp_path: Path) -> None:
    here = world(tmp_path, f"shopify: {{{SHOPIFY}}}\nshopify-main: {{{SHOPIFY}, version: '2026-04'}}")

    assert here.shop_of(order("shopify")) is here.connections["shopify-main"]
    other = order("shopify", channel={"type": "shopify", "account_id": "eu"})
    assert here.shop_of(other) is here.connections["shopify"]
    assert isinstance(here.connections["shopify"], Shop)
    assert here.shop_of(order("woocommerce")) is None


@pytest.mark.parametrize("shop", ["www.example.com", "https://my-shop.myshopify.com", "my-shop.myshopify.com.evil.com"])
def test_a_shop_by_another_name_than_its_own_is_refused(tmp_path: Path, shop: str) -> None:
    problem = refused(tmp_path, SHOPIFY.replace("my-shop.myshopify.com", f"'{shop}'").join(["shopify: {", "}"]))

    assert problem.code == "C330"


@pytest.mark.parametrize("version", ["'2025-10'", "'2026-05'", "latest", "2026-07-01"])
def test_a_version_that_cannot_be_used_is_refused(tmp_path: Path, version: str) -> None:
    assert refused(tmp_path, f"shopify: {{{SHOPIFY}, version: {version}}}").code == "C331"


@pytest.mark.parametrize("kind", [f"shopify: {{{SHOPIFY}", f"woocommerce: {{{WOOCOMMERCE}"])
def test_credentials_do_not_go_out_without_protection(tmp_path: Path, kind: str) -> None:
    assert refused(tmp_path, f"{kind}, base: 'http://shop.example.com'}}").code == "S102"


def test_a_token_that_stands_in_the_file_is_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, "shopify: {type: shopify, shop: my-shop.myshopify.com, token: shpat_123}")

    assert problem.code == "S101"
