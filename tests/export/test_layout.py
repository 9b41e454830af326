"""The layered layout: nothing overlaps, all runs downwards, the same input gives the same picture."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orderloom.export.layout import LABEL_HEIGHT, Box, Layout, Link, Point, layout


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Link]]:
    count = draw(st.integers(1, 12))
    boxes = [Box(draw(st.integers(30, 200)), draw(st.integers(10, 60))) for _ in range(count)]
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=24)) if pairs else []
    styles, widths = st.sampled_from(["route", "error"]), st.sampled_from([0.0, 20.0, 90.0])
    return boxes, [Link(a, b, draw(styles), draw(widths)) for a, b in chosen]


def apart(one: tuple[Point, float, float], other: tuple[Point, float, float]) -> bool:
    (a, width, height), (b, other_width, other_height) = one, other
    return abs(a.x - b.x) >= (width + other_width) / 2 - 0.01 or abs(a.y - b.y) >= (height + other_height) / 2 - 0.01


def things(boxes: list[Box], links: list[Link], placed: Layout) -> list[tuple[Point, float, float]]:
    labels = [(at, link.label_width, LABEL_HEIGHT) for at, link in zip(placed.labels, links, strict=True) if at]
    return [*((at, box.width, box.height) for at, box in zip(placed.boxes, boxes, strict=True)), *labels]


@given(graphs())
def test_no_box_and_no_label_ever_covers_another(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph

    placed = layout(boxes, links)

    assert all(apart(one, other) for one, other in combinations(things(boxes, links, placed), 2))


@given(graphs())
def test_everything_always_lies_within_the_picture_and_runs_downwards(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph

    placed = layout(boxes, links)

    for at, width, height in things(boxes, links, placed):
        assert width / 2 <= at.x <= placed.width - width / 2
        assert height / 2 <= at.y <= placed.height - height / 2
    assert all(wire.start.y <= wire.end.y for wire in placed.wires)
    assert all(placed.rows[link.source] < placed.rows[link.target] for link in links)


@given(graphs())
def test_every_link_can_be_followed_from_its_box_to_its_box(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph

    placed = layout(boxes, links)

    assert sum(wire.arrow for wire in placed.wires) >= len({link.target for link in links})
    for link in links:
        bottom = placed.boxes[link.source].y + boxes[link.source].height / 2
        assert any(wire.style == link.style and abs(wire.start.y - bottom) < 0.01 for wire in placed.wires)


@given(graphs())
def test_the_same_graph_is_always_drawn_the_same(graph: tuple[list[Box], list[Link]]) -> None:
    assert layout(*graph) == layout(*graph)


def test_a_plain_chain_stands_in_one_straight_line() -> None:
    placed = layout([Box(80, 40)] * 4, [Link(0, 1), Link(1, 2), Link(2, 3)])

    assert len({round(at.x, 3) for at in placed.boxes}) == 1


def test_long_links_into_one_box_come_together_in_one_trunk() -> None:
    chain = [Link(number, number + 1) for number in range(5)]
    long = [Link(0, 6, "route"), Link(1, 6, "route"), Link(2, 6, "route"), Link(5, 6, "route")]

    placed = layout([Box(80, 40)] * 7, [*chain, *long])

    into_last = [wire for wire in placed.wires if wire.arrow and abs(wire.end.y - (placed.boxes[6].y - 20)) < 0.01]
    assert len(into_last) == 1
