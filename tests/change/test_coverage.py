"""Branches: outcomes, routed errors and what `when` leaves out; of each flow those that some case took."""

from __future__ import annotations

from pathlib import Path

from orderloom.change.scenario.suite import Suite
from tests.change.small import BARE, FLOW, make
from tests.change.test_closed_world import EACH, INNER, OUTER


def missing(root: Path, cases: str, **more: object) -> dict[str, list[str]]:
    """The branches that no case took, by flow."""
    suite = Suite()
    list(suite.run([make(root, cases, **more) / "scenarios" / "small.yaml"]))  # type: ignore[arg-type]
    return {cover.flow: [str(branch) for branch in cover.missing] for cover in suite.coverage.flows}


def test_every_outcome_and_every_routed_error_is_a_branch(tmp_path: Path) -> None:
    suite = Suite()
    list(suite.run([make(tmp_path, "- {case: c, expect: {status: completed}}") / "scenarios" / "small.yaml"]))

    [cover] = suite.coverage.flows
    assert [str(branch) for branch in cover.branches] == [
        "look:approved", "look:declined", "look!timeout", "pay:paid", "pay:unpaid", "tell",
    ]  # fmt: skip
    assert [str(branch) for branch in cover.missing] == ["look:declined", "look!timeout", "pay:unpaid"]
    assert cover.percent == 50.0


def test_branches_are_gathered_over_all_cases(tmp_path: Path) -> None:
    cases = """
        - {case: ships, expect: {status: completed}}
        - {case: declined, world: {look: declined}, expect: {status: completed}}
        - {case: late, world: {look: raises timeout}, expect: {status: completed}}
        - {case: unpaid, world: {pay: {outcome: unpaid, reason: no money}}, expect: {status: completed}}
    """

    assert missing(tmp_path, cases) == {"small": []}


def test_a_case_that_fails_has_taken_its_branches_all_the_same(tmp_path: Path) -> None:
    assert missing(tmp_path, "- {case: c, world: {look: declined}, expect: {status: waiting}}") == {
        "small": ["look:approved", "look!timeout", "pay:paid", "pay:unpaid", "tell"]
    }


def test_an_error_that_parks_takes_no_branch(tmp_path: Path) -> None:
    assert missing(tmp_path, "- {case: c, world: {pay: raises refused}, expect: {status: exception}}") == {
        "small": ["look:declined", "look!timeout", "pay:paid", "pay:unpaid", "tell"]
    }


def test_items_of_a_list_take_their_branches(tmp_path: Path) -> None:
    took = missing(tmp_path, "- {case: c, world: {tell: happened}, expect: {status: completed}}", flow=EACH, world=BARE)

    assert took == {"small": ["tell!timeout"]}


def test_a_step_that_when_leaves_out_has_a_branch_of_its_own(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          many: {use: map, after: [capture], when: '=count(capture.order.lines) > 1', with: {fields: {a: 1}}}
          look: {use: ask, after: [capture], with: {kind: approve, desk: d}, next: {approved: late, declined: ~}}
          late: {use: map, when: '=count(capture.order.lines) > 1', with: {fields: {a: 1}}}
    """
    case = "- {case: c, world: {look: declined}, expect: {status: completed}}"

    assert missing(tmp_path, case, flow=flow, world=BARE) == {
        "small": ["many", "look:approved", "late", "late:not when"]
    }


def test_a_flow_within_a_flow_has_branches_of_its_own_whichever_run_takes_them(tmp_path: Path) -> None:
    inside = "- {case: c, world: {express/quote: declined, express/slow: sent}, expect: {status: completed}}"
    files = {"flows/inner.yaml": INNER}

    assert missing(tmp_path, inside, flow=OUTER, world=BARE, files=files) == {
        "small": ["express:completed"], "inner": ["quote:approved"]
    }  # fmt: skip


def test_the_undo_of_a_step_is_no_branch(tmp_path: Path) -> None:
    undo = "undo: {use: refund, with: {payment: =result.payment, order: =capture.order}}"
    flow = FLOW.replace("next: {paid: tell, unpaid: ~}", f"next: {{paid: tell, unpaid: ~}}\n        {undo}")

    assert missing(tmp_path, "- {case: c, expect: {status: completed}}", flow=flow) == {
        "small": ["look:declined", "look!timeout", "pay:unpaid"]
    }
