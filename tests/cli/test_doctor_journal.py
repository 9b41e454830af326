"""What `orderloom doctor` says of the journal: whole, complete, and open runs where they say they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.past import Shop, with_three_runs

from orderloom.journal import FILE


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with with_three_runs(tmp_path) as shop:
        yield shop


def change(shop: Shop, *statements: str) -> None:
    with closing(sqlite3.connect(shop.folder / FILE)) as db, db:
        for statement in statements:
            db.execute(statement)


def findings(shop: Shop, code: int = 0) -> list[dict[str, Any]]:
    told = shop.json("doctor", "--offline", code=code)["findings"]
    return [finding for finding in told if finding["section"] == "journal"]


def faults(shop: Shop) -> list[tuple[str, str, str]]:
    return [(one["code"], one["says"], one["mend"]) for one in findings(shop, 4) if one["verdict"] == "fault"]


def id_of(shop: Shop, key: str) -> str:
    name: str = shop.json("runs", "list", "--key", key)["runs"][0]["run"]
    return name


def test_a_sound_journal_is_told_by_its_size_its_sum_and_what_was_played_back(shop: Shop) -> None:
    file, orders, runs = findings(shop)

    assert file["says"].endswith("every page is sound")
    assert orders["says"] == "3 came in: 1 ended, 0 waiting, 2 in the inbox, 0 in work"
    assert runs["says"] == "2 played back, and each waits for what it says it does"


def test_looking_changes_nothing_in_the_file(shop: Shop) -> None:
    before = (shop.folder / FILE).read_bytes()

    findings(shop)

    assert (shop.folder / FILE).read_bytes() == before


def test_a_missing_run_is_a_fault_of_its_flow(shop: Shop) -> None:
    change(shop, "DELETE FROM run WHERE key = 'api:main:1'")

    [(code, says, mend)] = faults(shop)

    assert code == "F971"
    assert says.startswith("3 came in, and 2 are known")
    assert says.endswith("the sums differ for small")
    assert "compare it with a backup" in mend


def test_a_run_that_nothing_wakes_is_named_with_the_command_that_mends_it(shop: Shop) -> None:
    name = id_of(shop, "api:main:2")
    change(shop, "DELETE FROM pending WHERE step = 'approve'")

    told = faults(shop)

    assert {code for code, _, _ in told} == {"F972"}
    assert {mend for _, _, mend in told} == {f"orderloom runs resume {name}"}
    assert any("waits for approve (person), and the journal lists nothing" in says for _, says, _ in told)


def test_a_run_that_lists_what_it_does_not_wait_for_is_found_by_playing_it_back(shop: Shop) -> None:
    change(shop, "UPDATE pending SET step = 'thank' WHERE step = 'approve'")

    [(code, says, _)] = faults(shop)

    assert code == "F972"
    assert "waits for approve (person), and the journal lists thank (person)" in says


def test_a_run_whose_flow_cannot_be_made_again_is_a_fault_with_what_to_install(shop: Shop) -> None:
    change(shop, "UPDATE pin SET content = json_set(content, '$.nodes.\"core/http\"', 9)")

    [first, _] = faults(shop)

    assert first[0] == "F973"
    assert "it began with core/http@9, installed is @1" in first[1]


def test_a_torn_file_is_a_fault_and_the_rest_of_the_visit_goes_on(shop: Shop) -> None:
    content = (shop.folder / FILE).read_bytes()
    (shop.folder / FILE).write_bytes(content[: len(content) // 2])

    told = findings(shop, 4)

    assert [one["code"] for one in told] == ["F970"]
    assert "take it from a backup" in told[0]["mend"]


def test_a_journal_of_a_newer_orderloom_is_left_alone(shop: Shop) -> None:
    change(shop, "PRAGMA user_version = 99")

    [(code, says, mend)] = faults(shop)

    assert (code, mend) == ("F970", "install that one")
    assert "version 99" in says


def test_a_project_without_runs_has_no_journal_and_no_fault(tmp_path: Path, shop: Shop, monkeypatch: Any) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")

    [finding] = findings(shop)

    assert (finding["verdict"], finding["says"].endswith("is made with the first run")) == ("ok", True)
