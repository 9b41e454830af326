"""What a plan says of each step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orderloom.flow.check import check_flow
from orderloom.flow.plan import Plan
from orderloom.flow.read import read_flow
from orderloom.source import parse_yaml, read_document
from tests.flow.stubs import HERE, whole_catalogue, whole_folders


def planned(text: str) -> Plan:
    checked = check_flow(read_flow(parse_yaml(text, "flow.yaml")), whole_catalogue(), [HERE / "tables"])
    assert checked.plan is not None, checked.problems
    return checked.plan


def test_defaults_apply_where_they_can() -> None:
    plan = planned("""
flow: small
defaults: {timeout: 30s, retry: 4x 2s..5m, max_parallel: 3}
steps:
  capture: {use: capture}
  charge: {use: card-charge, with: {order: =capture.order}}
  label: {use: return-label, with: {request: =capture.request, order: =capture.order}}
  quiet: {use: return-label, with: {request: =capture.request, order: =capture.order}, retry: 0x, timeout: 1m}
  look: {use: ask, with: {kind: task, desk: orders}, after: capture}
""")

    steps = {step.name: step for step in plan.steps}
    assert steps["label"].retry is not None
    assert steps["label"].retry.times == 4
    assert [steps[name].retry for name in ("charge", "quiet", "look")] == [None, None, None]
    assert [steps[name].timeout for name in ("label", "quiet", "look")] == [
        timedelta(seconds=30),
        timedelta(minutes=1),
        None,
    ]
    assert steps["label"].max_parallel == 3


def test_edges_are_told_by_kind() -> None:
    plan = planned("""
flow: small
let: {order: "=coalesce(fix.document, capture.order)"}
steps:
  capture: {use: capture}
  fix: {use: ask, with: {kind: edit, desk: d, document: =capture.order}, next: {edited: pay, discarded: off}}
  pay: {use: collect-payment, with: {order: =order}, next: {paid: ~, unpaid: off}, after: capture}
  off: {use: cancel-order, with: {order: =order}, end: cancelled}
""")

    capture, fix, pay, off = plan.steps
    assert (pay.upstream, pay.hard) == ((capture.index, fix.index), (capture.index,))
    assert pay.routes_in == ((fix.index, "edited"),)
    assert (off.upstream, off.hard) == ((capture.index, fix.index, pay.index), ())
    assert off.routes_in == ((fix.index, "discarded"), (pay.index, "unpaid"))


def test_the_hash_changes_with_the_text_and_with_a_table_of_the_flow(tmp_path: Path) -> None:
    text = (HERE / "tables" / "rules" / "fraud-screen.table.yaml").read_text(encoding="utf-8")
    flow = """
flow: small
steps:
  capture: {use: capture}
  screen:
    use: decision
    with: {table: screen.table.yaml, facts: {order: =capture.order}}
    next: {pass: ~, review: ~, block: ~}
"""

    def hashed(table: str, of: str = flow) -> str:
        (tmp_path / "screen.table.yaml").write_text(table, encoding="utf-8")
        plan = check_flow(read_flow(parse_yaml(of, "flow.yaml")), whole_catalogue(), [tmp_path]).plan
        assert plan is not None
        return plan.hash

    assert hashed(text) == hashed(text)
    assert hashed(text) != hashed(text.replace("3000", "4000"))
    assert hashed(text) != hashed(text, flow.replace("small", "other"))


@pytest.mark.parametrize("name", ["order-to-delivery", "returns"])
def test_the_whole_flows_are_clean(shared: Path, name: str) -> None:
    document = read_document(shared / "flows" / f"{name}.yaml")

    checked = check_flow(read_flow(document), whole_catalogue(), whole_folders(shared))

    assert checked.problems == ()
    assert checked.plan is not None
    assert [step.name for step in checked.plan.steps] == list(document.data["steps"])
