"""Rows of a CSV that are not what they should be: no order is run without one of its lines, no figure is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom import PassedOver, Place, Unreadable
from orderloom.model import Order
from orderloom_nodes.capture.formats.csv_rows import ColumnMap, read_orders

MAP = """
columns: day
one_order: =row.Order
order: {ordered_at: "2026-03-02T10:00:00Z", currency: EUR}
line: {sku: =row.Article, quantity: =row.Pieces, unit_price: =row.Price}
"""
HEADER = "Order,Article,Pieces,Price\n"


@pytest.fixture
def columns(tmp_path: Path) -> ColumnMap:
    return column_map(tmp_path)


def column_map(folder: Path, more: str = "") -> ColumnMap:
    (folder / "day.columns.yaml").write_text(MAP + more)
    return ColumnMap.load_setting("day.columns.yaml", Place("flow.yaml"), [folder])


def read(text: str, columns: ColumnMap) -> tuple[list[str], list[Unreadable]]:
    """The numbers of the orders that would run, and what is kept back."""
    made = list(read_orders(text.encode(), "day.csv", columns, "main"))
    assert not any(isinstance(one, PassedOver) for one in made)
    numbers = [one.order_number or "" for one in made if isinstance(one, Order)]
    return numbers, [one for one in made if isinstance(one, Unreadable)]


def places(kept: list[Unreadable]) -> list[tuple[str, int]]:
    return [(problem.code, problem.place.line) for one in kept for problem in one.problems]


def test_a_row_with_a_cell_too_few_keeps_back_the_order_in_whose_midst_it_stands(columns: ColumnMap) -> None:
    numbers, kept = read(f"{HEADER}1,MUG,1,2.00\nCUP,1,2.00\n1,TEA,1,2.00\n2,MUG,1,2.00\n", columns)

    assert numbers == ["2"]
    assert places(kept) == [("V602", 3)]


def test_one_between_two_orders_keeps_back_both_for_it_may_be_of_either(columns: ColumnMap) -> None:
    numbers, kept = read(f"{HEADER}1,MUG,1,2.00\nCUP,1,2.00\n2,MUG,1,2.00\n3,MUG,1,2.00\n", columns)

    assert numbers == ["3"]
    assert places(kept) == [("V602", 3), ("V602", 3)]
    assert "order 1" in kept[0].problems[0].message
    assert "order 2" in kept[1].problems[0].message


def test_one_at_the_end_keeps_back_the_last_order(columns: ColumnMap) -> None:
    numbers, kept = read(f"{HEADER}1,MUG,1,2.00\n2,MUG,1,2.00\nCUP,1,2.00\n", columns)

    assert numbers == ["1"]
    assert places(kept) == [("V602", 4)]


def test_what_is_kept_back_has_its_header_and_every_cell_that_it_came_with(columns: ColumnMap) -> None:
    _, [kept] = read(f'{HEADER}1,"MUG, green",1,2.00,left over\n', columns)

    assert kept.document == 'Order,Article,Pieces,Price\n1,"MUG, green",1,2.00,left over'


def test_an_order_in_which_the_file_breaks_off_is_kept_back_and_named(columns: ColumnMap) -> None:
    numbers, kept = read(f'{HEADER}1,MUG,1,2.00\n2,MUG,1,2.00\n2,"CUP,1,2.00\n', columns)

    assert numbers == ["1"]
    assert places(kept) == [("V601", 4), ("V601", 4)]
    assert kept[0].problems[0].message == "order 2 may go on from here, where the file cannot be read"


def test_the_line_by_which_excel_names_the_separator_is_heeded_and_counted(columns: ColumnMap) -> None:
    text = "sep=;\r\n" + f"{HEADER}1,MUG,1,2.00\n2,CUP,two,2.00\n".replace(",", ";").replace("\n", "\r\n")

    numbers, kept = read(text, columns)

    assert numbers == ["1"]
    assert places(kept) == [("V605", 4)]


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1.234,50", "1234.5"), ("1.234.567", "1234567"), ("2,55", "2.55"), ("12.34.567,5", "1234567.5"), ("255", "255")],
)
def test_thousands_that_are_set_apart_are_read(tmp_path: Path, written: str, amount: str) -> None:
    columns = column_map(tmp_path, 'numbers: {decimal: ",", thousands: "."}\n')

    [order] = read_orders(f'{HEADER}1,MUG,1,"{written}"\n'.encode(), "day.csv", columns, "main")

    assert isinstance(order, Order)
    assert str(order.totals.grand_total.amount) == amount


@pytest.mark.parametrize("written", ["2.55", "1.2345", "1234.56,00", ".255", "1..234", "٢٥٥"])
def test_a_sign_between_thousands_that_stands_elsewhere_is_no_number(tmp_path: Path, written: str) -> None:
    columns = column_map(tmp_path, 'numbers: {decimal: ",", thousands: "."}\n')

    numbers, kept = read(f'{HEADER}1,MUG,1,"{written}"\n', columns)

    assert numbers == []
    assert places(kept) == [("V605", 2)]
