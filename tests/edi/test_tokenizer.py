"""The tokenizer of X12, EDIFACT and TRADACOMS: any separators, any layout, any encoding, and never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom_nodes.edi.interchanges import Loose, interchanges
from orderloom_nodes.edi.segments import Segment, tokenize
from orderloom_nodes.edi.separators import EDIFACT, TRADACOMS, Separators, of_isa, of_una
from tests.searching import search

from .making import HEAD, LINE, edifact, order, x12

PLAIN = x12([*HEAD, *LINE])


def test_the_separators_of_x12_are_those_at_their_places() -> None:
    odd = PLAIN.replace("*", "\x1d").replace("~\n", "\x1c").replace(">", "\x1f")

    assert of_isa(odd) == Separators("\x1c", "\x1d", "\x1f")
    assert order(odd) == order(PLAIN)


@pytest.mark.parametrize(("element", "segment", "component"), [("|", "\n", ">"), ("^", "\r", ":"), ("\t", "'", "/")])
def test_any_separators_give_the_same_order(element: str, segment: str, component: str) -> None:
    text = PLAIN.replace(">", component).replace("*", element).replace("~\n", segment)

    assert order(text) == order(PLAIN)


@pytest.mark.parametrize("between", ["", "\n", "\r\n", " \r\n\t"])
def test_what_stands_between_segments_means_nothing(between: str) -> None:
    assert order(PLAIN.replace("\n", between)) == order(PLAIN)


def test_the_repetition_separator_is_one_from_version_00402_on() -> None:
    assert of_isa(x12([*HEAD, *LINE], version="00501", repeat="^")) == Separators("~", "*", ">", "^")
    assert of_isa(x12([*HEAD, *LINE], version="00401", repeat="U")) == Separators("~", "*", ">")
    assert of_isa(x12([*HEAD, *LINE], version="00400", repeat="^")) == Separators("~", "*", ">")


def test_a_header_whose_elements_were_not_padded_is_read_by_counting() -> None:
    text = PLAIN.replace("*          *", "* *").replace("BUYER          ", "BUYER").replace("SELLER         ", "SELLER")

    assert order(text).order_id == "edi:BUYER:4711"


def test_una_names_the_separators_of_edifact() -> None:
    assert of_una("UNA:+.? 'UNB") == EDIFACT
    assert of_una("UNA|*,! ~UNB") == Separators("~", "*", "|", "", "!")
    assert of_una("UNB+UNOA") == EDIFACT


def test_a_released_separator_is_data() -> None:
    [found] = tokenize("FTX+AAI+++Don?'t ask?: 1?+1 ??:second'", EDIFACT)

    assert found.components(4) == ["Don't ask: 1+1 ?", "second"]


def test_tradacoms_parts_the_tag_by_an_equals_sign() -> None:
    [found] = tokenize("OLD=1+5000100481452:OWN+++12+10++++PRODUCT ?'A?''", TRADACOMS)

    assert (found.tag, found.get(2, 2), found.get(10)) == ("OLD", "OWN", "PRODUCT 'A'")


@pytest.mark.parametrize("encode", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_or_utf_16_is_converted(encode: str) -> None:
    text = x12(["BEG*00*SA*4711**20260302", "N1*ST*Café Zoë", *LINE])

    found = order(text.encode(encode))

    assert found.shipping_address is not None
    assert found.shipping_address.company == "Café Zoë"


@pytest.mark.parametrize(
    ("level", "encode", "name"),
    [
        ("UNOC", "iso8859-1", "Café"),
        ("UNOD", "iso8859-2", "Łódź"),
        ("UNOE", "iso8859-5", "Москва"),
        ("UNOF", "iso8859-7", "Αθήνα"),
        ("UNOK", "iso8859-9", "İzmir"),
        ("UNOW", "utf-8", "東京"),
        ("UNOY", "utf-8", "Łódź"),
    ],
)
def test_the_syntax_level_says_the_encoding(level: str, encode: str, name: str) -> None:
    lines = ["BGM+220+1+9", "DTM+137:20260302:102", f"NAD+DP+++{name}", "LIN+1++A:SA", "QTY+21:1", "UNS+S"]

    found = order(edifact(lines, level=f"{level}:3").encode(encode))

    assert found.shipping_address is not None
    assert found.shipping_address.company == name


def test_letters_that_the_level_does_not_have_are_read_and_noted() -> None:
    lines = ["BGM+220+1+9", "DTM+137:20260302:102", "NAD+DP+++Café", "LIN+1++A:SA", "QTY+21:1", "UNS+S"]

    found = order(edifact(lines, level="UNOA:1").encode("cp1252"))

    assert found.shipping_address is not None
    assert found.shipping_address.company == "Café"
    assert found.metadata["edi"]["notes"] == ["UNOA has no letters beyond ASCII; they were read as cp1252"]


@search(200)
@given(
    st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1, max_size=6),
    st.sampled_from([EDIFACT, TRADACOMS]),
)
def test_what_is_written_with_releases_is_read_back(values: list[str], separators: Separators) -> None:
    marks = separators.all
    written = [("".join(f"?{c}" if c in marks else c for c in value)) for value in values]
    tag = f"FTX{separators.tag or separators.element}"

    [found] = list(tokenize(f"{tag}{separators.element.join(written)}{separators.segment}", separators))

    assert list(found.elements()) == values


@search(200)
@given(st.binary(max_size=300))
def test_any_bytes_are_some_interchanges_or_loose_text(data: bytes) -> None:
    for found in interchanges(b"ISA*00*" + data):
        assert isinstance(found, Loose) or found.header.tag.startswith(("ISA", "UNB", "STX"))


def test_a_segment_tells_nothing_of_an_element_that_is_not_there() -> None:
    found = Segment("N1*ST", 0, 1, Separators("~", "*", ">"))

    assert (found.get(2), found.get(9), found.get(1, 2)) == ("", "", "")
