"""Which edges a plan has, and which of them are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.export.graph import Edge, drawn, edges
from tests.export.planning import BRANCHES, plan, whole


def spelt(found: tuple[Edge, ...], names: list[str]) -> set[str]:
    targets = {edge: "nowhere" if edge.target is None else names[edge.target] for edge in found}
    return {f"{names[edge.source]} {edge.kind} {target} {edge.label}".strip() for edge, target in targets.items()}


def test_edges_are_routes_error_routes_and_reads() -> None:
    small = plan(BRANCHES)

    found = spelt(edges(small), [step.name for step in small.steps])

    assert {"look route ship good", "look route hold bad"} <= found
    assert {"ship error call timeout", "ship error hold refused"} <= found
    assert {"start read look", "start read hold", "ship after tell"} <= found


def test_a_read_that_a_drawn_path_implies_is_not_drawn() -> None:
    small = plan(BRANCHES)

    found = spelt(drawn(small), [step.name for step in small.steps])

    assert "start read look" in found
    assert "start read hold" not in found
    assert "look read ship" not in found


def test_a_soft_read_is_told_from_a_hard_one() -> None:
    small = plan("""
  one: {use: act, with: {given: =start.order}}
  two: {use: act, with: {given: =start.order}}
  last: {use: act, with: {given: "=coalesce(one.out, two.out)"}}
""")

    found = spelt(drawn(small), [step.name for step in small.steps])

    assert {"one soft last", "two soft last", "start read one"} <= found


def test_outcomes_to_one_step_share_an_edge_in_declared_order() -> None:
    small = plan("  look: {use: judge, with: {order: =start.order}, next: {bad: on, good: on}}\n  on: {use: act}\n")

    assert Edge(1, 2, "route", ("good", "bad")) in drawn(small)


def test_outcomes_that_lead_nowhere_are_drawn_too() -> None:
    small = plan("  look: {use: judge, with: {order: =start.order}, next: {good: ~, bad: ~}}\n")

    assert Edge(1, None, "route", ("good", "bad")) in drawn(small)


@pytest.mark.parametrize("name", ["order-to-delivery", "returns"])
def test_every_step_of_the_whole_flows_but_the_first_has_an_edge_into_it(shared: Path, name: str) -> None:
    found = whole(shared, name)

    assert {edge.target for edge in drawn(found)} - {None} == set(range(1, len(found.steps)))
