"""What holds of every node of the pack: its cases come true, and nothing in its folder is wrong."""

from __future__ import annotations

import orderloom_gifts
import pytest

from orderloom.packs import catalogue
from orderloom.packs.examined import examine
from orderloom.testing import misses, read_cases, run_case

NODES = catalogue()
CASES = [
    pytest.param(NODES.find(name), case, id=f"{name}: {case.case}")
    for name in orderloom_gifts.NODES
    for case in read_cases(NODES.find(name).folder / "cases.yaml")
]


@pytest.mark.parametrize(("node", "case"), CASES)
def test_a_case_comes_true(node, case) -> None:
    assert misses(case.then, run_case(node, case, node.folder)) == []


@pytest.mark.parametrize("name", orderloom_gifts.NODES)
def test_nothing_in_the_folder_of_a_node_is_wrong(name) -> None:
    assert examine(NODES, name, NODES.find(name).folder) == []
