"""How findings are shown: as text with an excerpt and a caret, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from orderloom.cli import render
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.source import parse_json, parse_yaml

BROKEN = """\
steps:
  review:
    use: ask
    next: {approved: pay, refused: stop}
    with: {because: =validate.verdict}
"""
NO_PATH = Problem(
    "G001", "`next` has no path for `declined`", Place("f.yaml", 4, 5, 9), "`review` can be: approved, declined"
)


def plain(*problems: Problem, **sources: str) -> str:
    return click.unstyle(render.as_text(problems, {name.replace("_", "."): text for name, text in sources.items()}))


def test_a_finding_is_shown_with_its_line_a_caret_and_a_help() -> None:
    assert plain(NO_PATH, f_yaml=BROKEN) == (
        "error[G001]: `next` has no path for `declined`\n"
        " --> f.yaml:4:5\n"
        "  |\n"
        "4 |     next: {approved: pay, refused: stop}\n"
        "  |     ^^^^\n"
        "  = help: `review` can be: approved, declined\n"
        "\n"
        "1 error in 1 file"
    )


def test_without_the_text_the_place_is_shown_alone() -> None:
    assert plain(NO_PATH) == (
        "error[G001]: `next` has no path for `declined`\n"
        " --> f.yaml:4:5\n"
        "  = help: `review` can be: approved, declined\n"
        "\n"
        "1 error in 1 file"
    )


def test_the_gutter_is_as_wide_as_the_number_of_the_line() -> None:
    shown = plain(Problem("Y010", "x", Place("f.yaml", 1200, 1, 3)), f_yaml="\n" * 1199 + "ab")

    assert shown.splitlines()[1:5] == ["    --> f.yaml:1200:1", "     |", "1200 | ab", "     | ^^"]


def test_findings_are_sorted_and_told_once() -> None:
    later = Problem("Y010", "later", Place("f.yaml", 9, 1, 2))

    assert [problem["line"] for problem in json.loads(render.as_json([later, NO_PATH, later]))["problems"]] == [4, 9]


def test_the_summary_counts_errors_warnings_and_files() -> None:
    warning = Problem("D002", "a gap", Place("t.csv", 2, 1, 2), severity="warning")

    assert render.count([NO_PATH]) == "1 error in 1 file"
    assert render.count([NO_PATH, warning, warning]) == "1 error, 2 warnings in 2 files"
    assert render.count([warning]) == "1 warning in 1 file"


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "caret"),
    [
        pytest.param("a:\tb", 4, 5, "a:→b", "   ^", id="a tab is one column"),
        pytest.param("名前: x", 5, 6, "名前: x", "      ^", id="wide letters take two columns"),
        pytest.param("名前: x", 1, 3, "名前: x", "^^^^", id="the caret is as wide as what it marks"),
        pytest.param("e\u0301: x", 5, 6, "e\u0301: x", "   ^", id="combining marks take none"),
        pytest.param("a: \u202eb", 5, 6, "a: \ufffdb", "    ^", id="a turned direction is not obeyed"),
        pytest.param("a", 2, 3, "a", " ^", id="behind the end of the line"),
        pytest.param("a", 90, 95, "a", " ^", id="a column that the line does not reach"),
    ],
)
def test_the_caret_stands_under_what_it_marks(line: str, column: int, end: int, shown: str, caret: str) -> None:
    text = plain(Problem("Y010", "x", Place("f.yaml", 1, column, end)), f_yaml=line).splitlines()

    assert text[3:5] == [f"1 | {shown}", f"  | {caret}"]


def test_a_very_long_line_is_cut_around_the_caret() -> None:
    line = "x" * 50_000 + "HERE" + "y" * 50_000

    text = plain(Problem("Y040", "x", Place("f.json", 1, 50_001, 50_005)), f_json=line).splitlines()

    assert len(text[3]) < 130
    assert text[3][text[4].index("^") : text[4].rindex("^") + 1] == "HERE"
    assert text[3].startswith("1 | …")
    assert text[3].endswith("…")


def test_a_file_cannot_steer_the_terminal() -> None:
    shown = render.as_text([Problem("F001", "no key `\x1b[2J\u202e`", Place("f\x07.yaml", 0), "see \x9b0m")])

    assert "`\\x1b[2J\\u202e`" in click.unstyle(shown)
    assert not [steering for steering in ("\x1b[2J", "\u202e", "\x07", "\x9b") if steering in shown]


def test_the_excerpt_is_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("\ufeffa: 1\r\nb: 2\r\n", encoding="utf-8")

    assert "2 | b: 2\n" in click.unstyle(render.as_text([Problem("F001", "x", Place(str(file), 2, 1, 2))]))


def test_json_has_the_promised_members() -> None:
    told = json.loads(render.as_json([NO_PATH, Problem("Y001", "no file", Place("x.yaml"), severity="warning")]))

    assert told == {
        "problems": [
            {
                "code": "G001", "severity": "error", "file": "f.yaml", "line": 4, "column": 5, "end_column": 9,
                "message": "`next` has no path for `declined`", "help": "`review` can be: approved, declined",
                "fix": None,
            },
            {
                "code": "Y001", "severity": "warning", "file": "x.yaml", "line": 0, "column": 0, "end_column": 0,
                "message": "no file", "help": None, "fix": None,
            },
        ]
    }


def test_text_goes_to_standard_error_and_json_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    render.show([NO_PATH])
    text = capsys.readouterr()
    render.show([NO_PATH], format="json")
    data = capsys.readouterr()

    assert (text.out, data.err) == ("", "")
    assert text.err.startswith("error[G001]")     # no colours: this is not a terminal
    assert json.loads(data.out)["problems"]


def test_without_findings_the_text_is_silent_and_the_json_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    render.show([])
    render.show([], format="json")

    told = capsys.readouterr()
    assert (told.out, told.err) == ('{"problems": []}\n', "")


def test_a_page_of_findings(golden: Callable[[str, str], None]) -> None:
    flow = """\
flow: returns
flow: again
steps:
  screen: &screen
    use: decision
    with: {order: =coalesce(a, b), 名前: NO}
    next: {pass: pay, review: *screen}
  tell:
    with: {subject: =choose[outcome = "chosen"].shipment}
"""
    payload = '{"total": NaN, "total": 1e999, "lines": [{"sku": "A1"}, {"sku": "A1", "sku": "B2"}]'

    texts = {"flows/broken.yaml": flow, "payload.json": payload}
    problems = [*problems_of(parse_yaml, flow, "flows/broken.yaml"), *problems_of(parse_json, payload, "payload.json")]

    golden("problems.txt", click.unstyle(render.as_text(problems, texts)) + "\n")


def problems_of(parse: Callable[[str, str], object], text: str, file: str) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as refused:
        parse(text, file)
    return refused.value.problems
