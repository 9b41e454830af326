"""`--format github`: one workflow command a finding, escaped as GitHub unescapes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.cli import invoke
from orderloom.cli.render.github import as_commands
from orderloom.problems import Place, Problem


def read_back(command: str) -> tuple[str, dict[str, str], str]:
    """As GitHub's runner reads a line: the word, its properties, and the message."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", command)
    assert found, command
    properties = dict(part.split("=", 1) for part in found[2].split(","))
    return found[1], {name: unescaped(value, True) for name, value in properties.items()}, unescaped(found[3], False)


def unescaped(text: str, in_property: bool) -> str:
    for code, sign in ((("%3A", ":"), ("%2C", ",")) if in_property else ()):
        text = text.replace(code, sign)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_a_finding_is_an_annotation_of_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "x,y.yaml").write_text("flow: x\nsteps:\n  capture: {use: captur}\n")

    code = invoke(["check", "x,y.yaml", "--format", "github"])

    assert code == 1
    assert capsys.readouterr().out == (
        "::error file=x%2Cy.yaml,line=3,col=18,endColumn=24,title=orderloom N001"
        "::no node is named `captur`%0Adid you mean `capture`?\n"
    )


def test_without_findings_nothing_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text("flow: x\nsteps:\n  capture: {use: capture}\n")

    assert invoke(["check", "x.yaml", "--format", "github"]) == 0
    assert capsys.readouterr().out == ""


def test_a_finding_of_a_whole_file_has_no_line() -> None:
    word, properties, _ = read_back(as_commands([Problem("Y001", "no file", Place("x"), severity="warning")]))

    assert word == "warning"
    assert set(properties) == {"file", "title"}


def test_a_finding_in_a_workbook_names_its_cell_in_place_of_a_line() -> None:
    _, properties, told = read_back(as_commands([Problem("D010", "no number", Place("x.xlsx", 7, 2, 3, "Rows!B7"))]))

    assert set(properties) == {"file", "title"}
    assert told == "Rows!B7: no number"


@given(
    st.text(st.characters(exclude_characters="\x85\x1c\x1d\x1e\x0b\x0c\u2028\u2029", exclude_categories=["Cs"])),
    st.text(st.sampled_from("%:,;=\r\nä d"), min_size=1),
)
def test_every_message_and_name_is_read_back_as_it_was(message: str, name: str) -> None:
    command = as_commands([Problem("Y001", message, Place(f"/no/{name}/x", 3, 1, 2))])

    assert "\n" not in command
    assert "\r" not in command
    _, properties, told = read_back(command)
    assert told == message
    assert properties["file"] == f"/no/{name}/x"
    assert properties["line"] == "3"
