"""A finding inside a formula is told where it stands in the file, however the scalar is written."""

from __future__ import annotations

import pytest

from orderloom.flow.check import check_document
from orderloom.source import parse_yaml
from tests.flow.stubs import whole_catalogue

HEAD = "flow: small\nsteps:\n  capture: {use: capture}\n  one:\n    use: restock\n    with:\n"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("      lines: =capture.order.linse\n", "7:29-34"),
        ('      lines: "=capture.order.linse"\n', "7:30-35"),
        ("      lines: '=capture.order.linse'\n", "7:30-35"),
        ("      lines: '=[''a'', capture.order.linse]'\n".replace("''", '"'), "7:36-41"),
        ('      lines: "=[\\"a\\", capture.order.linse]"\n', "7:38-43"),
        ("      lines: >-\n        =[capture.order.lines,\n        capture.order.linse]\n", "9:23-28"),
        ("      lines: |\n        =[capture.order.lines,\n         capture.order.linse]\n", "9:24-29"),
        ("      lines: [=capture.order.lines, {deep: =capture.order.linse}]\n", "7:59-64"),
    ],
)
def test_the_place_is_that_of_the_word(written: str, place: str) -> None:
    found = check_document(parse_yaml(HEAD + written, "flow.yaml"), whole_catalogue(), []).problems

    assert [f"{p.place.line}:{p.place.column}-{p.place.end_column}" for p in found] == [place], found
    assert "linse" in found[0].message
