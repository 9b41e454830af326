"""What is named on the command line and is not there is told with what was meant, and what is empty with a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.cli import invoke


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "mine", "--template", "empty"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    return tmp_path / "mine"


RUN = "run first --input samples/order.json"


@pytest.mark.parametrize(
    ("command", "message", "mend"),
    [
        (f"{RUN[:-5]}.jsn", "[V901]: there is no file `samples/order.jsn`", "did you mean `samples/order.json`?"),
        ("run first --input sampels/a.json", "[V901]: there is no file", "`sampels`; did you mean `samples`?"),
        ("run first --input samples/x.json", "[V901]: there is no file", "in `samples` there are: order.json"),
        ("run first --input x.json", "[V901]: there is no file", "there are: flows/, samples/"),
        ("capture samples/ordr.json", "[V901]: there is no file", "did you mean `samples/order.json`?"),
        ("nodes call validate --input x.json", "[V901]: there is no file `x.json`", "connections.yaml, flows/"),
        (RUN.replace("first", "flows/frst.yaml"), "[F901]: there is no file", "did you mean `flows/first.yaml`?"),
        (RUN.replace("first", "flows/returns.yaml"), "[F901]: there is no file", "did you mean the flow `returns`?"),
        (RUN.replace("first", "flows/x.yaml"), "[F901]: there is no file", "in `flows` there are: first.yaml"),
        (RUN.replace("first", "frst"), "[F902]: no flow is named `frst`", "did you mean `first`?"),
        (RUN.replace("first", "xyz"), "[F902]: no flow is named `xyz`", "there are: automate-return-request"),
        ("check flow/", "[F901]: there is no file `flow/`", "did you mean `flows`?"),
        ("check smples", "[F901]: there is no file and no folder `smples`", "did you mean `samples`?"),
        ("check retuns", "[F902]: no flow is named `retuns`", "did you mean `returns`?"),
        ("graph a/b/c.yaml", "[F901]: there is no file `a/b/c.yaml`", "there is no folder `a`"),
    ],
)
def test_what_is_not_there_is_told_with_what_was_meant(
    project: Path, command: str, message: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(command.split()) == 2

    [first, place, help_] = capsys.readouterr().err.splitlines()[:3]
    assert message in first
    assert place == " --> the command line"
    assert mend in help_


def test_a_file_of_orders_for_a_table_that_is_not_there_is_told_with_what_was_meant(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "orders.csv").write_text("a\n")

    assert invoke(["rules", "eval", "return-policy", "--input", "ordrs.csv", "--out", "decided.csv"]) == 2

    err = capsys.readouterr().err
    assert "error[Y001]: there is no file `ordrs.csv`" in err
    assert "did you mean `orders.csv`?" in err


@pytest.mark.parametrize("command", ["run first --input", "run first --json --input", "capture"])
def test_a_folder_without_orders_is_warned_of(
    project: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "inbox").mkdir()

    assert invoke([*command.split(), "inbox"]) == 0

    err = capsys.readouterr().err
    assert "warning[F904]: there are no orders here\n --> inbox\n" in err
    assert "orders are .json, .jsonl, .csv, .xlsx, .xml and .edi files" in err


def test_a_file_of_lines_without_any_is_warned_of(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "orders.jsonl").write_text("\n")

    assert invoke(["run", "first", "--input", "orders.jsonl"]) == 0

    assert "warning[F904]: there are no orders here\n --> orders.jsonl" in capsys.readouterr().err


def test_a_folder_with_an_order_is_not_warned_of(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["run", "first", "--input", "samples"]) == 0

    assert "F904" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("rules/levle.table.yaml", "did you mean `rules/level.table.yaml`?"),
        ("level.table.yaml", "did you mean `rules/level.table.yaml`?"),
        ("rules/quite-another.table.yaml", "there are: rules/level.table.yaml"),
    ],
)
def test_a_table_that_is_not_there_is_told_with_the_one_that_was_meant(
    project: Path, written: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "rules").mkdir()
    (project / "rules" / "level.table.yaml").write_text(
        "table: level\ninputs: {n: {type: number}}\noutputs: {outcome: {type: text, values: [low]}}\n"
        "rows:\n  - {id: r1, outcome: low}\n"
    )
    flow = project / "flows" / "first.yaml"
    step = f"  level:\n    use: decision\n    with: {{table: {written}, facts: {{n: 3}}}}\n    after: [capture]\n"
    flow.write_text(flow.read_text() + step)

    assert invoke(["check", "flows"]) == 1

    assert f"help: {mend}" in capsys.readouterr().err
