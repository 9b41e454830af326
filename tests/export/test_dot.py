"""A plan as a graph for Graphviz: as it was looked at, and as the real `dot` reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orderloom.export.dot import dot
from orderloom.export.graph import drawn
from tests.export.planning import BRANCHES, plan, whole

WHOLE = pytest.mark.parametrize("name", ["order-to-delivery", "returns"])
SVG = "{http://www.w3.org/2000/svg}"
ROUNDS = """
  each: {use: act, for_each: "=[1, 2]", with: {given: =item}, undo: {use: take-back, with: {given: =result.out}}}
  hold: {use: stand, when: "=count(each) > 0", with: {given: =each}}
  last: {use: act, with: {given: =hold.out}, end: over}
"""
KINDS = """
  look: {use: judge, with: {order: =start.order}, next: {good: do, bad: ~}}
  do: {use: act}
  hold: {use: stand, with: {given: =do.out}}
"""


@pytest.fixture(scope="module")
def graphviz() -> str:
    """The program that draws DOT."""
    return shutil.which("dot") or pytest.skip("needs Graphviz: apt-get install graphviz")


def picture(graphviz: str, text: str) -> ET.Element:
    """What `dot -Tsvg` makes of it; a word of complaint fails the test."""
    told = subprocess.run([graphviz, "-Tsvg"], input=text, capture_output=True, text=True, check=False, timeout=60)
    assert (told.returncode, told.stderr) == (0, "")
    return ET.fromstring(told.stdout)


def items(root: ET.Element, kind: str) -> Mapping[str, list[str]]:
    """Nodes or edges of a picture by their title, with the lines of text on each; two edges may join the same nodes."""
    found: dict[str, list[str]] = {}
    for group in root.iter(f"{SVG}g"):
        if group.get("class") == kind:
            lines = [(line.text or "").replace("\u00a0", " ") for line in group.iter(f"{SVG}text")]
            found.setdefault(group.findtext(f"{SVG}title") or "", []).extend(lines)
    return found


def test_the_graph_of_a_small_flow_is_as_it_was_looked_at(golden: Callable[[str, str], None]) -> None:
    golden("export/small.dot", dot(plan(BRANCHES)))
    golden("export/rounds.dot", dot(plan(ROUNDS)))


@WHOLE
def test_the_graph_of_a_whole_flow_is_as_it_was_looked_at(
    shared: Path, golden: Callable[[str, str], None], name: str
) -> None:
    golden(f"export/{name}.dot", dot(whole(shared, name)))


@WHOLE
def test_graphviz_draws_every_step_and_every_edge_with_its_words(graphviz: str, shared: Path, name: str) -> None:
    found = whole(shared, name)

    root = picture(graphviz, dot(found))

    steps, lines = items(root, "node"), items(root, "edge")
    assert [steps[f"s{step.index}"][0] for step in found.steps] == [step.name for step in found.steps]
    for edge in drawn(found):
        if edge.target is not None:  # one that leads nowhere ends in a point
            assert f"s{edge.source}->s{edge.target}" in lines
    words = {word for texts in lines.values() for text in texts for word in text.split(", ")}
    assert {word for step in found.steps for word in (*step.step.next, *step.step.on_error)} <= words


def test_each_kind_of_step_has_a_shape_of_its_own() -> None:
    shapes = re.findall(
        r's\d+ \[label="(\w+)\\n.*?shape="(\w+)", style="([\w,]+)"(, peripheries=2)?',
        dot(plan(KINDS)),
    )

    assert sorted(name for name, *_ in shapes) == ["do", "hold", "look", "start"]
    assert len({tuple(look) for _, *look in shapes}) == 4


def test_an_error_edge_is_dashed_and_bears_its_error_class() -> None:
    text = dot(plan(BRANCHES))

    assert re.search(r's2 -> s4 \[label="timeout".*style="dashed"', text)
    assert re.search(r's1 -> s2 \[label="good".*style="solid"', text)


def test_rounds_undo_and_ends_are_drawn() -> None:
    text = dot(plan(ROUNDS))

    assert r'label="each\nact · for each"' in text
    assert r'label="hold\nstand · when"' in text
    assert 'undo1 [label="take-back"' in text
    assert 's1 -> undo1 [label="undone by"' in text
    assert 'end0 [label="over"' in text
    assert "s3 -> end0" in text


def test_an_outcome_that_leads_nowhere_ends_in_a_point_of_its_own() -> None:
    text = dot(plan("  look: {use: judge, with: {order: =start.order}, next: {good: ~, bad: ~}}\n"))

    assert re.search(r's1 -> stop\d+ \[label="good, bad"', text)


def test_the_sources_of_a_trigger_lead_into_it() -> None:
    text = dot(sourced([{"webhook": "/hooks/orders", "verify": "shopify"}, {"files": "in/*.json"}]))

    assert 'source0 [label="webhook /hooks/orders"' in text
    assert 'source1 [label="files in/*.json"' in text
    assert "source1 -> s0" in text


@example("a&lt;b &amp; c")
@example('\\N "quoted\\" \\')
@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_every_word_is_always_drawn_as_it_is_written(graphviz: str, word: str) -> None:
    shown = "".join(letter if letter.isprintable() else " " for letter in word)

    root = picture(graphviz, dot(sourced([{"form": word}])))

    assert items(root, "node")["source0"] == [f"form {shown}"]


@pytest.mark.parametrize("name", ["end", "node", "graph", "digraph", "edge", "strict", "subgraph"])
def test_a_step_may_bear_a_word_of_the_language(graphviz: str, name: str) -> None:
    root = picture(graphviz, dot(plan(f"  {name}: {{use: act, with: {{given: =start.order}}}}\n")))

    assert items(root, "node")["s1"][0] == name


def sourced(sources: list[dict[str, Any]]) -> Any:
    """A plan whose trigger says where orders come in."""
    small = plan("  on: {use: act, with: {given: =start.order}}\n")
    trigger = small.trigger
    told = replace(trigger, step=replace(trigger.step, given={"sources": sources}))
    return replace(small, steps=(told, *small.steps[1:]))
