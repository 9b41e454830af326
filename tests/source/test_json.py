"""Strict JSON: exact numbers, no key twice, and a place for everything."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from orderloom.problems import Place, Problem, ProblemsError
from orderloom.source import parse_json


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as refused:
        parse_json(text, "f.json")
    return refused.value.problems


def problem_of(text: str | bytes) -> Problem:
    found = problems_of(text)
    assert len(found) == 1, found
    return found[0]


def test_numbers_are_exact() -> None:
    data = parse_json('{"a": 1.10, "b": 12345678901234567890, "c": 0.1, "d": -2, "e": 1e2}', "f.json").data

    assert data == {"a": Decimal("1.10"), "b": 12345678901234567890, "c": Decimal("0.1"), "d": -2, "e": Decimal(100)}
    assert [type(value) for value in data.values()] == [Decimal, int, Decimal, int, Decimal]
    assert str(data["a"]) == "1.10"


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        pytest.param("", "Y005", 1, 1, id="empty"),
        pytest.param("[1] 2", "Y040", 1, 5, id="two documents"),
        pytest.param("[1,]", "Y040", 1, 4, id="comma before a bracket"),
        pytest.param('{"a": 1,}', "Y040", 1, 9, id="comma before a brace"),
        pytest.param('{"a" 1}', "Y040", 1, 6, id="no colon"),
        pytest.param('{"a": 1 "b": 2}', "Y040", 1, 9, id="no comma"),
        pytest.param("{a: 1}", "Y040", 1, 2, id="bare key"),
        pytest.param("[True]", "Y040", 1, 2, id="a word of Python"),
        pytest.param("['a']", "Y040", 1, 2, id="single quotes"),
        pytest.param("[01]", "Y040", 1, 2, id="leading zero"),
        pytest.param("[.5]", "Y040", 1, 2, id="no digit before the point"),
        pytest.param("// x\n[1]", "Y040", 1, 1, id="comment"),
        pytest.param('["\\q"]', "Y040", 1, 3, id="unknown escape"),
        pytest.param('["a\nb"]', "Y040", 1, 4, id="raw line break"),
        pytest.param('{"a": NaN}', "Y041", 1, 7, id="NaN"),
        pytest.param("[-Infinity]", "Y041", 1, 2, id="infinity"),
        pytest.param("[1e999]", "Y042", 1, 2, id="beyond any float"),
        pytest.param("[1e-999]", "Y042", 1, 2, id="below any float"),
        pytest.param("[1e99999999999999999999]", "Y042", 1, 2, id="beyond any decimal"),
        pytest.param("[" + "9" * 5000 + "]", "Y042", 1, 2, id="five thousand digits"),
        pytest.param('["\\ud83d"]', "Y043", 1, 2, id="half an emoji"),
        pytest.param('["\ud83d"]', "Y043", 1, 2, id="half an emoji, raw"),
        pytest.param('{"a": [1, 2', "Y044", 1, 12, id="cut off in a list"),
        pytest.param('{"a":', "Y044", 1, 6, id="cut off before a value"),
        pytest.param('{"a": "b', "Y044", 1, 7, id="cut off in a text"),
        pytest.param("[" * 100_000, "Y025", 1, 201, id="a hundred thousand brackets"),
        pytest.param("[" * 201 + "]" * 201, "Y025", 1, 201, id="one level too many"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, code: str, line: int, column: int) -> None:
    problem = problem_of(text)

    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


def test_two_hundred_levels_are_read() -> None:
    assert parse_json("[" * 200 + "]" * 200, "f.json").place((0, 0)).column == 3


def test_a_fault_in_a_value_is_told_with_its_path() -> None:
    found = problems_of('{"lines": [{"price": NaN, "sku": 1,\n "sku": 2}], "odd key": 1e999}')

    assert [problem.message for problem in found] == [
        "`lines[0].price` is NaN, which is no number in JSON",
        "`lines[0].sku` is given twice, first on line 1",
        '`["odd key"]` is 1e999, too large or too small for any amount',
    ]


def test_a_whole_emoji_written_as_two_escapes_is_read() -> None:
    assert parse_json('["\\ud83d\\ude00 \\u00e9"]', "f.json").data == ["😀 é"]


def test_every_key_and_value_has_its_place() -> None:
    document = parse_json('{"a": [1, {"b": "x"}],\n  "c": {}}', "f.json")

    assert document.key_place(("a", 1, "b")) == Place("f.json", 1, 12, 15)
    assert document.place(("a", 1, "b")) == Place("f.json", 1, 17, 20)
    assert document.place(("a",)) == Place("f.json", 1, 7, 22)
    assert document.key_place(("c",)) == Place("f.json", 2, 3, 6)
    assert document.place(("c", "missing")) == Place("f.json", 2, 8, 10)
    assert set(document.keys) == {("a",), ("a", 1, "b"), ("c",)}
    assert len(document.values) == 6


def test_a_size_cap_can_be_set() -> None:
    with pytest.raises(ProblemsError, match="larger than 1e-05 MB"):
        parse_json(b"[1, 2, 3, 4, 5]", "f.json", limit_bytes=10)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1]".encode("utf-16"), "the file is UTF-16"),
        ('["abc"]'.encode("utf-16-le"), "the file is UTF-16"),
        ("[1]".encode("utf-32"), "the file is UTF-32"),
        ('["café"]'.encode("latin-1"), "byte 0xe9 is not UTF-8; as Latin-1 it would be `é`"),
    ],
)
def test_a_wrong_encoding_is_named(content: bytes, words: str) -> None:
    problem = problem_of(content)

    assert problem.code == "Y003"
    assert problem.message.startswith(words)
    assert "iconv" in (problem.help or "")


def test_a_byte_order_mark_is_tolerated() -> None:
    assert parse_json(b"\xef\xbb\xbf[1]", "f.json").data == [1]
    assert parse_json("\ufeff[1]", "f.json").data == [1]


def test_real_payloads_read_as_the_standard_library_reads_them(shared: Path) -> None:
    payloads = sorted((shared / "data").rglob("*.json"))

    for payload in payloads:
        content = payload.read_bytes()
        document = parse_json(content, payload.name)
        assert document.data == json.loads(content, parse_float=Decimal)
        assert document.place(()).line >= 1
    assert payloads
