"""A node that is its description alone: a service over HTTP does the work, checked on the way in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom import ConnectionFailedError, Derived, NodeError, World
from orderloom.cli import invoke
from orderloom.declare import Node
from orderloom.model import Order
from orderloom.packs import catalogue
from orderloom.testing import HttpSaid
from orderloom.world import SystemClock
from tests.nodes.orders import good_order
from tests.world.serving import Answer, Asked, said, serving

FOUND = {
    "type": "object", "required": ["units"],
    "properties": {"outcome": {"const": "found"}, "units": {"type": "integer"}, "at": {"type": "string"}},
}  # fmt: skip
UNKNOWN = {"type": "object", "properties": {"outcome": {"const": "unknown"}}}


def node(folder: Path, inputs: dict[str, Any], http: dict[str, Any], **changes: Any) -> Node:
    (folder / "stock").mkdir(parents=True)
    description = {
        "name": "stock", "title": "Ask the supplier.", "version": 1,
        "inputs": {"type": "object", "properties": inputs, "required": list(inputs)},
        "outcomes": {"oneOf": [FOUND, UNKNOWN]}, "http": {"connection": "supplier", **http}, **changes,
    }  # fmt: skip
    (folder / "stock" / "node.schema.json").write_text(json.dumps(description))
    return catalogue(folder).find("stock")


def world(service: HttpSaid) -> World:
    return World(SystemClock(), {"supplier": service, "other": service}, key="k1")


SKU = {"sku": {"type": "string"}}


def test_holes_and_query_are_filled_and_the_rest_is_the_body(tmp_path: Path) -> None:
    service = HttpSaid({"POST /stock/A%2FB": {"body": {"outcome": "found", "units": 3}}})
    inputs = {**SKU, "warehouse": {"type": "string"}, "units": {"type": "integer"}, "why": {"type": "string"}}
    made = node(tmp_path, inputs, {"method": "POST", "path": "stock/{sku}", "query": ["warehouse"]}, effects="keyed")

    told = made.call(world=world(service), sku="A/B", warehouse="reno", units=2, why=None)

    assert told == Derived("found", {"units": 3})
    [asked] = service.asked
    assert asked["request"] == "POST /stock/A%2FB"
    assert (asked["query"], asked["body"], asked["key"]) == ({"warehouse": "reno"}, {"units": 2}, "k1")


def test_a_method_without_a_body_sends_the_rest_as_query(tmp_path: Path) -> None:
    service = HttpSaid({"GET /stock": {"body": {"outcome": "unknown"}}})

    told = node(tmp_path, SKU, {"path": "stock"}).call(world=world(service), sku="MUG")

    assert (told.outcome, service.asked[0]["query"], service.asked[0]["body"]) == ("unknown", {"sku": "MUG"}, None)


def test_one_input_can_be_the_whole_body(tmp_path: Path) -> None:
    service = HttpSaid({"PUT /orders": {"body": {"outcome": "unknown"}}})
    made = node(tmp_path, {"order": {"type": "object"}}, {"method": "PUT", "path": "orders", "body": "order"})

    made.call(world=world(service), order=good_order())

    assert service.asked[0]["body"]["order_id"] == "shopify:main:1"


def test_a_read_sends_no_key_and_a_change_does(tmp_path: Path) -> None:
    service = HttpSaid({"GET /stock": {"body": {"outcome": "unknown"}}})

    node(tmp_path, SKU, {"path": "stock"}).call(world=world(service), sku="MUG")

    assert service.asked[0]["key"] == ""


def test_a_status_may_be_an_outcome(tmp_path: Path) -> None:
    service = HttpSaid({"GET /stock/VASE": {"status": 404, "body": "no such article"}})

    made = node(tmp_path, SKU, {"path": "stock/{sku}", "statuses": {"404": "unknown"}})

    assert made.call(world=world(service), sku="VASE") == Derived("unknown", {})


def test_any_other_status_is_a_failure_by_class(tmp_path: Path) -> None:
    service = HttpSaid({"GET /stock/VASE": {"status": 503, "headers": {"Retry-After": 7}}})

    with pytest.raises(ConnectionFailedError) as failed:
        node(tmp_path, SKU, {"path": "stock/{sku}"}).call(world=world(service), sku="VASE")

    assert (failed.value.error_class, failed.value.retry_after_s) == ("unavailable", 7.0)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"outcome": "found"}, "GET stock: the answer does not fit `found`"),
        ({"outcome": "found", "units": "many"}, "GET stock: the answer does not fit `found` at units"),
        ({"units": 3}, "GET stock: the answer names none of the outcomes found, unknown"),
        ([1], "GET stock: the answer names none of the outcomes found, unknown"),
        ("<html>", "GET stock: the answer is no JSON: <html>"),
    ],
)
def test_an_answer_that_does_not_fit_is_a_failure_and_never_goes_on(tmp_path: Path, body: Any, message: str) -> None:
    with pytest.raises(NodeError) as failed:
        node(tmp_path, SKU, {"path": "stock"}).call(world=world(HttpSaid({"GET /stock": {"body": body}})), sku="MUG")

    assert failed.value.error_class == "invalid"
    assert failed.value.message.startswith(message)


def test_what_an_outcome_does_not_give_is_left_behind(tmp_path: Path) -> None:
    service = HttpSaid({"GET /stock": {"body": {"outcome": "found", "units": 3, "internal_cost": 4}}})

    told = node(tmp_path, SKU, {"path": "stock"}).call(world=world(service), sku="MUG")

    assert told == Derived("found", {"units": 3})


def test_a_flow_may_name_another_connection(tmp_path: Path) -> None:
    service = HttpSaid({"GET /stock": {"body": {"outcome": "unknown"}}})
    made = node(tmp_path, SKU, {"path": "stock"})

    assert [parameter.name for parameter in made.published] == ["sku", "connection"]
    assert made.call(world=world(service), sku="MUG", connection="other").outcome == "unknown"


def test_a_schema_of_ours_can_be_referred_to_by_its_definition(tmp_path: Path) -> None:
    definitions = {"Sku": {"type": "string", "pattern": "^[A-Z]+$"}}
    made = node(tmp_path, {"sku": {"$ref": "#/$defs/Sku"}}, {"path": "stock"}, **{"$defs": definitions})
    parameter = made.parameter("sku")
    assert parameter is not None

    assert parameter.adapter.validate_python("MUG") == "MUG"
    with pytest.raises(ValueError, match="is not what its description says"):
        parameter.adapter.validate_python("mug")


# In a project, with a real service

FLOW = """\
flow: supplied
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {sources: [{files: inbox/*.json}]}}
  stock:
    use: supplier-stock
    for_each: =capture.order.lines
    with: {sku: =item.sku}
    next: {found: tell, unknown: ~}
  tell:
    use: ask
    with: {kind: task, desk: depot, question: '{sum(stock[outcome = "found"].units)} units'}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "mine", "--template", "empty"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    assert invoke(["nodes", "new", "supplier-stock", "--http"]) == 0
    (tmp_path / "mine" / "flows" / "supplied.yaml").write_text(FLOW)
    (tmp_path / "mine" / "order.json").write_text(Order.model_dump_json(good_order(), exclude_none=True))
    capsys.readouterr()
    return tmp_path / "mine"


def connect(project: Path, base: str) -> None:
    with (project / "connections.yaml").open("a") as file:
        file.write(f"\nsupplier: {{type: http, base: {base}, private: true}}\n")


def test_a_flow_asks_the_service_and_reads_its_answer(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def stock(asked: Asked) -> Answer:
        return said({"outcome": "found", "units": 7}) if asked.path == "/v1/stock/MUG" else Answer(404)

    with serving(stock) as served:
        connect(project, f"{served.base}/v1")
        assert invoke(["check"]) == 0
        capsys.readouterr()
        assert invoke(["run", "supplied", "--input", "order.json", "--json"]) == 3

    [report] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert report["waiting"][0]["question"] == "7 units"


def test_a_misspelt_field_of_the_answer_is_found_before_anything_runs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(project, "http://127.0.0.1:1")
    (project / "flows" / "supplied.yaml").write_text(FLOW.replace("].units", "].unit"))

    assert invoke(["check", "flows/supplied.yaml"]) == 1
    assert "did you mean `units`?" in capsys.readouterr().err


def test_the_cases_of_a_description_are_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["nodes", "test"]) == 0
    assert "0 failed, 2 passed" in capsys.readouterr().out


def test_a_case_that_does_not_come_true_shows_what_came_instead(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = project / "nodes" / "supplier_stock" / "cases.yaml"
    cases.write_text(cases.read_text().replace("then: {outcome: found, units: 7}", "then: {outcome: found, units: 8}"))

    assert invoke(["nodes", "test", "supplier-stock"]) == 1
    assert ".units: expected 8, got 7" in capsys.readouterr().out
