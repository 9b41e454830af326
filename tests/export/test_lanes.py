"""The lanes of a run in a terminal: what splits, comes together and crosses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.export.lanes import lanes

PICTURES = {
    "one after another": ([(0, 1), (1, 2)], "● 0\n● 1\n● 2"),
    "apart and together": ([(0, 1), (0, 2), (1, 3), (2, 3)], "● 0\n├─╮\n● │ 1\n│ ● 2\n├─╯\n● 3"),
    "three ways": (
        [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)],
        "● 0\n├─┬─╮\n● │ │ 1\n│ ● │ 2\n│ │ ● 3\n├─┴─╯\n● 4",
    ),
    "a lane between is crossed": (
        [(0, 1), (0, 2), (0, 3), (1, 4), (3, 4), (2, 5)],
        "● 0\n├─┬─╮\n● │ │ 1\n│ ● │ 2\n│ │ ● 3\n├─┼─╯\n● │ 4\n  ● 5",
    ),
    "nothing leads there": ([(1, 2)], "● 0\n● 1\n● 2"),
}  # fmt: skip


def picture(count: int, edges: list[tuple[int, int]]) -> str:
    lines: list[str] = []
    for number, row in enumerate(lanes(count, edges)):
        lines += [*row.above, f"{row.dot} {number}", *row.below]
    return "\n".join(lines)


@pytest.mark.parametrize(("edges", "wanted"), PICTURES.values(), ids=PICTURES)
def test_it_is_drawn_so(edges: list[tuple[int, int]], wanted: str) -> None:
    count = 1 + max(target for _, target in edges)

    assert picture(count, edges) == wanted


@given(st.integers(1, 9), st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14))
def test_every_row_always_has_one_dot_and_every_lane_ends(count: int, pairs: set[tuple[int, int]]) -> None:
    edges = [(source, target) for source, target in pairs if source < target < count]

    rows = lanes(count, edges)

    assert [row.dot.count("●") for row in rows] == [1] * count
    assert rows[-1].beside.strip() == ""
