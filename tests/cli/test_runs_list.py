"""`orderloom runs list`: which runs there are, found by what one knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.past import ANN, Shop, with_three_runs


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with with_three_runs(tmp_path_factory.mktemp("list")) as shop:
        yield shop


@pytest.fixture
def shop(three: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.chdir(three.folder)
    return three


def keys(shop: Shop, *options: str) -> list[str]:
    return [run["key"] for run in shop.json("runs", "list", *options)["runs"]]


def test_a_line_a_run_says_when_which_how_it_stands_and_what_it_waits_for(shop: Shop) -> None:
    head, failed, waits, ended = shop.tell("runs", "list").splitlines()

    assert head.split() == ["BEGAN", "RUN", "FLOW", "KEY", "STATUS", "TOOK", "AT"]
    assert failed.split()[3:] == ["small", "api:main:3", "exception", "tell!invalid"]
    assert waits.split()[3:] == ["small", "api:main:2", "waiting", "approve:", "sales"]
    assert ended.split()[3:6] == ["small", "api:main:1", "completed"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", [3, 2, 1]),
        ("--status open", [3, 2]),
        ("--status ended --flow small", [1]),
        ("--step tell", [3, 1]),
        ("--step weigh --outcome big", [2]),
        ("--error invalid", [3]),
        (f"--customer {ANN}", [2, 1]),
        ("--customer c-Ben", [3]),
        ("--key api:main:2", [2]),
        ("--since 1h", [3, 2, 1]),
        ("--until 1h", []),
        ("--since 2026-01-01 --limit 2", [3, 2]),
        ("--flow returns", []),
    ],
)
def test_runs_are_found_by_what_is_said_of_them(shop: Shop, options: str, found: list[int]) -> None:
    assert keys(shop, *options.split()) == [f"api:main:{number}" for number in found]


def test_the_next_page_begins_behind_the_last_run_of_this_one(shop: Shop) -> None:
    first = shop.json("runs", "list", "--limit", "2")
    second = shop.json("runs", "list", "--before", first["next"])

    assert [run["key"] for run in second["runs"]] == ["api:main:1"]
    assert second["next"] is None
    assert f"--before {first['next'][:10]}" in shop.both("runs", "list", "--limit", "2")[1]


def test_json_has_what_an_open_run_waits_for_and_since_when(shop: Shop) -> None:
    [run] = shop.json("runs", "list", "--status", "waiting")["runs"]

    assert list(run) == ["run", "flow", "key", "status", "began", "ended", "at"]
    assert (run["ended"], run["at"][0]["step"], run["at"][0]["for"]) == (None, "approve", "person")
    assert run["at"][0]["since"] >= run["began"]


def test_where_nothing_is_as_wanted_that_is_said_and_is_no_mistake(shop: Shop) -> None:
    assert shop.both("runs", "list", "--status", "unheard-of") == ("", "no run is as you want it\n")


@pytest.mark.parametrize(("name", "said", "meant"), [("status", "complted", "completed"), ("flow", "smal", "small")])
def test_a_slip_of_the_keyboard_is_told_with_what_was_meant(shop: Shop, name: str, said: str, meant: str) -> None:
    assert shop.both("runs", "list", f"--{name}", said)[1] == f"no run is as you want it: did you mean `{meant}`?\n"


def test_a_time_that_is_none_is_wrong_usage_and_says_what_is_wanted(shop: Shop) -> None:
    assert "give a day (2026-11-23), a moment" in shop.both("runs", "list", "--since", "yesterday", code=2)[1]


def test_where_nothing_has_run_there_is_no_journal_and_none_is_made(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert shop.both("runs", "list") == ("", "nothing has run here yet\n")
    assert shop.json("runs", "list") == {"runs": [], "next": None}
    assert list(tmp_path.iterdir()) == []
