"""Connections that a flow names or needs, against those that there are."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from orderloom.flow.check import Checked, check_document
from orderloom.flow.open import open_flow
from orderloom.source import parse_yaml
from tests.flow.stubs import whole_catalogue

TOLD_TWICE = """\
flow: small
steps:
  capture: {use: capture}
  one: {use: notify, with: {template: a, to: =capture.order.customer}}
  two: {use: notify, with: {template: b, to: =capture.order.customer}}
"""
MISSPELT = """\
flow: small
steps:
  capture: {use: capture}
  route: {use: route, with: {order: =capture.order, connection: mial}, next: {routed: ~, short: ~}}
"""


def checked(text: str, connections: Collection[str] | None) -> Checked:
    return check_document(parse_yaml(text, "small.yaml"), whole_catalogue(), [], connections)


def test_a_connection_that_a_node_needs_of_itself_is_a_warning_told_once() -> None:
    found = checked(TOLD_TWICE, ("stock",))

    [problem] = found.problems
    assert (problem.code, problem.severity, problem.place.line) == ("N008", "warning", 4)
    assert problem.message == "node `notify` needs the connection `mail`, which connections.yaml does not name"
    assert found.plan is not None


def test_nothing_is_said_where_nobody_knows_the_connections() -> None:
    assert checked(TOLD_TWICE, None).problems == ()


def test_a_flow_of_a_project_is_held_against_its_connections(tmp_path: Path) -> None:
    flow = in_a_project(tmp_path, "post: {type: outbox}\n")

    [problem] = open_flow(str(flow)).checked.problems
    assert problem.help == "there are: post"


@pytest.mark.parametrize("connections", ["post: {type: nothing}\n", "[]\n", "a: &b 1\n"])
def test_broken_connections_do_not_keep_a_flow_from_being_checked(tmp_path: Path, connections: str) -> None:
    flow = in_a_project(tmp_path, connections)

    assert open_flow(str(flow)).checked.problems == ()


def in_a_project(folder: Path, connections: str) -> Path:
    (folder / "orderloom.yaml").write_text("", encoding="utf-8")
    (folder / "connections.yaml").write_text(connections, encoding="utf-8")
    flow = folder / "flows" / "small.yaml"
    flow.parent.mkdir()
    flow.write_text(MISSPELT, encoding="utf-8")
    return flow
