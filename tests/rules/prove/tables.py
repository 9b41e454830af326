"""Random tables whose facts can be listed, and what brute force says of them: the oracle of the proofs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as st

from orderloom.declare import NodeError
from orderloom.problems import Place
from orderloom.rules import DecisionTable
from orderloom.rules.engine import valid_on
from orderloom.rules.hit import Hit

SAMPLE = 25  # random tables for each sentence; more with ORDERLOOM_EXAMPLES=1000
EXAMPLES = int(os.environ.get("ORDERLOOM_EXAMPLES", SAMPLE))
NUMBERS = [0, 1, Decimal("1.5"), 2, 3]
BETWEEN = [0, Decimal("0.5"), 1, Decimal("1.2"), Decimal("1.5"), Decimal("1.7"), 2, Decimal("2.5"), 3]
WORDS = ["US", "CA", "MX"]
DAYS = [date(2026, 3, day) for day in range(1, 6)]
COLUMNS: Mapping[str, dict[str, Any]] = {
    "n": {"is": "n", "type": "number", "range": "[0..3]"},
    "w": {"is": "w", "type": "text"},
    "b": {"is": "b", "type": "boolean"},
    "d": {"is": "d", "type": "date", "range": "[2026-03-01..2026-03-05]"},
    "l": {"is": "l", "type": "list of text"},
    "m": {"is": "m", "type": "list of text", "values": ["a", "b"]},
}


def lists(items: str, longest: int) -> list[Any]:
    return [one for length in range(longest + 1) for one in product(items, repeat=length)]


FACTS: Mapping[str, list[Any]] = {
    "n": BETWEEN,
    "w": [*WORDS, "elsewhere"],
    "b": [True, False],
    "d": list(DAYS),
    "l": lists("abz", 3),
    "m": lists("ab", 4),
}


def numbers() -> st.SearchStrategy[str]:
    one = st.sampled_from(NUMBERS)
    ends = st.tuples(st.sampled_from("[("), one, one, st.sampled_from("])")).filter(lambda e: e[1] < e[2])
    return st.one_of(
        st.just("-"),
        one.filter(lambda n: n < 3).map(lambda n: f"> {n}"),
        one.map(lambda n: f">= {n}"),
        one.filter(lambda n: n > 0).map(lambda n: f"< {n}"),
        one.map(lambda n: f"<= {n}"),
        ends.map(lambda e: f"{e[0]}{e[1]}..{e[2]}{e[3]}"),
        st.lists(one, min_size=1, max_size=2).map(lambda some: ", ".join(map(str, some))),
        one.map(lambda n: f"not({n})"),
        one.filter(lambda n: n > 0).map(lambda n: f"? < {n} or ? > 2"),
    )


def words() -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True).map(", ".join)
    return st.one_of(st.just("-"), some, some.map(lambda text: f"not({text})"))


def days() -> st.SearchStrategy[str]:
    one = st.sampled_from(DAYS)
    forms = (">= {}", "<= {}", "{}", "not({})")
    return st.one_of(st.just("-"), *(one.map(form.format) for form in forms))


def listings() -> st.SearchStrategy[str]:
    """Cells that lists of up to three members tell apart."""
    one = st.sampled_from(["a", "b"])
    has = one.map(lambda item: f'list contains(?, "{item}")')
    counts = st.sampled_from(["= 0", "= 2", "> 1", "<= 2", "in (0, 2)", "between 1 and 2", "!= 1", "> 1.5"])
    count = counts.map(lambda test: f"count(?) {test}")
    written = st.sampled_from(["[]", '["a"]', '["a", "b"]', '["b"]', '? = ["a"]', '? != []', 'not(["a"])', '[], ["b"]'])
    both = st.tuples(has, count, st.sampled_from(["and", "or"])).map(lambda parts: f"{parts[0]} {parts[2]} {parts[1]}")
    return st.one_of(st.just("-"), has, has.map(lambda text: f"not({text})"), count, written, both)


CELLS = {
    "n": numbers(),
    "w": words(),
    "b": st.sampled_from(["-", "true", "false"]),
    "d": days(),
    "l": listings(),
    "m": listings(),
}


@st.composite
def tables(draw: st.DrawFn, hits: tuple[Hit, ...] = tuple(Hit), most: int = 7) -> DecisionTable:
    """A table of two or three columns; facts may be missing, rows may be valid for some days, outputs have defaults."""
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=2, max_size=3, unique=True))
    names = names[:2] if {"l", "m"} & set(names) else names  # of lists there are many facts
    hit, nulls = draw(st.sampled_from(hits)), draw(st.booleans())
    dated = draw(st.integers(0, 4)) == 0
    rows = [_row(draw, number, names, nulls, dated) for number in range(draw(st.integers(1, most)))]
    default = {"default": 0} if draw(st.integers(0, 4)) == 0 else {}
    return table_of(hit, names, rows, default, nulls)


def table_of(
    hit: Hit, names: list[str], rows: list[dict[str, Any]], default: Mapping[str, Any], nulls: bool
) -> DecisionTable:
    head = {
        "table": "t",
        "hit": hit.word,
        "inputs": {name: COLUMNS[name] for name in names},
        "outputs": {"fee": {"type": "number", "values": [3, 2, 1, 0], **default}},
        "on_missing": "no_match" if nulls else "error",
        "rows": rows,
    }
    return DecisionTable.load_setting(head, Place("t.yaml"), [])


def _row(draw: st.DrawFn, number: int, names: list[str], nulls: bool, dated: bool) -> dict[str, Any]:
    cells = {name: draw(CELLS[name]) for name in names}
    if nulls and draw(st.integers(0, 5)) == 0:
        cells[names[0]] = "null"
    row = {"id": f"r{number}", **cells, "fee": draw(st.sampled_from([1, 2, 3]))}
    if dated and draw(st.booleans()):
        start = draw(st.sampled_from(DAYS[:3]))
        row |= {"valid_from": str(start), "valid_until": str(draw(st.sampled_from(DAYS[2:])))}
    return row


@dataclass(frozen=True)
class Asked:
    """Facts, the day, and the ids of the rows that apply to them."""

    facts: Mapping[str, Any]
    day: date
    rows: tuple[str, ...]


def everything(table: DecisionTable) -> Iterator[Asked]:
    """Every combination of facts that the cells can tell apart, with the rows that apply."""
    names = [column.name for column in table.inputs]
    nullable = table.inputs[0].missing.rule == "no_match"
    dated = any(row.valid_from or row.valid_until for row in table.rows)
    days = [date(2026, 2, 1), *DAYS, date(2026, 4, 1)] if dated else DAYS[:1]
    for *values, day in product(*([*FACTS[name], *([None] if nullable else [])] for name in names), days):
        facts = dict(zip(names, values, strict=True))
        yield Asked(facts, day, applying(table, facts, day))


def applying(table: DecisionTable, facts: Mapping[str, Any], day: date) -> tuple[str, ...]:
    names = [column.name for column in table.inputs]
    return tuple(
        row.id
        for row in table.rows
        if valid_on(row, day) and all(one.holds(facts[names[one.column]], facts) is True for one in row.conditions)
    )


def decided(table: DecisionTable, facts: Mapping[str, Any], day: date) -> tuple[str, ...] | str:
    """The rows that answer, or the class of the error."""
    try:
        return table.at(datetime.combine(day, time(12), UTC)).decide_columns(facts).rows
    except NodeError as error:
        return error.error_class
