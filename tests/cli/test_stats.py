"""`orderloom stats`: each order that came in is accounted for, and where one is not, that is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.past import Shop, with_three_runs

from orderloom.journal import FILE


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with with_three_runs(tmp_path) as shop:
        yield shop


def change(shop: Shop, statement: str) -> None:
    """What something else than orderloom does to the file."""
    with closing(sqlite3.connect(shop.folder / FILE)) as db, db:
        db.execute(statement)


def test_orders_in_are_those_that_ended_wait_are_a_persons_and_are_in_work(shop: Shop) -> None:
    first, _, head, row, *_ = shop.tell("stats").splitlines()

    assert first == "orders in 3 = ended 1 + waiting 0 + inbox 2 + in work 0"
    assert head.split() == ["FLOW", "IN", "COMPLETED", "WAITING", "INBOX", "IN", "WORK"]
    assert row.split() == ["small", "3", "1", "-", "2", "-"]


def test_an_order_that_comes_again_is_not_another_one(shop: Shop) -> None:
    shop.run(1)

    assert shop.json("stats")["in"] == 3


def test_json_has_the_sum_each_flow_the_rates_and_the_oldest_wait(shop: Shop) -> None:
    told = shop.json("stats")

    assert (told["in"], told["ended"]) == (3, {"completed": 1})
    assert (told["waiting"], told["inbox"], told["in_work"]) == (0, 2, 0)
    assert told["holds"] is True
    assert told["flows"]["small"]["in"] == 3
    assert told["rates"]["last_hour"] == sum(told["rates"]["days"].values()) == 3
    assert (told["oldest"]["key"], told["oldest"]["step"], told["oldest"]["desk"]) == ("api:main:2", "approve", "sales")


def test_a_run_that_was_taken_out_of_the_file_is_missed(shop: Shop) -> None:
    change(shop, "DELETE FROM run WHERE key = 'api:main:1'")

    told = shop.tell("stats", code=1)

    assert told.startswith("orders in 3 ≠ ended 0 + waiting 0 + inbox 2 + in work 0: `orderloom doctor` says more")


def test_an_open_run_that_nothing_wakes_is_in_nobodys_hands(shop: Shop) -> None:
    change(shop, "DELETE FROM pending WHERE step = 'approve'")

    assert "+ in nobody's hands 1" in shop.tell("stats", code=1).splitlines()[0]
    assert shop.json("stats", code=1)["lost"] == 1


def test_where_nothing_has_run_nothing_is_counted_and_no_journal_is_made(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")

    assert shop.both("stats") == ("", "nothing has run here yet\n")
    assert shop.json("stats") == {"in": 0, "flows": {}}
    assert list((tmp_path / "other").iterdir()) == []
