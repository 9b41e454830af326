"""XML that a hostile or a careless hand wrote is refused with its place; nothing outside the file is ever read."""

from __future__ import annotations

import pytest

from orderloom.dmn.reading import read_text
from orderloom.problems import Problem, ProblemsError
from orderloom.source.xml import DEPTH_LIMIT, parse_xml


def refusal(text: str) -> Problem:
    with pytest.raises(ProblemsError) as refused:
        read_text(text.encode(), "m.dmn")
    return refused.value.problems[0]


def test_a_document_type_is_refused_before_anything_is_expanded() -> None:
    lines = ["<?xml version='1.0'?>", '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>', "<d>&b;</d>"]

    problem = refusal("\n".join(lines))

    assert (problem.code, problem.place.line) == ("X002", 2)
    assert problem.help == "remove the <!DOCTYPE …>: nothing here needs one"


@pytest.mark.parametrize(
    "subset",
    ['SYSTEM "file:///etc/passwd"', '[<!ENTITY a SYSTEM "file:///etc/passwd">]', '[<!ENTITY % p SYSTEM "p">%p;]'],
)
def test_a_reference_to_another_file_is_refused(subset: str) -> None:
    assert refusal(f"<!DOCTYPE d {subset}><d/>").code == "X002"


def test_broken_xml_is_told_with_its_place_and_a_mend() -> None:
    problem = refusal("<a>\n  <b>\n</a>")

    assert (problem.code, problem.place.line) == ("X001", 3)
    assert problem.help == "each element that is opened must be closed, in turn"


def test_a_less_sign_that_is_not_escaped_is_told_how_to_write_it() -> None:
    assert refusal("<a>x < 3</a>").help == "write `<` in a text as `&lt;` and `&` as `&amp;`"


def test_an_empty_file_is_told() -> None:
    assert refusal("").help == "the file is empty or cut short"


def test_nesting_beyond_the_limit_is_refused() -> None:
    deep = DEPTH_LIMIT + 1

    assert refusal("<a>" * deep + "</a>" * deep).code == "X003"


def test_a_file_of_another_kind_is_no_model() -> None:
    problem = refusal('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')

    assert problem.code == "X004"
    assert "http://www.omg.org/spec/BPMN/20100524/MODEL" in problem.message


def test_an_encoding_that_the_file_declares_is_followed() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><a n="Zürich"/>'

    assert parse_xml(text.encode("latin-1"), "m.dmn").get("n") == "Zürich"


def test_every_element_knows_its_line_and_column() -> None:
    root = parse_xml(b"<a>\n  <b/>\n</a>", "m.dmn")

    assert [(one.place.line, one.place.column) for one in (root, *root.children)] == [(1, 1), (2, 3)]
