"""What holds of every node of the pack: its cases come true, its published description is what it declares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orderloom.declare import Node
from orderloom.describe import description_text
from orderloom.packs import catalogue
from orderloom.testing import Case, misses, read_cases, run_case

NODES = catalogue()


def folder_of(node: Node) -> Path:
    return Path(node.call.__globals__["__file__"]).parent


def cases() -> Iterator[pytest.param]:
    for name in NODES.names():
        node = NODES.find(name)
        for case in read_cases(folder_of(node) / "cases.yaml"):
            yield pytest.param(node, case, id=f"{name}: {case.case}")


@pytest.mark.parametrize(("node", "case"), list(cases()))
def test_a_case_in_a_nodes_folder_comes_true(node: Node, case: Case) -> None:
    got = run_case(node, case, folder_of(node))

    assert misses(case.then, got[0] if isinstance(got, list) and len(got) == 1 else got) == []


@pytest.mark.parametrize("name", sorted({*NODES.names()} - {"flow"}))  # `flow` is entered by a runner and never called
def test_every_node_carries_cases(name: str) -> None:
    assert read_cases(folder_of(NODES.find(name)) / "cases.yaml")


@pytest.mark.parametrize("name", NODES.names())
def test_the_published_description_is_derived_from_the_declaration(name: str, request: pytest.FixtureRequest) -> None:
    node = NODES.find(name)
    file = folder_of(node) / "node.schema.json"

    if request.config.getoption("--update-golden"):
        file.write_text(description_text(node), encoding="utf-8")

    assert file.read_text(encoding="utf-8") == description_text(node)


@pytest.mark.parametrize("name", NODES.names())
def test_every_node_says_in_one_sentence_what_it_does(name: str) -> None:
    assert NODES.find(name).summary.endswith(".")
