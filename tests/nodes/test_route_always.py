"""What `route` always holds to, over random orders, stock and locations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderloom.model import Line, Location, Order, ShippingPreferences, StockLevel
from orderloom_nodes.route import Routed, Short, route
from tests.nodes.making import TOWNS, hazardous, level, line, location, order, world

SKUS = ("A", "B", "C")
SOME_TOWNS = st.lists(st.sampled_from(sorted(TOWNS)), min_size=1, max_size=5, unique=True)


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    made = []
    for number in range(draw(st.integers(1, 4))):
        kind = hazardous if draw(st.booleans()) and draw(st.booleans()) else line
        quantity = draw(st.integers(1, 5))
        made.append(kind(draw(st.sampled_from(SKUS)), quantity).model_copy(update={"line_id": str(number)}))
    return made


@st.composite
def situations(draw: st.DrawFn) -> tuple[Order, list[StockLevel], list[Location]]:
    places = [location(town, capabilities=("hazmat",) if draw(st.booleans()) else ()) for town in draw(SOME_TOWNS)]
    levels = [
        level(place.location_id, sku, draw(st.integers(-1, 8)), safety_stock=draw(st.integers(0, 2)))
        for place in places
        for sku in SKUS
        if draw(st.booleans())
    ]
    preferences = ShippingPreferences(allow_split=draw(st.booleans()))
    return order(*draw(lines()), shipping_preferences=preferences), levels, places


@given(situations())
def test_nothing_is_lost_sent_twice_or_promised_that_is_not_there(
    situation: tuple[Order, list[StockLevel], list[Location]],
) -> None:
    asked, levels, places = situation
    available = {(found.location_id, found.sku): found.available for found in levels}

    result = route.call(asked, world(levels, places))

    if isinstance(result, Routed):
        for wanted in asked.lines:
            going = [
                found.quantity
                for shipment in result.shipments
                for found in shipment.lines
                if found.line_id == wanted.line_id
            ]
            assert sum(going) == wanted.quantity_open
        for shipment in result.shipments:
            for sku in {found.sku for found in shipment.lines}:
                taken = sum(found.quantity for found in shipment.lines if found.sku == sku)
                assert taken <= available[shipment.location_id, sku]


@given(situations())
def test_dangerous_goods_only_leave_where_they_may_and_an_unsplittable_order_leaves_once(
    situation: tuple[Order, list[StockLevel], list[Location]],
) -> None:
    asked, levels, places = situation
    able = {place.location_id for place in places if "hazmat" in place.capabilities}

    result = route.call(asked, world(levels, places))

    for shipment in result.shipments if isinstance(result, Routed) else ():
        assert shipment.location_id in able or not shipment.hazmat
        assert asked.shipping_preferences is not None
        assert asked.shipping_preferences.allow_split or len(result.shipments) == 1


@given(situations(), st.data())
def test_the_answer_never_depends_on_the_order_of_locations_and_levels(
    situation: tuple[Order, list[StockLevel], list[Location]], data: st.DataObject
) -> None:
    asked, levels, places = situation

    first = route.call(asked, world(levels, places))
    second = route.call(asked, world(data.draw(st.permutations(levels)), data.draw(st.permutations(places))))

    assert first == second


@given(situations())
def test_every_location_sends_something_or_has_a_reason(
    situation: tuple[Order, list[StockLevel], list[Location]],
) -> None:
    asked, levels, places = situation

    result = route.call(asked, world(levels, places))

    sending = [shipment.location_id for shipment in result.shipments] if isinstance(result, Routed) else []
    assert sorted([*sending, *(passed.location_id for passed in result.reasons)]) == sorted(
        p.location_id for p in places
    )
    assert all(passed.reason for passed in result.reasons)
    assert isinstance(result, Routed) or (isinstance(result, Short) and result.missing)
