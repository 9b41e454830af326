"""Failures 1 to 5 and 11 to 16, as far as they are of reading: nothing is done, and the words say where and why."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.channels.test_sheets import changed, workbook
from tests.channels.ubl import ubl
from tests.failures.shop import NOTHING, Shop
from tests.nodes.capturing import item, shopify

COLUMNS = """
columns: day
one_order: =row.Order
order:
  order_id: ="shopify:main:" + row.Order
  ordered_at: =row.Date
  currency: USD
  customer: {email: ann@example.test}
line: {sku: =row.Article, quantity: =row.Pieces, unit_price: =row.Price}
"""
FLOW = """
flow: day
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {columns: day.columns.yaml}}
  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {order: =capture.order}}}
"""
HEADER = "Order,Date,Article,Pieces,Price"
ROW = "1,2026-03-02 10:00:00,MUG,1,9.95"


@pytest.fixture
def day(shop: Shop) -> Shop:
    """The shop with a flow that reads the day's file and sends a mail an order."""
    (shop.folder / "mappings").mkdir(exist_ok=True)
    (shop.folder / "mappings/day.columns.yaml").write_text(COLUMNS)
    (shop.folder / "flows/day.yaml").write_text(FLOW.replace("day.columns", "mappings/day.columns"))
    return shop


def kept(shop: Shop) -> list[dict[str, Any]]:
    """What stands in the quarantine."""
    files = sorted((shop.folder / ".orderloom/quarantine").glob("*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


def given(shop: Shop, name: str, content: str | bytes) -> str:
    file = shop.folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(file, (1_700_000_000, 1_700_000_000))
    return str(file)


@pytest.mark.parametrize("text", ['{"id": 1, "line_items": [', '{"id": 1,, "x": 2}', '{"id": 1} trailing', ""])
def test_json_that_is_broken_is_kept_with_its_place_and_begins_nothing(text: str, shop: Shop) -> None:
    """Failure 1."""
    told = shop.run(text.encode())

    assert (told.code, told.reports) == (1, [])
    assert shop.done() == NOTHING
    [found] = kept(shop)
    assert (found["document"], found["problems"][0]["line"]) == (text, 1)
    assert found["problems"][0]["message"] in told.words


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"id": 1, "id": 2, "line_items": []}', "id"),
        ('{"id": 1, "total_price": NaN, "line_items": []}', "NaN"),
        ('{"id": 1, "total_price": 1e999, "line_items": []}', "1e999"),
    ],
)
def test_a_key_that_stands_twice_and_numbers_that_are_none_are_refused(text: str, where: str, shop: Shop) -> None:
    """Failure 2."""
    told = shop.run(text.encode())

    assert (told.code, told.reports) == (1, [])
    assert shop.done() == NOTHING
    assert where in told.words


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_letters_of_another_encoding_are_never_garbled(encoding: str, day: Shop) -> None:
    """Failure 3."""
    file = given(day, "day.csv", f"{HEADER}\n{ROW.replace('MUG', 'GRÖßE-M')}\n".encode(encoding))

    told = day.tell("run", "day", "--input", file, "--json")

    assert told.code == 0
    assert len(day.mails()) == 1
    captured = day.tell("runs", "show", "shopify:main:1", "--json")
    assert "GRÖßE-M" in captured.words


def test_an_order_that_comes_a_thousand_times_is_one(day: Shop) -> None:
    """Failure 4, of what comes as a file."""
    file = given(day, "again.jsonl", "\n".join([json.dumps(shopify(id=1))] * 1_000))

    told = day.tell("run", "day", "--input", file)

    assert told.code == 0
    assert len(day.mails()) == 1
    assert "999 met again and run once" in told.words


def test_an_order_that_comes_by_a_webhook_and_by_the_nightly_file_is_one(day: Shop) -> None:
    """Failure 5."""
    file = given(day, "day.csv", f"{HEADER}\n{ROW}\n")
    first = day.run(shopify(id=1), flow="day")

    again = day.tell("run", "day", "--input", file, "--json")

    assert (first.code, again.code) == (0, 0)
    assert len(day.mails()) == 1
    assert again.report["repeated"] is True


