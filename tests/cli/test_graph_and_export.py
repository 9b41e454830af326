"""`orderloom graph` and `orderloom export n8n`, as an integrator meets them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from orderloom.cli import invoke
from orderloom.project import shipped

SHIPPED = sorted(file.stem for file in shipped().glob("*.yaml"))
STRAIGHT = """
flow: straight
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {sources: [{files: "in/*.json"}]}}
  validate: {use: validate, with: {order: =capture.order}, next: {valid: screen, fixable: ~, rejected: ~}}
  screen:
    use: decision
    with: {table: rules/fraud-screen.table.yaml, facts: {order: =capture.order}}
    next: {pass: ~, review: ~, block: ~}
"""


@pytest.fixture
def straight(tmp_path: Path) -> str:
    (tmp_path / "rules").mkdir()
    table = shipped() / "rules" / "fraud-screen.table.yaml"
    (tmp_path / "rules" / table.name).write_text(table.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "straight.yaml").write_text(STRAIGHT, encoding="utf-8")
    return str(tmp_path / "straight.yaml")


@pytest.mark.parametrize("form", ["svg", "mermaid", "dot", "text"])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_flow_can_be_drawn_in_every_form(
    name: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["graph", name, "--format", form]) == 0

    drawn = capsys.readouterr().out
    assert "capture" in drawn
    assert form != "svg" or ET.fromstring(drawn).tag.endswith("svg")


def test_a_drawing_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "returns.svg"

    assert invoke(["graph", "returns", "--format", "svg", "-o", str(file)]) == 0

    assert ET.fromstring(file.read_text(encoding="utf-8")).tag.endswith("svg")
    assert capsys.readouterr() == ("", f"wrote {file}\n")


def test_a_file_that_cannot_be_written_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["graph", "returns", "-o", str(tmp_path / "missing" / "returns.txt")]) == 2

    assert "cannot be written: No such file or directory" in capsys.readouterr().err


def test_an_unknown_flow_is_named_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["graph", "retruns"]) == 2

    assert "did you mean `returns`?" in capsys.readouterr().err


def test_a_straight_flow_is_exported_as_a_workflow(straight: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["export", "n8n", straight, "--base-url", "https://orders.example.test/"]) == 0

    exported = json.loads(capsys.readouterr().out)
    assert exported["settings"] == {"executionOrder": "v1"}
    assert [node["name"] for node in exported["nodes"]][:3] == ["started by hand", "capture", "validate"]
    assert exported["nodes"][1]["parameters"]["url"] == "https://orders.example.test/v1/flows/straight/steps/capture"


def test_a_flow_with_waits_is_refused_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["export", "n8n", "returns"]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "error[G201]: `desk` waits for a person, and an export to n8n cannot wait" in said.err
    assert "returns.yaml:" in said.err


def test_a_node_is_exported_as_one_request_to_paste(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["export", "n8n", "--node", "choose-carrier"]) == 0

    pasted = json.loads(capsys.readouterr().out)
    assert [node["name"] for node in pasted["nodes"]] == ["choose-carrier"]
    assert '"shipment": $json["shipment"]' in pasted["nodes"][0]["parameters"]["jsonBody"]


def test_an_unknown_node_is_wrong_usage_and_named_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["export", "n8n", "--node", "choose-carier"]) == 2

    assert "did you mean `choose-carrier`?" in capsys.readouterr().err


def test_a_flow_and_a_node_at_once_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["export", "n8n", "returns", "--node", "ask"]) == 2
    assert invoke(["export", "n8n"]) == 2

    assert "give a flow, or a node with --node NAME" in capsys.readouterr().err
