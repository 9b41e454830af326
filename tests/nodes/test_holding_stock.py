"""Units that are held for a while: for nobody else meanwhile, for everybody afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from orderloom_nodes.release_stock import release_stock
from orderloom_nodes.reserve_stock import Reserved, Short, reserve_stock
from orderloom_nodes.route import Routed, route
from orderloom_nodes.route import Short as NotRouted
from tests.nodes.making import MONDAY, level, line, order, world

HELD = timedelta(minutes=30)


def test_units_whose_time_is_over_are_planned_with_again() -> None:
    """Nobody may call them back: a run that was killed never does."""
    shelves = world([level("newark", "MUG", 4)])
    held = reserve_stock(order=order(line("MUG", 4)), world=replace(shelves, key="basket"), hold=HELD)

    meanwhile = route(order=order(line("MUG", 4)), world=replace(shelves, key="o2"))
    later = replace(shelves, key="o3", clock=replace(shelves.clock, moment=MONDAY + HELD))

    assert isinstance(held, Reserved)
    assert isinstance(meanwhile, NotRouted)
    assert isinstance(route(order=order(line("MUG", 4)), world=later), Routed)


def test_the_last_unit_goes_to_one_of_two_orders_and_the_other_is_short() -> None:
    shelves = world([level("newark", "MUG", 1)])

    first, second = (
        reserve_stock(order=order(line("MUG")), world=replace(shelves, key=key)) for key in ("first", "second")
    )

    assert isinstance(first, Reserved)
    assert isinstance(second, Short)
    assert [(one.sku, one.wanted, one.available) for one in second.missing] == [("MUG", 1, 0)]


def test_what_is_given_up_is_there_for_the_next_and_given_up_once() -> None:
    shelves = world([level("newark", "MUG", 1)])
    held = reserve_stock(order=order(line("MUG")), world=replace(shelves, key="first"))
    assert isinstance(held, Reserved)

    told = [release_stock(reservation=held.reservation, world=replace(shelves, key=key)).now for key in ("a", "b")]

    assert told == [True, False]
    assert isinstance(reserve_stock(order=order(line("MUG")), world=replace(shelves, key="second")), Reserved)
