"""A table drawn for a terminal: nothing is cut, columns line up, words stay whole."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from orderloom.rules.grid import grid_of
from orderloom.rules.show import draw_narrow, draw_plain, draw_rich, fits
from orderloom.widths import columns_of

from .any_tables import as_read

HEAD = {
    "hit": "first",
    "inputs": {"国": {"type": "text"}, "weight": {"type": "number", "unit": "kg"}},
    "outputs": {"why": {"type": "text"}, "contact": {"type": "text"}},
}
LONG = "only dhl takes dangerous goods to the far east, and nobody else ever did"


def table(*rows):
    return as_read({**HEAD, "rows": list(rows)}).table


def drawn(shown, width):
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(shown)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "columns"), [("ab", 2), ("日本", 4), ("🎁", 2), ("e\u0301", 1), ("a\u200bb", 2), ("", 0)]
)
def test_the_width_of_a_text_is_what_a_terminal_takes_for_it(text, columns):
    assert columns_of(text) == columns


def test_columns_line_up_whatever_letters_are_in_them():
    plain = draw_plain(grid_of(table({"国": "日本, 中国", "why": "🎁 x", "contact": "a"}, {"国": "US", "why": "é"})))
    bars = [columns_of(line.partition("│")[0]) for line in plain.splitlines() if "│" in line]
    assert len(set(bars)) == 1


def test_a_line_break_in_a_cell_does_not_break_the_drawing():
    plain = draw_plain(grid_of(table({"why": "one\ntwo"})))
    assert "one ⏎ two" in plain


def test_a_range_is_never_broken_over_lines():
    grid = grid_of(table({"国": "US", "weight": "[1000.25..2000.75]", "why": LONG}))
    wrapped = drawn(draw_rich(grid, 90), 90)
    assert fits(grid, 90)
    assert "[1000.25..2000.75]" in wrapped
    assert "dangerous" in wrapped


def test_rows_are_ruled_off_only_where_cells_wrap():
    grid = grid_of(table({"why": LONG}, {"why": "short"}))
    assert drawn(draw_rich(grid, 80), 80).count("├") == 2
    assert drawn(draw_rich(grid, 200), 200).count("├") == 1


def test_a_narrow_terminal_is_told_only_what_a_row_answers():
    told = drawn(draw_narrow(table({"id": "q1", "国": "US", "why": LONG, "note": "ask Ann"}, {"id": "q2"})), 40)
    assert "contact" not in told
    assert "note: ask Ann" in told
    assert "→ nothing" in told
    assert max(columns_of(line.rstrip()) for line in told.splitlines()) <= 40


@given(st.lists(st.fixed_dictionaries({"国": st.sampled_from(["US", "日本", "-"]), "why": st.text(max_size=60)})))
@settings(max_examples=40, deadline=None)
def test_no_drawing_is_ever_wider_than_its_terminal(rows):
    rows = [row for row in rows if row["why"].isprintable()]
    grid = grid_of(
        table(
            *(
                {"id": f"r{at}", **row, "why": f'"{row["why"].replace(chr(92), "").replace(chr(34), "")}"'}
                for at, row in enumerate(rows)
            )
        )
    )
    for width in (80, 120):
        if fits(grid, width):
            assert max(columns_of(line.rstrip()) for line in drawn(draw_rich(grid, width), width).splitlines()) <= width


def test_in_a_pipe_the_drawing_is_as_wide_as_columns_says_and_a_line_a_row_without_it(tmp_path, monkeypatch, orderloom):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.md").write_text(
        "---\ntable: t\nhit: first\ninputs: {weight: {type: number}}\noutputs: {why: {type: text}}\n---\n\n"
        f"| weight | why |\n|---|---|\n| > 5 | {LONG} |\n| - | {LONG} |\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("COLUMNS", "60")
    narrow = orderloom("rules", "show", "t.md").out
    monkeypatch.delenv("COLUMNS")
    wide = orderloom("rules", "show", "t.md").out

    assert max(map(columns_of, narrow.splitlines())) <= 60
    assert "\x1b" not in narrow
    assert [LONG in line for line in wide.splitlines()].count(True) == 2
