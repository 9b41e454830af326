"""Whether the parts of an order add up, in the ways in which channels state them."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom.model import Discount, Fee, Money, Order, ShippingLine, TaxLine, Totals
from tests.nodes.orders import costing, good_order, mug, notes, problem, problems, usd


def off(amount: str) -> tuple[Discount, ...]:
    return (Discount(code="OFF", amount=usd(amount)),)


def tax(amount: str, **more: Any) -> tuple[TaxLine, ...]:
    return (TaxLine(title="tax", amount=usd(amount), **more),)


def shipping(price: str, **more: Any) -> tuple[ShippingLine, ...]:
    return (ShippingLine(title="standard", price=usd(price), **more),)


@pytest.mark.parametrize(
    "order",
    [
        costing("22.00", discounts=off("3.00")),
        costing("22.00", lines=(mug(discounts=off("3.00")),)),
        costing("22.00", discounts=off("3.00"), lines=(mug(discounts=off("3.00")),)),
        costing("19.00", discounts=off("3.00"), lines=(mug(discounts=(Discount(title="other", amount=usd("3.00")),)),)),
        costing("30.00", shipping_lines=shipping("5.00")),
        costing("25.00", shipping_lines=shipping("5.00", discounts=off("5.00"))),
        costing("25.00", shipping_lines=shipping("5.00", discounts=off("5.00")), discounts=off("5.00")),
        costing("27.00", taxes=tax("2.00")),
        costing("27.00", lines=(mug(taxes=tax("2.00")),)),
        costing("27.00", taxes=tax("2.00"), lines=(mug(taxes=tax("2.00")),)),
        costing("25.00", taxes=tax("2.00"), taxes_included=True),
        costing("25.00", taxes=tax("2.00", included=True)),
        costing("28.00", fees=(Fee(type="tip", amount=usd("3.00")),)),
        good_order(
            totals=Totals(shipping=usd("4.00"), tax=usd("1.00"), discount=usd("2.00"), grand_total=usd("28.00"))
        ),
        good_order(discounts=off("5.00"), totals=Totals(discount=usd("0.00"), grand_total=usd("25.00"))),
    ],
)
def test_sums_are_right_when_some_reading_of_the_parts_gives_the_total(order: Order) -> None:
    assert problems(order) == ()


def candle(**changes: Any) -> Any:
    return mug(line_id="2", sku="CANDLE", quantity=1, unit_price=usd("20.00"), requires_shipping=True, **changes)


def edited(total: str, current: str | None, subtotal: str, **candles: Any) -> Order:
    """Two mugs for 25.00 and a candle for 20.00 that an edit added, or took off again."""
    totals = Totals(
        grand_total=usd(total), subtotal=usd(subtotal), discount=usd("0.00"), tax=usd("0.00"),
        current_total=usd(current) if current else None,
    )
    return good_order(lines=(mug(), candle(**candles)), totals=totals)


@pytest.mark.parametrize(
    "order",
    [
        edited("45.00", "25.00", "45.00", quantity_cancelled=1),
        edited("25.00", None, "25.00", quantity_cancelled=1),
        edited("25.00", "45.00", "25.00"),
        edited("24.00", None, "25.00", quantity_cancelled=1, taxes=tax("9.00")).model_copy(
            update={"discounts": off("1.00")}
        ),
    ],
    ids=["old total, all lines", "new total, what is left", "old total, a line added", "shares go with their line"],
)
def test_an_edited_order_is_right_by_its_old_total_or_by_its_new_one(order: Order) -> None:
    assert problems(order) == ()


def test_half_a_line_that_was_taken_off_takes_half_of_its_discount_and_tax_along() -> None:
    left = mug(quantity_cancelled=1, discounts=off("5.00"), taxes=tax("2.00"))

    assert problems(costing("11.00", lines=(left,))) == ()
    assert problem(costing("10.00", lines=(left,))).code == "V131"


@pytest.mark.parametrize(
    "order",
    [
        edited("44.00", "45.00", "45.00"),
        edited("25.00", "45.00", "45.00"),
        edited("25.00", None, "25.00"),
        edited("30.00", "25.00", "45.00", quantity_cancelled=1),
        edited("25.00", "50.00", "25.00"),
    ],
    ids=["a wrong total beside a right one", "of other parts", "no word of an edit", "neither", "a wrong new total"],
)
def test_a_total_that_is_simply_wrong_stays_wrong_beside_an_edit(order: Order) -> None:
    assert problem(order).code == "V131"


def test_a_tip_that_is_one_of_the_lines_is_not_counted_twice() -> None:
    tip = mug(line_id="2", sku="", quantity=1, unit_price=usd("3.00"), requires_shipping=False)
    fees = (Fee(type="tip", amount=usd("3.00")),)

    assert problems(costing("28.00", lines=(mug(), tip), fees=fees)) == ()
    assert problems(costing("31.00", lines=(mug(), tip), fees=fees)) == ()
    assert problem(costing("25.00", lines=(mug(),), fees=fees)).code == "V131"


@pytest.mark.parametrize("total", ["24.99", "25.00", "25.01"])
def test_one_minor_unit_a_line_is_rounding(total: str) -> None:
    assert problems(costing(total)) == ()


def test_two_minor_units_on_one_line_are_a_difference() -> None:
    found = problem(costing("25.02"))

    assert found.code == "V131"
    assert found.message.endswith("the order says 25.02 USD: 0.02 USD more")
    assert found.fix == "25.00"


def test_the_nearest_reading_is_the_one_that_is_shown() -> None:
    order = good_order(discounts=off("5.00"), totals=Totals(discount=usd("0.00"), grand_total=usd("19.00")))

    found = problem(order)

    assert "25.00 goods − 5.00 discount" in found.message
    assert "its discount total says 0.00" in (found.help or "")


def test_a_difference_of_a_whole_line_says_so() -> None:
    order = costing("25.00", lines=(mug(), mug(line_id="2", quantity=1, unit_price=usd("7.00"))))

    assert "the difference is what line 2 costs" in (problem(order).help or "")


def yen(amount: str, price: str = "500") -> Order:
    totals = Totals(grand_total=Money.of(amount, "JPY"))
    return good_order(currency="JPY", lines=(mug(unit_price=Money.of(price, "JPY")),), totals=totals)


def test_there_is_no_half_yen_and_a_dinar_has_three_digits() -> None:
    lines = (mug(quantity=3, unit_price=Money.of("0.333", "KWD")),)
    dinar = good_order(currency="KWD", lines=lines, totals=Totals(grand_total=Money.of("0.999", "KWD")))

    found = problem(yen("1000.5"))
    assert (found.code, found.path, found.fix) == ("V132", "totals.grand_total.amount", "1000")
    assert found.message == "1000.5 JPY cannot be paid: JPY has no unit smaller than 1"
    assert problems(yen("1000.00")) == ()
    assert problems(dinar) == ()


def test_decimals_are_exact() -> None:
    lines = (mug(quantity=1, unit_price=usd("0.1")), mug(line_id="2", quantity=1, unit_price=usd("0.2")))

    assert problems(costing("0.30", lines=lines)) == ()


def test_a_line_that_has_to_be_rounded_is_a_note() -> None:
    order = yen("10", price="5.0025")

    assert problems(order) == ()
    assert [note.code for note in notes(order)] == ["V126"]


def test_a_negative_total_is_held() -> None:
    assert "V133" in {found.code for found in problems(costing("-25.00"))}


def test_a_line_total_that_does_not_fit_its_line_is_a_note() -> None:
    order = good_order(lines=(mug(line_total=usd("12.50")),))

    assert problems(order) == ()
    assert notes(order)[0].message == "line 1 adds up to 25.00 USD, it says 12.50 USD"
