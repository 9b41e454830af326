"""`rules check --fix` mends slips of the keyboard in whatever form a table has, and writes back nothing else."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

HEAD = """\
table: carriers   # which carrier
hit: first
inputs:
  carrier: {type: text, values: [usps, fedex, dhl, home delivery]}
outputs:
  outcome: {type: text, values: [express, standard]}
rows: rows.csv
"""
ROWS = "\r\n".join(
    (
        "id,carrier,outcome",
        "r1,usps,express",
        'r2,"home delivery, usps",express',
        "r3,fedex,standard",
        "r4,-,standard",
        "",
    )
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("t.table.yaml").write_text(HEAD)
    Path("rows.csv").write_text(ROWS, newline="")
    return tmp_path


def content(name="rows.csv"):
    return Path(name).read_bytes().decode()


def test_slips_in_head_and_rows_are_mended_and_told(folder, orderloom):
    Path("t.table.yaml").write_text(HEAD.replace("hit:", "hitt:"))
    Path("rows.csv").write_text(ROWS.replace("r1,usps", "r1,uspps"), newline="")

    ran = orderloom("rules", "check", "t.table.yaml", "--fix")

    assert (content("t.table.yaml"), content()) == (HEAD, ROWS)
    assert "fixed: rows.csv:2:4 D012: `uspps` is now `usps`" in ran.err
    assert "fixed: t.table.yaml:2:1 D001: `hitt` is now `hit`" in ran.err


def test_the_mends_stand_in_the_json(folder, orderloom):
    Path("rows.csv").write_text(
        ROWS.replace("r1,usps", "r1,uspps").replace("r3,fedex,standard", "r3,fedex,nothing"), newline=""
    )

    told = json.loads(orderloom("rules", "check", "t.table.yaml", "--fix", "--json").out)

    made = {"row": None, "column": None, "old": "uspps", "new": "usps"}
    assert told["fixed"] == [{"kind": "misspelt", "code": "D012", "place": "rows.csv:2:4", "edits": [made]}]
    assert [one["code"] for one in told["problems"]] == ["D012"]


@pytest.mark.parametrize("form", ["whole.md", "whole.table.yaml"])
def test_a_table_in_one_file_is_mended_there(folder, orderloom, form):
    orderloom("rules", "convert", "t.table.yaml", form)
    whole = content(form)
    Path(form).write_text(_slipped(whole))

    orderloom("rules", "check", form, "--fix")

    assert content(form) == whole


def _slipped(whole: str) -> str:
    """With a letter typed twice in the last row."""
    at = whole.rindex("standard")
    return whole[:at] + "standaard" + whole[at + len("standard") :]


def test_check_mends_the_same(folder, orderloom):
    Path("orderloom.yaml").touch()
    Path("rows.csv").write_text(ROWS.replace("r1,usps", "r1,uspps"), newline="")

    ran = orderloom("check", "t.table.yaml", "--fix")

    assert content() == ROWS
    assert "mended  rows.csv:2:4  D012: `uspps` is now `usps`" in ran.out


def test_a_slip_at_any_place_is_mended_to_what_stood_there_or_not_at_all(folder, orderloom):
    luck = random.Random(4)
    mended = 0
    places = [at for at in range(ROWS.index("r1,") + 3, len(ROWS) - 2) if not set("\r\n") & set(ROWS[at : at + 2])]
    for at in luck.sample(places, 15):
        twice = ROWS[:at] + ROWS[at] + ROWS[at:]
        swapped = ROWS[:at] + ROWS[at + 1] + ROWS[at] + ROWS[at + 2 :]
        slipped = luck.choice((twice, swapped))
        Path("rows.csv").write_text(slipped, newline="")

        orderloom("rules", "check", "t.table.yaml", "--fix")

        assert content() in {ROWS, slipped}, slipped
        mended += content() == ROWS != slipped
    assert mended > 3
