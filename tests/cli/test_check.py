"""`orderloom check`: which files it looks at, what it prints, and its exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderloom.cli.check import command
from orderloom.project import shipped

RIGHT = "flow: right\nsteps:\n  capture: {use: capture}\n"
WRONG = "flow: wrong\nsteps:\n  capture: {use: captur}\n"
DOUBTFUL = "flow: doubtful\nlet: {order: =capture.order}\nsteps:\n  capture: {use: capture}\n"
TABLE = (
    "table: level\nhit: first\ninputs:\n  total: {is: total, type: number}\n"
    "outputs:\n  outcome: {type: text, values: [high, low]}\nrows:\n"
    "  - {id: r1, total: '> 5', outcome: high}\n  - {id: r2, outcome: low}\n"
)
GRADED = (
    "flow: graded\nsteps:\n  capture: {use: capture}\n  level:\n    use: decision\n    with:\n"
    "      table: rules/level.table.yaml\n      facts: {total: =capture.order.totals.grand_total.amount}\n"
    "    next: {high: ~, low: ~}\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one right flow and one right table; the working directory is in it."""
    for name, text in {"orderloom.yaml": "", "flows/right.yaml": RIGHT, "rules/level.table.yaml": TABLE}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_a_clean_project_is_told_file_by_file(project: Path) -> None:
    told = check()

    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == ["flows/right.yaml        ok  1 steps", "rules/level.table.yaml  ok  a table"]


def test_an_error_gives_exit_code_1_and_stands_on_standard_error(project: Path) -> None:
    (project / "flows" / "wrong.yaml").write_text(WRONG, encoding="utf-8")

    told = check()

    assert told.exit_code == 1
    assert "flows/wrong.yaml" not in told.stdout
    assert "error[N001]: no node is named `captur`" in told.stderr
    assert "--> flows/wrong.yaml:3:18" in told.stderr


def test_warnings_alone_give_exit_code_0(project: Path) -> None:
    (project / "flows" / "doubtful.yaml").write_text(DOUBTFUL, encoding="utf-8")

    told = check("doubtful")

    assert told.exit_code == 0
    assert "warned  1 steps" in told.stdout
    assert "warning[R004]: nothing reads `order`" in told.stderr


def test_json_holds_every_finding(project: Path) -> None:
    (project / "flows" / "wrong.yaml").write_text(WRONG, encoding="utf-8")

    told = check("flows", "--format", "json")

    assert told.exit_code == 1
    assert json.loads(told.stdout) == {
        "problems": [
            {
                "code": "N001",
                "severity": "error",
                "file": "flows/wrong.yaml",
                "line": 3,
                "column": 18,
                "end_column": 24,
                "message": "no node is named `captur`",
                "help": "did you mean `capture`?",
                "fix": {
                    "place": {"file": "flows/wrong.yaml", "line": 3, "column": 18, "end_column": 24},
                    "replacement": "capture",
                },
            }
        ]
    }


def test_json_of_a_clean_file_is_an_empty_list(project: Path) -> None:
    assert json.loads(check("right", "--format", "json").stdout) == {"problems": []}


def test_files_that_are_no_flows_are_left_alone_in_a_folder_and_refused_by_name(project: Path) -> None:
    (project / "flows" / "sample.yaml").write_text("a: 1\n", encoding="utf-8")

    assert check("flows").exit_code == 0
    assert "error[F001]" in check("flows/sample.yaml").stderr


def test_a_broken_table_is_told_with_its_row(project: Path) -> None:
    (project / "rules" / "level.table.yaml").write_text(TABLE.replace("'> 5'", "'> > 5'"), encoding="utf-8")

    told = check("rules")

    assert told.exit_code == 1
    assert "rules/level.table.yaml:8:" in told.stderr


def test_outside_of_a_project_the_shipped_flows_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    told = check()

    assert told.exit_code == 0, told.output
    assert "order-to-delivery.yaml" in told.stdout


