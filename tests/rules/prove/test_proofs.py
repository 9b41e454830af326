"""What a proof says of random tables is what brute force says: nothing is missed, nothing is made up."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from tests.rules.prove.tables import DAYS, EXAMPLES, SAMPLE, Asked, applying, decided, everything, tables

from orderloom.rules.hit import Hit
from orderloom.rules.prove import Finding, Proof, prove
from orderloom.rules.prove.grid import Grid, grid_of
from orderloom.rules.prove.runs import holds

MANY = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == SAMPLE)
PICKS = (Hit.FIRST, Hit.PRIORITY)


def of(proof: Proof, *kinds: str) -> list[Finding]:
    return [one for one in proof.findings if one.kind in kinds]


def inside(grid: Grid, finding: Finding, asked: Asked) -> bool:
    point = grid.point(asked.facts, asked.day)
    assert point is not None
    return all(holds(side, at) for side, at in zip(finding.box, point, strict=True))


@MANY
@given(tables())
def test_every_fact_that_no_row_takes_lies_in_a_gap_and_no_other_does(table):
    gaps, grid = of(prove(table), "gap", "default"), grid_of(table)
    for asked in everything(table):
        told = any(inside(grid, gap, asked) for gap in gaps)
        assert told is (not asked.rows), (asked, [gap.region for gap in gaps])


@MANY
@given(tables())
def test_a_table_is_complete_exactly_if_every_fact_is_answered(table):
    answers = [decided(table, asked.facts, asked.day) for asked in everything(table)]
    assert prove(table).complete is not any(isinstance(answer, str) for answer in answers)


@MANY
@given(tables((Hit.UNIQUE, Hit.ANY)))
def test_every_pair_of_rows_that_contradict_one_another_is_told(table):
    answers = {row.id: row.answers[0].value for row in table.rows}
    expected = {
        (one, other)
        for asked in everything(table)
        for at, one in enumerate(asked.rows)
        for other in asked.rows[at + 1 :]
        if table.hit is Hit.UNIQUE or answers[one] != answers[other]
    }
    assert {one.rows for one in of(prove(table), "overlap", "conflict")} == expected


@MANY
@given(tables(PICKS))
def test_the_rows_that_never_answer_are_the_masked_ones(table):
    answering = {row for asked in everything(table) for row in decided_rows(table, asked)}
    masked = {one.rows[0] for one in of(prove(table), "masked")}
    assert masked == {row.id for row in table.rows} - answering


def decided_rows(table: Any, asked: Any) -> tuple[str, ...]:
    answer = decided(table, asked.facts, asked.day)
    return () if isinstance(answer, str) else answer


@MANY
@given(tables())
def test_every_example_is_decided_by_the_engine_as_its_finding_says(table):
    for one in of(prove(table), "gap", "default", "overlap", "conflict", "masked", "subsumed"):
        if not one.box:
            continue
        assert one.example is not None
        day = one.day or DAYS[0]
        rows, answer = applying(table, one.example, day), decided(table, one.example, day)
        if one.kind in ("gap", "default"):
            assert rows == ()
            assert one.kind == "default" or answer == "no_match"
        elif one.kind == "masked":
            assert one.rows[0] in rows
            assert one.rows[0] not in answer
        else:
            assert set(one.rows) <= set(rows)
            assert one.severity != "error" or answer == "conflict"


@MANY
@given(tables(PICKS))
def test_a_row_that_could_be_left_out_changes_no_answer_when_it_is(table):
    from dataclasses import replace

    for one in of(prove(table), "masked", "subsumed"):
        less = replace(table, rows=tuple(row for row in table.rows if row.id != one.rows[0]))
        for asked in everything(table):
            if less.rows:
                assert fees(less, asked) == fees(table, asked)


def fees(table: Any, asked: Any) -> Any:
    from datetime import UTC, datetime, time

    from orderloom.declare import NodeError

    try:
        return table.at(datetime.combine(asked.day, time(12), UTC)).decide_columns(asked.facts).outputs
    except NodeError as error:
        return error.error_class


@MANY
@given(tables())
def test_a_region_is_written_so_that_its_cells_take_the_facts_that_are_in_it(table):
    from orderloom.rules.prove.edited import condition

    for one in of(prove(table), "gap", "default", "overlap", "conflict"):
        cells = {name: text for name, text in one.region.items() if name != "valid on" and not text.startswith("null,")}
        grid = grid_of(table)
        read = {name: condition(table, name, text) for name, text in cells.items()}
        for asked in everything(table):
            facts = asked.facts
            if inside(grid, one, asked):
                assert all(cell is not None and cell.holds(facts[name], facts) is True for name, cell in read.items())


