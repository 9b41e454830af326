"""The quick way of reading a number cell, beside FEEL's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.feel import FeelSyntaxError, parse_unary_tests
from orderloom.rules.reading.cell_tree import constants_of
from orderloom.rules.reading.number_cells import number_constants

FIGURES = st.one_of(
    st.integers(-(10**15), 10**15).map(str),
    st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(str),
    st.sampled_from(["007", "-0", "-0.0", "0.50", "1e3", ".5", "5.", "9" * 16, "1.23456789012", "٣", "1,000", "--1"]),
)
GAP = st.sampled_from(["", " ", "  "])
CELLS = st.one_of(
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!=", "=<"]), GAP, FIGURES).map("".join),
    st.tuples(st.sampled_from("[("), GAP, FIGURES, GAP, st.just(".."), GAP, FIGURES, st.sampled_from("])")).map(
        "".join
    ),
    st.lists(FIGURES, min_size=1, max_size=4).map(", ".join),
    st.lists(FIGURES, min_size=1, max_size=4).map(" ,".join),
    st.lists(st.tuples(st.sampled_from(["<", "> "]), FIGURES).map("".join), min_size=2, max_size=3).map(", ".join),
)


def by_feel(text):
    try:
        return constants_of(parse_unary_tests(text).tree, text)
    except FeelSyntaxError:
        return None


def spelt(constants):
    """With the types and digits of all numbers."""
    return repr(constants)


@given(CELLS)
def test_what_is_read_quickly_is_always_what_feel_reads(text):
    quickly = number_constants(text)
    if quickly is not None:
        assert spelt(quickly) == spelt(by_feel(text))


def test_the_usual_cells_are_read_quickly():
    for text in ("<= 5", ">0.5", "(0..30]", "[ 1.5 .. 2 )", "1", "1, 2.50,-3"):
        assert number_constants(text) is not None


def test_whatever_is_no_usual_cell_is_left_to_feel():
    for text in ("", "-", "null", "not(5)", "< 5, > 9", "= 5", "5 kg", "1e3", "]1..2[", "٣"):
        assert number_constants(text) is None


@pytest.mark.parametrize(
    ("cell", "read"), [("> 30,5", "> 30 or 5"), (">= 1,000", ">= 1 or 000"), ("1,000", "1 or 000")]
)
def test_a_comma_that_looks_like_a_decimal_sign_is_told_as_it_is_read(problems, cell, read):
    (found,) = problems(HEAD_OF_COMMAS.replace("CELL", cell))

    assert (found.code, found.severity) == ("D084", "warning")
    assert found.message.endswith(f"`{cell}` is read as {read}")


@pytest.mark.parametrize("cell", ["1,5", "1, 5", "> 30, 5", "[0..30.5], 40", "10,20,30"])
def test_commas_between_alternatives_are_no_decimal_signs(problems, cell):
    assert problems(HEAD_OF_COMMAS.replace("CELL", cell)) == []


HEAD_OF_COMMAS = """
hit: first
inputs: {weight: {type: number}}
outputs: {fee: {type: number}}
rows:
  - {weight: "CELL", fee: 1}
  - {fee: 2}
"""