def test_a_misspelt_connection_is_an_error_and_broken_connections_are_told_once(project: Path) -> None:
    flow = project / "flows" / "right.yaml"
    route = "  route: {use: route, with: {order: =capture.order, connection: stok}, next: {routed: ~, short: ~}}\n"
    flow.write_text(RIGHT + route, encoding="utf-8")
    (project / "connections.yaml").write_text("stock: {type: stock-files, folder: stock}\n", encoding="utf-8")

    misspelt = check("right")
    (project / "connections.yaml").write_text("stock: {type: nothing}\n", encoding="utf-8")
    broken = check()

    assert misspelt.exit_code == 1
    assert "error[N008]: no connection is named `stok`" in misspelt.stderr
    assert "did you mean `stock`?" in misspelt.stderr
    assert "N008" not in broken.stderr
    assert "error[C002]" in broken.stderr


def test_a_flow_is_not_called_right_where_a_table_that_it_uses_is_broken(project: Path) -> None:
    (project / "rules" / "level.table.yaml").write_text(TABLE.replace("> 5", "> 5O"))
    (project / "flows" / "graded.yaml").write_text(GRADED)

    told = check()

    assert told.exit_code == 1
    line = next(line for line in told.stdout.splitlines() if "graded.yaml" in line)
    assert "refused" in line
    assert "rules/level.table.yaml" in line


def test_a_finding_that_table_and_flow_both_meet_with_is_told_once(project: Path) -> None:
    (project / "rules" / "level.table.yaml").write_text(TABLE.replace("> 5", "> 5O"))
    (project / "flows" / "graded.yaml").write_text(GRADED)

    assert check().stderr.count("error[D010]") == 1


def test_what_is_wrong_with_the_stock_files_is_found_before_a_run(project: Path) -> None:
    (project / "connections.yaml").write_text("stock: {type: stock-files, folder: stock}\n")
    shutil.copytree(shipped() / "stock", project / "stock")
    (project / "stock" / "levels.csv").write_text("location_id,sku,onhand\n")

    told = check()

    assert told.exit_code == 1
    assert "did you mean `on_hand`?" in told.stderr


def test_a_stock_file_that_is_not_there_is_told_at_the_line_of_its_connection(project: Path) -> None:
    (project / "connections.yaml").write_text("# ours\nstock: {type: stock-files, folder: stock}\n")
    shutil.copytree(shipped() / "stock", project / "stock")
    (project / "stock" / "levels.csv").rename(project / "stock" / "level.csv")

    told = check()

    assert told.exit_code == 1
    assert "error[C007]: connection `stock` cannot be opened: there is no file `" in told.stderr
    assert "--> connections.yaml:2:1\n" in told.stderr
    assert "stock/level.csv`?" in told.stderr


def test_a_secret_that_is_elsewhere_is_no_mistake_of_the_connections(project: Path) -> None:
    (project / "connections.yaml").write_text(
        "mail: {type: smtp, host: a.example, user: u, password: {env: NOT_HERE}, from: a@b.example}\n"
    )

    assert check().exit_code == 0


@pytest.mark.parametrize("paths", [(), ("scenarios",)])
def test_a_mistake_of_a_flow_is_told_once_and_not_again_of_its_scenarios(project: Path, paths: tuple[str, ...]) -> None:
    (project / "scenarios").mkdir()
    (project / "order.json").write_text("{}")
    world = "clock: 2026-03-02T10:00:00Z\ninput: {file: order.json}\n"
    scenario = f"scenario: small\n{world}cases: [{{case: c, expect: {{status: completed}}}}]\n"
    (project / "scenarios" / "small.yaml").write_text(scenario)
    flow = project / "flows" / "small.yaml"
    flow.write_text("flow: small\nsteps:\n  capture: {use: captur}\n")

    told = check(*paths, "--format", "json")

    assert [(one["code"], one["file"]) for one in json.loads(told.stdout)["problems"]] == [("N001", "flows/small.yaml")]
