"""docs/features.md tells no more than its tests show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
ROW = re.compile(r"^\| (\d+) \| (.*?) \| (.*?) ?\| (.*?) ?\|$", re.MULTILINE)
ROWS = ROW.findall((REPOSITORY / "docs/features.md").read_text(encoding="utf-8"))
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_each_of_the_66_features_has_one_row() -> None:
    assert sorted(int(number) for number, *_ in ROWS) == list(range(1, 67))


@pytest.mark.parametrize(("number", "shown"), [(row[0], row[3]) for row in ROWS if row[3].strip()])
def test_the_tests_that_a_feature_names_are_there(number: str, shown: str) -> None:
    named = NAMED.findall(shown)
    assert named, f"row {number} names no test as `tests/FILE.py::NAME`"
    for file, test in named:
        tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{file}::{test}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_feature_that_says_where_it_is_says_what_shows_it(row: tuple[str, str, str, str]) -> None:
    assert bool(row[2].strip()) == bool(row[3].strip())
