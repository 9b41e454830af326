"""A run goes on with what it began with, whatever became of the files since; where that cannot be, it says why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.project import shipped

SAMPLE = json.loads((shipped() / "samples" / "shopify-order.json").read_text(encoding="utf-8"))["order"]
FLOW = """
flow: kept
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {sources: [{files: inbox/*.json}]}}
  look:
    use: ask
    with: {kind: approve, desk: d, question: "{capture.order.order_number}"}
    next: {approved: decide, declined: ~}
  decide:
    use: decision
    with: {table: rules/size.table.yaml, facts: {order: =capture.order}}
    next: {small: tell, large: tell}
  tell: {use: notify, with: {template: thanks, to: =capture.order.customer, data: {size: =decide.outcome}}}
"""
TABLE = """
table: size
hit: first
inputs: {lines: {is: count(order.lines), type: number}}
outputs: {outcome: {type: text, values: [small, large]}}
rows: [{lines: "< 3", outcome: small}, {outcome: large}]
"""
TEMPLATE = "Subject: Thanks\n\nIt is {size}.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "shop"
    for name, text in {
        "orderloom.yaml": "project: shop\n", "flows/kept.yaml": FLOW, "rules/size.table.yaml": TABLE,
        "templates/thanks.txt": TEMPLATE,
    }.items():  # fmt: skip
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(made)
    return made


def order(id_: int) -> str:
    file = Path(f"order-{id_}.json")
    told = {**SAMPLE, "id": id_, "created_at": "2026-03-01T08:00:00-08:00", "processed_at": None}    # no double of 1042
    file.write_text(json.dumps(told), encoding="utf-8")
    return str(file)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    capsys.readouterr()
    code = invoke(["run", *arguments, "--json"])
    told = capsys.readouterr()
    lines = told.out.splitlines()
    return code, json.loads(lines[-1]) if lines else {}, told.err


def begun(capsys: pytest.CaptureFixture[str], flow: str = "kept") -> str:
    """An order that waits for a person."""
    source = order(1)
    code, report, err = run(capsys, flow, "--input", source)
    assert (code, report.get("status")) == (3, "waiting"), err
    return source


def messages(project: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in sorted((project / "outbox").glob("*.eml")))


def edited(project: Path) -> None:
    text = FLOW.replace("version: 1", "version: 2").replace("{size: =decide.outcome}", "{size: new}")
    (project / "flows/kept.yaml").write_text(text, encoding="utf-8")


def table_edited(project: Path) -> None:
    (project / "rules/size.table.yaml").write_text(TABLE.replace("< 3", "< 1"), encoding="utf-8")


def template_edited(project: Path) -> None:
    (project / "templates/thanks.txt").write_text(TEMPLATE.replace("It is", "Now it is"), encoding="utf-8")


def all_gone(project: Path) -> None:
    (project / "flows/kept.yaml").write_text(FLOW.replace("use: ask", "use: nothing"), encoding="utf-8")
    shutil.rmtree(project / "rules")
    shutil.rmtree(project / "templates")


@pytest.mark.parametrize("change", [edited, table_edited, template_edited])
def test_a_run_that_waits_goes_on_with_the_files_it_began_with_and_new_orders_take_the_new_ones(
    project: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None]
) -> None:
    source = begun(capsys)

    change(project)
    code, old, _ = run(capsys, "kept", "--input", source, "--answer", "look=approved")
    first = messages(project)
    _, new, _ = run(capsys, "kept", "--input", order(2), "--answer", "look=approved")

    assert (code, old["status"], old["version"]) == (0, "completed", 1)
    assert old["path"] == ["capture", "look:approved", "decide:small", "tell"]
    assert "It is small" in first
    assert (new["version"], new["path"], messages(project)) != (1, old["path"], first * 2)


def test_a_run_whose_files_are_gone_goes_on_with_what_was_kept_of_them(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(capsys)
    all_gone(project)

    assert invoke(["inbox", "approve", "1"]) == 0

    assert "It is small" in messages(project)
    assert not (project / "rules").exists()


def test_a_table_in_a_workbook_is_kept_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "flows/kept.yaml").write_text(FLOW.replace("size.table.yaml", "size.xlsx"), encoding="utf-8")
    assert invoke(["rules", "convert", "rules/size.table.yaml", "rules/size.xlsx"]) == 0
    begun(capsys)
    shutil.rmtree(project / "rules")

    assert invoke(["inbox", "approve", "1"]) == 0

    assert "It is small" in messages(project)


def test_a_flow_within_is_kept_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = FLOW.replace("flow: kept", "flow: inner")
    outer = (
        "flow: outer\nversion: 1\nkey: =capture.order.order_id\nsteps:\n"
        "  capture: {use: capture, with: {sources: [{files: inbox/*.json}]}}\n"
        "  sub: {use: flow, with: {flow: inner, given: {order: =capture.order}}, next: {completed: ~}}\n"
    )
    (project / "flows/inner.yaml").write_text(inner, encoding="utf-8")
    (project / "flows/outer.yaml").write_text(outer, encoding="utf-8")
    begun(capsys, "outer")
    (project / "flows/inner.yaml").unlink()
    shutil.rmtree(project / "rules")

    assert invoke(["inbox", "approve", "1"]) == 0

    assert "It is small" in messages(project)


@pytest.mark.parametrize("in_a_project", [True, False])
def test_a_flow_that_comes_with_orderloom_can_be_kept_by_any_project_and_without_one(
    project: Path, capsys: pytest.CaptureFixture[str], in_a_project: bool
) -> None:
    """Its file lies in the installed package, where the next version may bring another one."""
    if not in_a_project:
        (project / "orderloom.yaml").unlink()

    code, report, err = run(capsys, "order-to-delivery", "--input", order(1))

    assert (code, report.get("status")) == (3, "waiting"), err
    assert invoke(["inbox", "list"]) == 0
    again, told, err = run(capsys, "order-to-delivery", "--input", order(1), "--answer", "delivered=happened")
    assert (again, told["status"]) == (0, "completed"), err


NODE = '''
from orderloom import Outcome, node


class Wrapped(Outcome, name="wrapped"):
    card: str


@node("wrap", version={version})
def wrap() -> Wrapped:
    """Wraps it."""
    return Wrapped(card="{card}")
'''
WITH_NODE = FLOW.replace(
    "use: notify, with: {template: thanks, to: =capture.order.customer, data: {size: =decide.outcome}}",
    "use: wrap, after: [decide]",
)


def node(project: Path, version: int, card: str = "old") -> None:
    folder = project / "nodes" / "wrap"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text(NODE.format(version=version, card=card), encoding="utf-8")


def test_a_run_whose_node_has_another_major_version_by_now_says_so_and_stays_as_it_is(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node(project, 1)
    (project / "flows/kept.yaml").write_text(WITH_NODE, encoding="utf-8")
    source = begun(capsys)

    node(project, 2, "new")
    code, _, err = run(capsys, "kept", "--input", source, "--answer", "look=approved")
    node(project, 1, "mended")
    again, report, _ = run(capsys, "kept", "--input", source, "--answer", "look=approved")

    assert code == 1
    assert "cannot be made again: it began with project/wrap@1, installed is @2" in err
    assert "Install the nodes that it had" in err
    assert "there are no orders here" not in err
    assert (again, report["outputs"]["tell"]["card"]) == (0, "mended")  # the same major version: mends reach it


def test_a_run_whose_node_is_gone_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    node(project, 1)
    (project / "flows/kept.yaml").write_text(WITH_NODE, encoding="utf-8")
    source = begun(capsys)

    shutil.rmtree(project / "nodes")
    (project / "flows/kept.yaml").write_text(FLOW, encoding="utf-8")
    code, _, err = run(capsys, "kept", "--input", source, "--answer", "look=approved")

    assert code == 1
    assert "the flow `kept` (version 1) with which the run began cannot be made again" in err
    assert "`wrap`" in err
