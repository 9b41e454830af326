"""What holds for every text: it is read, or refused with a place; never anything else."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.problems import Problem, ProblemsError
from orderloom.source import Document, parse_json, parse_yaml

YAML_PIECES = [
    "a",
    "b",
    "key",
    ": ",
    ":",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    " ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "'",
    '"',
    "#",
    " #",
    "&x ",
    "*x",
    "!!str ",
    "!",
    "|",
    ">",
    "|+\n",
    "? ",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
    "<<",
    "=f(a, b)",
    "=a[b]",
    "\\",
    "\\x",
    "\r\n",
    "\r",
    "\x85",
    "\u2028",
    "é",
    "🇨🇳",
    "\ufeff",
    "1.10",
    "012",
    "NO",
    "~",
    "\x00",
    "\ud800",
    "%YAML 1.1\n",
    "&",
    "*",
]
JSON_PIECES = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "a",
    '"a"',
    "1",
    "-",
    "1.5",
    "1e999",
    "NaN",
    "-Infinity",
    "true",
    "None",
    "\\",
    '"\\ud800"',
    "\n",
    " ",
    "\x00",
    "é",
    "\ufeff",
    "01",
    ".5",
]
yaml_like = st.lists(st.sampled_from(YAML_PIECES), max_size=30).map("".join)
json_like = st.lists(st.sampled_from(JSON_PIECES), max_size=20).map("".join)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
plain_data = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
library_words = re.compile(r"while (scanning|parsing)|did not find expected|Traceback|block end|not allowed in this")


def refused_in_our_words(parse: Any, text: str) -> Document | None:
    """The document, or None after looking at the findings."""
    try:
        return parse(text, "f")  # type: ignore[no-any-return]
    except ProblemsError as refused:
        look_at(refused.problems)
    return None


def look_at(problems: tuple[Problem, ...]) -> None:
    assert problems
    for problem in problems:
        assert re.fullmatch(r"Y0\d\d", problem.code)
        assert not library_words.search(problem.message)
        assert problem.place.end_column > problem.place.column or problem.place.line == 0


@settings(deadline=None)
@given(st.text() | yaml_like)
def test_yaml_is_read_or_refused_with_problems(text: str) -> None:
    document = refused_in_our_words(parse_yaml, text)

    assert document is None or all(place.line > 0 for place in document.values.values())


@settings(deadline=None)
@given(st.text() | json_like)
def test_json_is_read_or_refused_with_problems(text: str) -> None:
    document = refused_in_our_words(parse_json, text)

    assert document is None or all(place.line > 0 for place in document.values.values())


@settings(deadline=None)
@given(st.binary())
def test_bytes_are_read_or_refused_with_problems(content: bytes) -> None:
    refused_in_our_words(parse_json, content)  # type: ignore[arg-type]


@settings(deadline=None)
@given(plain_data)
def test_json_that_was_written_reads_as_it_was(data: Any) -> None:
    document = parse_json(json.dumps(data), "f")

    assert document.data == data
    assert json_at_places(document) == data


@settings(deadline=None)
@given(plain_data.filter(lambda data: isinstance(data, dict | list)))
def test_yaml_that_was_written_reads_as_it_was(data: Any) -> None:
    text = yaml.safe_dump(data, default_style='"', sort_keys=False)
    untagged = re.sub(r"!!(?:null|bool|int) \"([^\"]*)\"", r"\1", text)

    assert parse_yaml(untagged, "f").data == data


@settings(deadline=None)
@given(plain_data.filter(lambda data: data is not None))
def test_json_reads_the_same_by_the_reader_of_yaml(data: Any) -> None:
    assert parse_yaml(json.dumps(data, ensure_ascii=False), "f").data == data


def json_at_places(document: Document) -> Any:
    """The data read once more, each leaf from the span of text that its place names."""

    def read(path: tuple[str | int, ...], value: Any) -> Any:
        if isinstance(value, dict):
            return {key: read((*path, key), inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [read((*path, index), inner) for index, inner in enumerate(value)]
        place = document.place(path)
        line = document.text.split("\n")[place.line - 1]
        return json.loads(line[place.column - 1 : place.end_column - 1], parse_float=Decimal)

    return read((), document.data)