def test_an_order_of_ten_thousand_lines_is_legal_and_one_more_is_refused(shop: Shop) -> None:
    """Failure 11."""
    many = [item(id=number, quantity=1, price="1.00", fulfillable_quantity=1) for number in range(10_001)]
    legal = given(shop, "many.json", json.dumps(shopify(line_items=many[:10_000], total_price="10007.95")))

    read = shop.tell("capture", legal)
    refused = shop.run(shopify(line_items=many))

    assert (read.code, refused.code) == (0, 1)
    assert shop.done() == NOTHING
    assert "10000" in read.words
    assert "10,001 lines; 10,000 are the most of one order" in refused.words


def test_a_file_that_is_too_large_is_refused_before_it_is_read_and_an_archive_is_not_unpacked(shop: Shop) -> None:
    """Failure 11."""
    large = shop.folder / "large.json"
    with large.open("wb") as file:
        file.truncate(65 * 1024 * 1024)  # sparse: it takes no room

    too_large = shop.tell("run", "order-to-delivery", "--input", str(large))
    packed = shop.run(b"\x1f\x8b\x08\x00" + bytes(40))

    assert too_large.code in {1, 2}
    assert packed.code == 1
    assert shop.done() == NOTHING
    assert "larger than 64 MB" in too_large.words
    assert "JSON lines" in too_large.words
    assert "a gzip archive" in packed.words


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">']
)
def test_an_entity_in_ubl_is_refused_before_it_reads_or_grows(entity: str, shop: Shop) -> None:
    """Failure 12."""
    file = given(shop, "order.xml", ubl().replace("?>\n", f"?>\n<!DOCTYPE Order [{entity}]>\n", 1))

    told = shop.tell("run", "order-to-delivery", "--input", file, "--json")

    assert (told.code, told.reports) == (1, [])
    assert shop.done() == NOTHING
    assert "X002" in told.words
    assert "order.xml:2" in told.words
    assert "root:" not in told.words


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("1,2026-03-02 10:00:00,MUG, blue,1,9.95", "V602", "day.csv:2"),
        ("1;2026-03-02 10:00:00;MUG;1;9.95", "V602", "day.csv:2"),
        ('1,2026-03-02 10:00:00,MUG,1,"1.234,50"', "V605", "column `Price`"),
        ("1,2026-03-02 10:00:00,1.23E+12,1,9.95", "V606", "column `Article`"),
    ],
)
def test_a_row_of_a_csv_that_was_mangled_is_told_with_its_cell(row: str, code: str, cell: str, day: Shop) -> None:
    """Failure 14."""
    told = day.tell("run", "day", "--input", given(day, "day.csv", f"{HEADER}\n{row}\n"), "--json")

    assert (told.code, told.reports) == (1, [])
    assert day.mails() == []
    assert code in told.words
    assert cell in told.words


def test_a_workbook_with_too_many_bad_rows_is_refused_whole(day: Shop) -> None:
    """Failure 14."""
    map_ = day.folder / "mappings/day.columns.yaml"
    map_.write_text(map_.read_text() + "stop_at: 20%\n")
    rows = [changed(Order=number, Zip=None, Country=None, Price="x" if number > 2 else 1) for number in range(1, 6)]

    told = day.tell("run", "day", "--input", given(day, "day.xlsx", workbook(*rows)), "--json")

    assert (told.code, told.reports) == (1, [])
    assert day.mails() == []
    assert "3 of 5 rows are bad" in told.words
    assert "day.xlsx:Orders!E4" in told.words


def test_a_file_that_is_half_written_waits_until_it_is_whole(day: Shop) -> None:
    """Failure 15."""
    growing = given(day, "in/day.csv.part", f"{HEADER}\n{ROW}")

    first = day.tell("run", "day", "--input", "in", "--claim")
    assert (first.code, day.mails()) == (0, [])
    Path(growing).rename(day.folder / "in/day.csv")
    second = day.tell("run", "day", "--input", "in", "--claim")

    assert second.code == 0
    assert len(day.mails()) == 1
    assert [file.name for file in (day.folder / "in/done").iterdir()] == ["day.csv"]


def test_the_same_file_under_another_name_is_skipped_with_a_notice(day: Shop) -> None:
    """Failure 16."""
    for name in ("in/day.csv", "in/day (1).csv"):
        given(day, name, f"{HEADER}\n{ROW}\n")
        told = day.tell("run", "day", "--input", "in", "--claim")

    assert told.code == 0
    assert len(day.mails()) == 1
    assert "day (1).csv: skipped, it says what day.csv of " in told.words
