"""Whatever stands in a table file, it is read or refused with findings; nothing else comes out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.searching import search

from orderloom.declare import NodeError
from orderloom.problems import Place, ProblemsError
from orderloom.rules import DecisionTable, check_table

TABLE: dict[str, Any] = {
    "table": "shipping",
    "hit": "first",
    "inputs": {
        "total": {"is": "order.total", "type": "number", "range": "[0..1000]", "unit": "USD"},
        "country": {"type": "text", "values": ["US", "CA"]},
        "since": {"type": "date and time", "range": '[@"2026-01-01T00:00:00Z"..@"2026-12-31T00:00:00Z"]'},
        "tags": {"type": "list of text", "cells": "feel"},
    },
    "outputs": {
        "outcome": {"type": "text", "values": ["a", "b"], "default": "b"},
        "fee": {"type": "number", "default": 0},
    },
    "on_missing": "no_match",
    "rows": [
        {"id": "r1", "total": "(5..30]", "country": "not(US)", "outcome": "a", "fee": "=total * 2"},
        {"id": "r2", "since": "> 2026-03-02T10:00:00Z", "outcome": "b", "valid_from": "2026-01-01"},
        {"id": "r3", "tags": 'list contains(?, "x")', "outcome": "b", "note": "n"},
    ],
    "cases": [{"given": {"total": 7, "country": "CA"}, "then": {"outcome": "a", "fee": 14}, "now": "2026-03-02"}],
}
LEAVES = [
    None, True, 0, -1, Decimal("1.5"), "", "-", "=", "= ", "=1/0", "null", "not()", "not(",
    "[1..", "]5..3[", "> \"a\"", "?",
    "? = ?",
    "list", "any", "number", "text", "boolean", "date", "time", "duration", "date and time", "priority",
    "C+", "C#", "collect", "default",
    "2026-03-02T10:00:00", ">= 2026-03-02T10:00:00",
    "[10:00:00..12:00:00Z]", "[2026-03-02T10:00:00..2026-03-02T10:00:00Z]",
    "outcome", "total", "id", "x" * 300, "(" * 80, "\u202e", [], {}, [None], [[]],
    {"a": {"b": 1}}, ["a", "b"], [1, "a"],
]  # fmt: skip


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


PATHS = [path for path in paths(TABLE) if path]


def changed(data: Any, path: tuple[Any, ...], value: Any, key: Any) -> None:
    """Put a value at a path, or under another key where the parent has keys; paths that are gone are passed over."""
    for step in path[:-1]:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, dict):
        if key is not None and path[-1] in data:
            data[key] = data.pop(path[-1])
        else:
            data[path[-1]] = value
    elif isinstance(data, list) and isinstance(path[-1], int) and path[-1] < len(data):
        data[path[-1]] = value


CHANGES = st.lists(
    st.tuples(st.sampled_from(PATHS), st.sampled_from(LEAVES), st.sampled_from([None, None, "type", "x", "id"])),
    min_size=1,
    max_size=3,
)
FACTS = st.fixed_dictionaries({
    "total": st.sampled_from([None, 7, "7.5", "x", Decimal(2000), [], {}]),
    "country": st.sampled_from([None, "US", "CA", "", 5]),
    "since": st.sampled_from([None, "2026-05-05T10:00:00Z", "2026-05-05T10:00:00", "2026-05-05"]),
    "tags": st.sampled_from([None, [], ["x"], "x", [1]]),
})  # fmt: skip


@search(400)
@given(changes=CHANGES, facts=FACTS)
def test_a_table_is_always_read_or_refused_and_decides_or_fails_in_a_declared_way(changes, facts):
    data = copy.deepcopy(TABLE)
    for path, value, key in changes:
        changed(data, path, copy.deepcopy(value), key)
    classes = {"no_match", "conflict", "missing_fact", "wrong_type", "invalid"}
    failed = None
    try:
        asked = DecisionTable.load_setting(data, Place("generated"), [Path()])
        check_table(asked)
        decision = asked.decide_columns(facts)
        assert decision.why
        decision.as_json(why=True)
    except ProblemsError as refused:
        failed = None if refused.problems else "refused without findings"
    except NodeError as error:
        failed = error.error_class
    assert failed is None or failed in classes
