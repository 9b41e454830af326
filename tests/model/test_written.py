"""Documents as they are written: amounts and measures are text in JSON and numbers to a rule."""

from __future__ import annotations

from decimal import Decimal

from orderloom.model.written import read_figures


def test_the_amount_of_money_and_the_value_of_a_measure_are_numbers_with_their_digits() -> None:
    price, weight = {"amount": "89.50", "currency": "USD"}, {"value": "2", "unit": "kg"}

    [line] = read_figures([{"price": price, "weight": weight}])

    assert str(line["price"]["amount"]) == "89.50"
    assert line["weight"]["value"] == Decimal(2)


def test_all_else_is_as_it_was() -> None:
    data = {"sku": "02134", "amount": "5", "price": {"amount": "five", "currency": "USD"}, "many": [1, None, True]}

    assert read_figures(data) == data
