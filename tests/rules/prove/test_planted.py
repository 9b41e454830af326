"""What is planted in a large table is found, thin things too; and a table said to be complete answers every fact."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from orderloom.declare import NodeError
from orderloom.rules import DecisionTable, read_table
from orderloom.rules.prove import Proof, prove

FACTS = int(os.environ.get("ORDERLOOM_FACTS", "3000"))  # asked of each complete table; 100000 in full
TOP = 1_000
Box = list[tuple[int, int]]


@pytest.fixture(params=range(3), ids=lambda seed: f"seed {seed}")
def random(request: pytest.FixtureRequest) -> Random:
    return Random(request.param)


def partition(rows: int, columns: int, random: Random) -> list[Box]:
    """Boxes that fill the space and do not overlap."""
    boxes: list[Box] = [[(0, TOP)] * columns]
    while len(boxes) < rows:
        at, axis = random.randrange(len(boxes)), random.randrange(columns)
        low, high = boxes[at][axis]
        if high - low < 4:
            continue
        cut = random.randrange(low + 1, high)
        left, right = list(boxes[at]), list(boxes[at])
        left[axis], right[axis] = (low, cut), (cut, high)
        boxes[at] = left
        boxes.append(right)
    return boxes


def cell(low: int, high: int, opening: str = "[") -> str:
    return f"{opening}{low}..{high}{']' if high == TOP else ')'}"


def table(folder: Path, rows: list[list[str]], hit: str = "unique") -> DecisionTable:
    columns = len(rows[0])
    inputs = "\n".join(f'  c{at}: {{type: number, range: "[0..{TOP}]"}}' for at in range(columns))
    lines = [f"r{number},{','.join(row)},{number}" for number, row in enumerate(rows)]
    head = f"hit: {hit}\ninputs:\n{inputs}\noutputs:\n  fee: {{type: number}}\nrows: rows.csv\n"
    (folder / "t.table.yaml").write_text(head)
    (folder / "rows.csv").write_text("\n".join([f"id,{','.join(f'c{at}' for at in range(columns))},fee", *lines]))
    return read_table(folder / "t.table.yaml")


def kinds(proof: Proof) -> list[str]:
    return sorted(one.kind for one in proof.findings)


def test_a_complete_table_answers_random_facts_and_every_boundary(tmp_path, random):
    rows = [[cell(*side) for side in box] for box in partition(300, 4, random)]
    asked = table(tmp_path, rows)
    assert prove(asked).complete
    boundaries = sorted({end for row in asked.rows for one in row.conditions for end in ends(one.constants)})
    for number in range(FACTS):
        pool = boundaries if number % 2 else [Decimal(random.randrange(TOP * 100)) / 100 for _ in range(8)]
        asked.decide_columns({f"c{at}": random.choice(pool) for at in range(4)})


def test_every_boundary_of_a_complete_table_is_answered_in_every_column(tmp_path, random):
    rows = [[cell(*side) for side in box] for box in partition(200, 3, random)]
    asked = table(tmp_path, rows)
    for row in asked.rows:
        ends_of_row = [ends(one.constants) for one in row.conditions]
        for at in range(3):
            for end in ends_of_row[at]:
                asked.decide_columns({f"c{other}": ends_of_row[other][0] for other in range(3)} | {f"c{at}": end})


def ends(constants) -> list[int]:
    return [end for interval in constants.intervals for end in (interval.low, interval.high)]


def test_every_gap_of_a_single_point_is_found_and_its_example_falls_through(tmp_path, random):
    boxes = partition(300, 4, random)
    torn = random.sample([at for at, box in enumerate(boxes) if box[0][0] > 0], 5)
    rows = [
        [cell(*side, opening="(" if at in torn and axis == 0 else "[") for axis, side in enumerate(box)]
        for at, box in enumerate(boxes)
    ]
    asked = table(tmp_path, rows)
    gaps = [one for one in prove(asked).findings if one.kind == "gap"]
    assert len(gaps) == 5
    assert {one.region["c0"] for one in gaps} == {str(boxes[at][0][0]) for at in torn}
    for gap in gaps:
        with pytest.raises(NodeError, match="no row applies"):
            asked.decide_columns(gap.example)


def test_every_edit_proposed_for_a_gap_closes_it_and_brings_no_other_finding(tmp_path, random):
    from orderloom.rules.prove.edited import edited

    boxes = partition(120, 3, random)
    torn = random.sample([at for at, box in enumerate(boxes) if box[1][0] > 0], 4)
    rows = [
        [cell(*side, opening="(" if at in torn and axis == 1 else "[") for axis, side in enumerate(box)]
        for at, box in enumerate(boxes)
    ]
    asked = table(tmp_path, rows)
    for left in (4, 3, 2, 1):
        gaps = [one for one in prove(asked).findings if one.kind == "gap"]
        assert len(gaps) == left
        assert gaps[0].fix is not None
        asked = edited(asked, gaps[0].fix.edits)
    assert prove(asked).complete


def test_every_overlap_of_a_single_point_is_found_and_hits_both_rows(tmp_path, random):
    boxes = partition(300, 3, random)
    rows = [[cell(*side) for side in box] for box in boxes]
    at = random.choice([at for at, box in enumerate(boxes) if box[2][1] < TOP])
    rows[at][2] = f"[{boxes[at][2][0]}..{boxes[at][2][1]}]"
    asked = table(tmp_path, rows)
    found = [one for one in prove(asked).findings if one.kind == "overlap"]
    assert found
    for one in found:
        assert f"r{at}" in one.rows
        assert one.region["c2"] == str(boxes[at][2][1])
        with pytest.raises(NodeError, match="apply at once"):
            asked.decide_columns(one.example)


def test_a_row_that_only_many_rows_together_mask_is_found(tmp_path, random):
    boxes = partition(40, 3, random)
    rows = [[cell(*side) for side in box] for box in boxes]
    proof = prove(table(tmp_path, [*rows, ["> 10", "-", "< 900"], ["-", "-", "-"]], "first"))
    assert [one.rows[0] for one in proof.findings if one.kind == "masked"] == ["r40", "r41"]


def test_a_row_that_a_single_point_keeps_alive_is_not_called_masked(tmp_path, random):
    boxes = partition(40, 3, random)
    torn = next(at for at, box in enumerate(boxes) if box[0][0] > 0)
    rows = [
        [cell(*side, opening="(" if at == torn and axis == 0 else "[") for axis, side in enumerate(box)]
        for at, box in enumerate(boxes)
    ]
    proof = prove(table(tmp_path, [*rows, ["-", "-", "-"]], "first"))
    assert "masked" not in kinds(proof)
    assert proof.complete
