"""Cartons: every unit in just one, none through another or through a wall, none too heavy."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import ProblemsError
from orderloom.model import Dimensions, Handling, Hazmat, Line, Measure, Shipment, ShipmentLine
from orderloom.source import parse_yaml
from orderloom_nodes.pack import FilledCarton, Packed, Unpackable, pack
from orderloom_nodes.pack.boxes import Boxes
from orderloom_nodes.pack.cartons import cartons_of, fewest
from orderloom_nodes.pack.filling import fill
from orderloom_nodes.pack.units import Kind, Unit
from tests.nodes.orders import good_order, mug
from tests.searching import search

BOXES = """
S: {inside: [30, 20, 15], unit: cm, max_kg: 10, empty_kg: 0.2}
M: {inside: [16, 12, 12], outside: [17, 13, 13], unit: in, max_kg: 20, empty_kg: 0.4}
L: {inside: [600, 400, 400], unit: mm, max_kg: 30, empty_kg: 0.8}
"""


def boxes(text: str = BOXES) -> Boxes:
    return Boxes.read(parse_yaml(text, "boxes.yaml"))


def article(
    line_id: str, sides: tuple[object, object, object], *, grams: int = 100, quantity: int = 1, unit: str = "cm",
    **handling: object,
) -> Line:  # fmt: skip
    measures = dict(zip(("length", "width", "height"), sides, strict=True)) | {"unit": unit}
    return mug(
        line_id=line_id, sku=f"SKU-{line_id}", quantity=quantity, weight=Measure(value=Decimal(grams), unit="g"),
        dimensions=Dimensions.model_validate(measures), handling=Handling.model_validate(handling),
    )  # fmt: skip


def packed(*lines: Line, among: Boxes | None = None) -> Packed | Unpackable:
    order = good_order(lines=lines)
    parts = tuple(ShipmentLine(line_id=line.line_id, sku=line.sku, quantity=line.quantity) for line in lines)
    shipment = Shipment(shipment_id="s1", order_id=order.order_id, location_id="reno", lines=parts)
    return pack(shipment=shipment, order=order, boxes=among or boxes())


def well(found: Packed | Unpackable) -> Packed:
    assert isinstance(found, Packed), found
    return found


def in_boxes(found: Packed) -> list[str | None]:
    return [carton.box for carton in found.cartons]


# What must always hold


SIDE = st.integers(1, 24)
HANDLING = st.fixed_dictionaries({
    "ship_alone": st.booleans(), "upright": st.booleans(),
    "hazmat": st.sampled_from([None, None, {"hazard_class": "3"}, {"hazard_class": "9"}]),
})  # fmt: skip
LINES = st.lists(
    st.tuples(st.tuples(SIDE, SIDE, SIDE), st.integers(1, 3000), st.integers(1, 9), HANDLING), min_size=1, max_size=6
)  # fmt: skip


@search(100)
@given(LINES)
def test_every_unit_always_lies_in_just_one_carton_inside_of_it_and_through_no_other(
    drawn: list[tuple[tuple[int, int, int], int, int, dict[str, object]]],
) -> None:
    lines = [
        article(str(number), sides, grams=grams, quantity=quantity, **{k: v for k, v in handling.items() if v})
        for number, (sides, grams, quantity, handling) in enumerate(drawn)
    ]

    found = well(packed(*lines))

    assert Counter(unit.line_id for one in found.cartons for unit in one.units) == {
        line.line_id: line.quantity for line in lines
    }
    for carton, package in zip(found.cartons, found.shipment.packages, strict=True):
        lies_well(carton)
        is_told_of(carton, package.lines)
        assert package.weight is not None
        box = next((box for box in boxes().boxes if box.code == carton.box), None)
        assert box is None or package.weight.grams <= box.room_mg / 1000 + float(box.empty_kg * 1000)
    assert 1 <= found.at_least <= len(found.cartons)


def lies_well(carton: FilledCarton) -> None:
    spans = [
        tuple((at, at + size) for at, size in zip(unit.at_cm, unit.size_cm, strict=True)) for unit in carton.units
    ]
    inside = next((box.inside for box in boxes().boxes if box.code == carton.box), None)
    for span in spans:
        assert all(low >= 0 for low, _ in span)
        assert inside is None or all(high * 100 <= side for (_, high), side in zip(span, inside, strict=True))
    for one, other in combinations(spans, 2):
        apart = any(a[1] <= b[0] or b[1] <= a[0] for a, b in zip(one, other, strict=True))
        assert apart, (one, other)


def is_told_of(carton: FilledCarton, lines: tuple[ShipmentLine, ...]) -> None:
    assert Counter(unit.line_id for unit in carton.units) == {line.line_id: line.quantity for line in lines}


def test_the_same_goods_are_packed_the_same_way_again() -> None:
    lines = [article(str(number), (3 + number, 14 - number, 9), quantity=number) for number in range(1, 9)]

    assert packed(*lines) == packed(*lines)


# How well


def test_twelve_units_that_fit_just_so_go_into_one_box() -> None:
    """py3dbp 1.1.2 packs ten of them."""
    found = well(packed(article("1", (10, 10, 7), quantity=12)))

    assert in_boxes(found) == ["S"]
    assert found.cartons[0].fill_percent == Decimal("93.3")


@pytest.mark.parametrize("turned", [(10, 7, 10), (7, 10, 10)])
def test_it_does_not_matter_how_a_unit_was_measured(turned: tuple[int, int, int]) -> None:
    assert in_boxes(well(packed(article("1", turned, quantity=12)))) == ["S"]


@pytest.mark.parametrize(
    ("sides", "count"), [((15, 10, 5), 12), ((5, 5, 5), 72), ((30, 20, 1), 15), ((10, 4, 3), 75), ((7.5, 5, 3), 80)]
)  # fmt: skip
def test_units_that_fill_a_box_to_the_last_corner_fit_it(sides: tuple[float, ...], count: int) -> None:
    kind = Kind("1", "A", tuple(int(side * 100) for side in sides), 1, False, False, "")  # type: ignore[arg-type]

    assert not fill((3000, 2000, 1500), 10**9, [Unit(kind, number) for number in range(count)]).left


def test_what_is_left_over_goes_into_the_smallest_box_that_takes_it() -> None:
    found = well(packed(article("1", (20, 20, 20), quantity=13), article("2", (5, 5, 5))))

    assert in_boxes(found) == ["L", "M"]
    assert found.at_least == 2


def test_a_box_is_never_heavier_than_it_may_be() -> None:
    found = well(packed(article("1", (5, 5, 5), grams=2_000, quantity=20), among=boxes(BOXES.splitlines()[1])))

    assert [len(carton.units) for carton in found.cartons] == [4, 4, 4, 4, 4]
    assert found.at_least == 5


def test_the_bound_counts_units_of_which_no_two_fit_one_box() -> None:
    kind = Kind("1", "A", (3100, 3100, 3100), 1, False, False, "")
    units = [Unit(kind, number) for number in range(3)]

    assert fewest(units, boxes().boxes) == len(cartons_of(units, boxes().boxes)) == 3


# What must not lie together, or not so


def test_dangerous_goods_lie_apart_from_others_and_from_those_of_another_class() -> None:
    acid, battery = Hazmat(hazard_class="8"), Hazmat(hazard_class="9")
    found = well(
        packed(
            article("1", (5, 5, 5), hazmat=acid), article("2", (5, 5, 5), hazmat=battery), article("3", (5, 5, 5)),
            article("4", (5, 5, 5), hazmat=acid),
        )
    )  # fmt: skip

    assert [{unit.line_id for unit in carton.units} for carton in found.cartons] == [{"1", "4"}, {"2"}, {"3"}]


def test_cold_goods_lie_apart_from_warm_ones() -> None:
    found = well(packed(article("1", (5, 5, 5), temperature="frozen"), article("2", (5, 5, 5))))

    assert len(found.cartons) == 2


def test_each_unit_that_ships_alone_has_a_box_of_its_own() -> None:
    found = well(packed(article("1", (5, 5, 5), quantity=3, ship_alone=True), article("2", (5, 5, 5), quantity=2)))

    assert [len(carton.units) for carton in found.cartons] == [1, 1, 1, 2]


def test_a_unit_that_stands_upright_is_never_tipped_over() -> None:
    tall = (10, 10, 25)

    assert in_boxes(well(packed(article("1", tall)))) == ["S"]
    found = well(packed(article("1", tall, upright=True)))
    assert in_boxes(found) == ["M"]
    assert found.cartons[0].units[0].size_cm[2] == 25


# What cannot be packed


def test_goods_that_no_box_takes_are_named_with_their_measures() -> None:
    found = packed(article("1", (90, 10, 10)), article("2", (5, 5, 5), grams=31_000))

    assert isinstance(found, Unpackable)
    assert found.reasons == (
        "line 1 (90 x 10 x 10 cm, 0.1 kg) fits no box: add one, or let it ship alone",
        "line 2 (5 x 5 x 5 cm, 31 kg) fits no box: add one, or let it ship alone",
    )


def test_goods_without_measures_are_named() -> None:
    found = packed(mug(line_id="1", weight=Measure(value=Decimal(1), unit="kg"), dimensions=None))

    assert isinstance(found, Unpackable)
    assert "line 1 has no weight or no measures" in found.reasons[0]


def test_a_pallet_is_not_packed_in_boxes() -> None:
    found = packed(article("1", (5, 5, 5), quantity=2_001))

    assert isinstance(found, Unpackable)
    assert "plan pallets" in found.reasons[0]


# The file of boxes


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("S: {inside: [30, 20], unit: cm, max_kg: 1}", "C202", "length, width and height"),
        ("S: {inside: [30, 20, 0], unit: cm, max_kg: 1}", "C205", "above 0"),
        ("S: {inside: [30, 20, 15], unit: feet, max_kg: 1}", "C206", "no unit of length"),
        ("S: {inside: [30, 20, 15], unit: cm}", "C204", "no `max_kg`"),
        ("S: {inside: [30, 20, 15], unit: cm, max_kg: 1, wide: 2}", "C203", "`wide` is no key"),
        ("S: {inside: [30, 20, 15], unit: cm, max_kg: 1, empty_kg: 1}", "C212", "weighs 1 kg"),
        ("S: {inside: [30, 20, 15], outside: [30, 20, 14], unit: cm, max_kg: 1}", "C212", "larger inside"),
        ("{}", "C211", "no box"),
    ],
)
def test_a_box_that_cannot_be_is_told_with_its_place(text: str, code: str, told: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        boxes(text)

    [problem] = caught.value.problems
    assert (problem.code, problem.place.file) == (code, "boxes.yaml")
    assert told in problem.message


def test_a_box_measured_in_inches_is_as_large_as_in_centimetres() -> None:
    [one] = boxes("S: {inside: [10, 10, 10], unit: in, max_kg: 1}").boxes

    assert one.inside == (2540, 2540, 2540)
