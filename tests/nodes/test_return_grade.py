"""Goods that came back are graded lot by lot, and what is given back for them never goes beyond what was due."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import NodeError
from orderloom.model import Location, Order, Return, StockLevel, Take
from orderloom.testing import StockOf
from orderloom_nodes.restock import Inspected, restock
from tests.nodes.grading import graded
from tests.nodes.orders import usd
from tests.nodes.paying import NOON, Till, back
from tests.nodes.selling import sold
from tests.searching import search


def two(resolution: str = "refund") -> Return:
    line = {"line_id": "1", "sku": "MUG", "quantity": 2, "reason": "damaged", "resolution": resolution}
    return back(delivered_at=NOON, lines=[line])


def test_units_of_one_line_in_two_conditions_are_two_lots_with_a_share_each() -> None:
    lots = [{"sku": "MUG", "quantity": 1, "condition": "new"}, {"sku": "MUG", "quantity": 1, "condition": "opened"}]

    told = graded(Till(), {"lines": lots}, two())

    assert (told.outcome, told.amount) == ("restock_and_refund", usd("19.00"))
    assert [(one.disposition, one.refund) for one in told.lines] == [
        ("restock", usd("10.00")), ("refurbish", usd("9.00")),
    ]  # fmt: skip
    assert told.reasons == ("1 x MUG: can be sold as new", "1 x MUG: opened and sold again for less")


def test_units_that_did_not_come_are_not_paid_for() -> None:
    told = graded(Till(), {"condition": "new", "lines": [{"sku": "MUG", "quantity": 1}]}, two())

    assert (told.amount, [one.received for one in told.lines]) == (usd("10.00"), [1])


def test_a_parcel_of_which_only_the_condition_is_told_held_all_that_was_announced() -> None:
    told = graded(Till(), {"condition": "used", "lines": []}, two())

    assert (told.outcome, told.amount) == ("refund", usd("10.00"))
    assert told.moves == (Inspected(sku="MUG", quantity=2, condition="used", disposition="liquidate"),)


def test_more_units_than_announced_are_looked_at_and_only_those_announced_are_worth_something() -> None:
    told = graded(Till(), {"condition": "new", "lines": [{"sku": "MUG", "quantity": 5}]}, two())

    assert (told.outcome, told.amount) == ("review", usd("20.00"))
    assert told.reasons[-1] == "5 of MUG came back, and 2 were announced"


def test_goods_to_be_exchanged_are_replaced_and_no_money_is_owed() -> None:
    told = graded(Till(), {"condition": "damaged", "lines": []}, two("exchange"))

    assert (told.outcome, told.amount) == ("replace", usd("0.00"))


def test_the_warehouse_has_the_last_word_on_where_goods_go() -> None:
    lots = [{"sku": "MUG", "quantity": 2, "condition": "new", "disposition": "destroy", "location_id": "bin"}]

    told = graded(Till(), {"lines": lots}, two())

    assert (told.lines[0].disposition, told.lines[0].location_id) == ("destroy", "bin")


@search(80)
@given(of=sold(), data=st.data())
def test_in_whatever_lots_and_conditions_goods_come_what_goes_back_is_never_more_than_due_and_all_of_it_for_new_ones(
    of: Order, data: st.DataObject
) -> None:
    bought = of.model_copy(update={"payment": of.payment.model_copy(update={"status": "paid"})})
    lines = [
        {"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity, "reason": "arrived_late"}
        for line in of.lines
    ]
    request = Return.model_validate({
        "return_id": "r", "order_id": of.order_id, "requested_at": NOON, "delivered_at": NOON, "lines": lines,
    })  # fmt: skip
    conditions = st.sampled_from(["new", "like_new", "opened", "used", "damaged"])
    lots = [
        {"line_id": line.line_id, "quantity": 1, "condition": data.draw(conditions)}
        for line in of.lines for _ in range(data.draw(st.integers(0, line.quantity)))
    ]  # fmt: skip

    told: Any = graded(Till(), {"condition": "missing", "lines": lots}, request, bought)
    whole: Any = graded(Till(), {"condition": "new", "lines": []}, request, bought)

    assert 0 <= told.amount.amount <= whole.amount.amount
    assert whole.amount == of.totals.grand_total


# where they go


def shelves(*, apart: bool) -> StockOf:
    places = [
        Location.model_validate({"location_id": name, "enabled": enabled, "address": {"country_code": "US"}})
        for name, enabled in (("reno", True), ("workshop", not apart))
    ]
    return StockOf([StockLevel(location_id="reno", sku="MUG", on_hand=4)], places)


def test_goods_to_be_refurbished_are_counted_where_nothing_is_sold_from() -> None:
    keeper = shelves(apart=True)
    lines = [
        Inspected(sku="MUG", quantity=2, disposition="refurbish"), Inspected(sku="MUG", disposition="restock"),
        Inspected(sku="MUG", disposition="destroy"),
    ]  # fmt: skip

    done = restock(lines, Till().world(stock=keeper), places={"refurbish": "workshop"})

    assert done.takes == (Take(location_id="reno", sku="MUG", quantity=1),)
    assert done.aside == (Take(location_id="workshop", sku="MUG", quantity=2),)
    assert [(one.quantity, one.why) for one in done.left] == [(1, "it is to be treated otherwise: destroy")]


def test_goods_that_are_no_stock_to_sell_are_never_put_where_they_would_be_sold() -> None:
    lines = [Inspected(sku="MUG", disposition="quarantine", location_id="workshop")]

    with pytest.raises(NodeError, match=r"1 of MUG \(quarantine\) would be sold from workshop: name a location"):
        restock(lines, Till().world(stock=shelves(apart=False)))
