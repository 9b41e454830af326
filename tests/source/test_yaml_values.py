"""What strict YAML takes for text and what for a number, and where it says that things stand."""

from __future__ import annotations

from decimal import Decimal
from textwrap import dedent

import pytest

from orderloom.problems import Place
from orderloom.source import parse_yaml


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "no",
        "yes",
        "on",
        "off",
        "True",
        "TRUE",
        "False",
        "Null",
        "NULL",
        "02134",
        "0123",
        "00",
        "-01",
        "+5",
        "0x1F",
        "0o17",
        "1_000",
        "12:30",
        "1:59:59",
        "2026-01-01",
        "2026-01-01T10:00:00Z",
        "1e5",
        "1.5e3",
        ".5",
        "5.",
        ".inf",
        ".nan",
        "1,5",
        "1234567890123456789",
        "=",
        "=a + b",
        "1.2.3",
    ],
)
def test_what_could_be_misread_stays_text(text: str) -> None:
    assert parse_yaml(f"value: {text}", "f.yaml").data == {"value": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("7", 7),
        ("-12", -12),
        ("123456789012345678", 123456789012345678),
        ("1.10", Decimal("1.10")),
        ("-0.5", Decimal("-0.5")),
    ],
)
def test_only_plain_words_and_numbers_are_typed(text: str, value: object) -> None:
    data = parse_yaml(f"value: {text}", "f.yaml").data

    assert data == {"value": value}
    assert type(data["value"]) is type(value)
    assert str(data["value"]) == str(value)


@pytest.mark.parametrize("text", ["'1'", '"true"', "|-\n  12", ">-\n  null"])
def test_quoted_and_block_texts_are_never_typed(text: str) -> None:
    assert isinstance(parse_yaml(f"value: {text}", "f.yaml").data["value"], str)


def test_keys_are_texts_whatever_they_look_like() -> None:
    data = parse_yaml("on: 1\n1: 2\ntrue: 3\n~: 4\n2026-01-01: 5\n", "f.yaml").data

    assert data == {"on": 1, "1": 2, "true": 3, "~": 4, "2026-01-01": 5}


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated() -> None:
    document = parse_yaml("\ufeffa: 1\r\nb: x\r\n", "f.yaml")

    assert document.data == {"a": 1, "b": "x"}
    assert document.place(("b",)) == Place("f.yaml", 2, 4, 5)


def test_every_key_and_value_has_its_place() -> None:
    document = parse_yaml(
        dedent(
            """\
            flow: returns
            steps:
              screen:
                with: {facts: {order: =order}, "list": [a, 'b c']}
                next:
            """
        ),
        "f.yaml",
    )

    places = {
        "flow key": document.key_place(("flow",)),
        "flow": document.place(("flow",)),
        "steps": document.place(("steps",)),
        "with key": document.key_place(("steps", "screen", "with")),
        "facts": document.place(("steps", "screen", "with", "facts")),
        "quoted key": document.key_place(("steps", "screen", "with", "list")),
        "quoted": document.place(("steps", "screen", "with", "list", 1)),
        "nothing": document.place(("steps", "screen", "next")),
    }

    assert {name: (place.line, place.column, place.end_column) for name, place in places.items()} == {
        "flow key": (1, 1, 5),
        "flow": (1, 7, 14),
        "steps": (3, 3, 9),  # a block has no brackets: its first key stands for it
        "with key": (4, 5, 9),
        "facts": (4, 19, 34),
        "quoted key": (4, 36, 42),
        "quoted": (4, 48, 53),
        "nothing": (5, 5, 9),  # nothing is written: the key stands for it
    }


def test_a_text_over_several_lines_is_pointed_at_on_its_first() -> None:
    document = parse_yaml("a: |\n  one\n  two\nb: 'x\n  y'\n", "f.yaml")

    assert document.place(("a",)) == Place("f.yaml", 1, 4, 5)
    assert document.place(("b",)) == Place("f.yaml", 4, 4, 6)


def test_columns_count_characters_not_bytes() -> None:
    assert parse_yaml("'Ærø 🇨🇳': x", "f.yaml").place(("Ærø 🇨🇳",)) == Place("f.yaml", 1, 11, 12)


def test_a_path_that_is_not_there_is_placed_at_its_nearest_parent() -> None:
    document = parse_yaml("a:\n  b: {c: 1}\n", "f.yaml")

    assert document.place(("a", "b", "x", 3)) == document.place(("a", "b"))
    assert document.key_place(("a", "b", "x")) == document.place(("a", "b"))
