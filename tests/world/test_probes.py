"""What each connection answers when it is tried, and that trying changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from orderloom.project import shipped
from orderloom.world.connections import read_connections
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.folders import why_unwritable
from orderloom.world.mail import Outbox
from orderloom.world.papers import Folder
from orderloom.world.protocols import Reachable
from orderloom.world.shelf import Shelf
from orderloom.world.types import CONNECTION_TYPES

LOCAL = {
    "outbox": "messages become files in ",
    "stock-files": "locations: 4, articles: 8",
    "order-book": "orders noted: 0, from files: 1",
    "test-gateway": "moves no money; charges made: 0, known from before: 1",
    "gift-cards": "gift cards given out: 0, named in the connection: 0",
    "test-labels": "makes labels that are no postage; papers are kept in ",
    "folder": "papers are kept in ",
    "counter": "counts numbers in 0 series",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for folder in ("stock", "orders"):
        shutil.copytree(shipped() / folder, tmp_path / folder)
    return tmp_path


def opened(shop: Path, kind: str) -> Reachable:
    needs = {"order-book": ", folder: orders", "test-gateway": ", folder: orders"}.get(kind, "")
    (shop / "connections.yaml").write_text(f"one: {{type: {kind}{needs}}}\n")
    found = read_connections(shop / "connections.yaml", shop)["one"]
    assert isinstance(found, Reachable)
    return found


@pytest.mark.parametrize("kind", LOCAL)
def test_a_connection_of_this_machine_says_what_it_stands_on_and_makes_nothing(shop: Path, kind: str) -> None:
    connection = opened(shop, kind)
    before = sorted(shop.rglob("*"))

    assert connection.probe().startswith(LOCAL[kind])

    assert sorted(shop.rglob("*")) == before
    assert not connection.remote


def test_each_type_of_connection_stands_in_a_test_of_its_trial() -> None:
    # these need a server
    elsewhere = {"smtp", "http", "shopify", "woocommerce", "stripe", "easypost", "label-printer", "links", "stock-sql"}
    assert set(CONNECTION_TYPES) <= set(LOCAL) | elsewhere


@pytest.mark.parametrize("kind", ["order-book", "test-gateway"])
def test_a_file_of_earlier_orders_that_is_wrong_fails_the_trial_with_its_place(shop: Path, kind: str) -> None:
    (shop / "orders" / "1043.json").write_text('{"order_id": "x"}')

    with pytest.raises(ConnectionFailedError, match=r"1043\.json:1:\d+: this is no order of ours") as failed:
        opened(shop, kind).probe()

    assert failed.value.error_class == "invalid"


@pytest.mark.parametrize("kind", ["order-book", "test-gateway", "test-labels", "stock-files"])
def test_a_damaged_shelf_fails_the_trial_of_all_that_stand_on_it(shop: Path, kind: str) -> None:
    (shop / ".orderloom").mkdir()
    (shop / ".orderloom" / "world.sqlite").write_text("no database " * 200)

    with pytest.raises(ConnectionFailedError, match=r"world\.sqlite cannot be"):
        opened(shop, kind).probe()


@pytest.mark.parametrize("make", [Outbox, Folder])
def test_a_file_in_the_place_of_a_folder_fails_the_trial(tmp_path: Path, make: Callable[[Path], Reachable]) -> None:
    (tmp_path / "taken").write_text("")

    for folder in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(ConnectionFailedError, match="is a file") as failed:
            make(folder).probe()
        assert failed.value.error_class == "unavailable"


def test_a_folder_that_is_to_be_made_is_not_made_by_the_trial(tmp_path: Path) -> None:
    assert why_unwritable(tmp_path / "a" / "b") is None

    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_torn_is_found_where_every_page_is_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "world.sqlite"
    shelf = Shelf(file)
    with shelf.changing():
        for number in range(2000):
            shelf.put("thing", f"{number:06d}", {"text": "x" * 100})
    shelf._run("PRAGMA wal_checkpoint(TRUNCATE)")
    shelf.close()
    content = bytearray(file.read_bytes())
    content[8 * 4096 : 9 * 4096] = b"\x00" * 4096
    file.write_bytes(content)

    with closing(Shelf(file)) as damaged:
        damaged.probe()
        with pytest.raises(ConnectionFailedError, match="is damaged"):
            damaged.probe(every_page=True)
