"""The three drawings of a plan: SVG, Mermaid and text, against pictures that were looked at."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.export.mermaid import mermaid
from orderloom.export.svg import svg
from orderloom.export.text import text
from tests.export.planning import BRANCHES, plan, whole

SVG = "{http://www.w3.org/2000/svg}"
WHOLE = pytest.mark.parametrize("name", ["order-to-delivery", "returns"])


def test_the_drawings_of_a_small_flow_are_as_they_were_looked_at(golden: Callable[[str, str], None]) -> None:
    small = plan(BRANCHES)

    golden("export/small.svg", svg(small))
    golden("export/small.mmd", mermaid(small))
    golden("export/small.txt", text(small))


@WHOLE
def test_the_drawings_of_a_whole_flow_are_as_they_were_looked_at(
    shared: Path, golden: Callable[[str, str], None], name: str
) -> None:
    found = whole(shared, name)

    golden(f"export/{name}.svg", svg(found))
    golden(f"export/{name}.mmd", mermaid(found))
    golden(f"export/{name}.txt", text(found))


@WHOLE
def test_a_picture_names_every_step_and_every_word(shared: Path, name: str) -> None:
    found = whole(shared, name)
    root = ET.fromstring(svg(found))

    written = {element.text or "" for element in root.iter(f"{SVG}text")}

    words = {word for step in found.steps for word in (*step.step.next, *step.step.on_error)}
    assert {step.name for step in found.steps} <= written
    assert words <= {word for line in written for word in line.split(", ")}


@WHOLE
def test_a_picture_has_a_title_and_a_description_and_loads_nothing(shared: Path, name: str) -> None:
    drawing = svg(whole(shared, name))
    root = ET.fromstring(drawing)

    assert root.attrib["role"] == "img"
    assert [root.find(f"{SVG}{part}").attrib["id"] for part in ("title", "desc")] == ["title", "about"]  # type: ignore[union-attr]
    assert not any(word in drawing for word in ("<script", "href", "url(http", "@import"))


def test_names_and_words_are_escaped_in_every_drawing() -> None:
    small = plan("  end: {use: act, with: {given: =start.order}, end: over}\n", name="small")
    odd = small.flow.__class__(**{**vars(small.flow), "name": "a<b & \"c\"", "summary": "x < y"})
    strange = small.__class__(odd, small.steps, small.hash)

    assert ET.fromstring(svg(strange)).findtext(f"{SVG}title") == 'a<b & "c", version 1'
    assert '    s1("<b>end</b><br/>act · ends over"):::action' in mermaid(strange).splitlines()


@WHOLE
def test_a_drawing_is_always_the_same(shared: Path, name: str) -> None:
    assert svg(whole(shared, name)) == svg(whole(shared, name))


@WHOLE
def test_the_text_says_of_every_step_where_its_outcomes_lead(shared: Path, name: str) -> None:
    found = whole(shared, name)
    written = text(found)

    for step in found.steps:
        assert f"\n{step.name}  (" in written
        for target in filter(None, step.step.next.values()):
            assert f"-> {target}" in written
