"""What the check says of a step that runs a flow."""

from __future__ import annotations

from pathlib import Path

from orderloom.flow.check import Checked, check_document
from orderloom.packs import catalogue
from orderloom.source import read_document

INNER = """\
flow: inner
version: 1
steps:
  capture: {use: capture}
  validate: {use: validate, with: {order: =capture.order}, next: {valid: ~, fixable: hold, rejected: hold}}
  hold: {use: ask, with: {kind: task, desk: orders, question: "Look at {capture.order.order_number}"}, end: held}
"""


GIVEN = "with: {flow: inner, given: {order: =capture.order}}"
ENDS = "next: {completed: ~, held: ~}"


def check(folder: Path, step: str, inner: str = INNER) -> Checked:
    """The outer flow is a trigger and this step, in braces."""
    (folder / "inner.yaml").write_text(inner)
    outer = folder / "outer.yaml"
    outer.write_text(f"flow: outer\nversion: 1\nsteps:\n  capture: {{use: capture}}\n  sub: {step}\n")
    return check_document(read_document(outer), catalogue(), [folder])


def told(checked: Checked) -> list[tuple[str, str, str | None]]:
    return [(problem.code, problem.message, problem.help) for problem in checked.problems]


def test_a_right_one_is_planned_with_the_flow_in_it(tmp_path: Path) -> None:
    checked = check(tmp_path, f"{{use: flow, {GIVEN}, {ENDS}}}")

    assert told(checked) == []
    assert checked.plan is not None
    inner = checked.plan.steps[1].inner
    assert inner is not None
    assert inner.flow.name == "inner"


def test_the_plan_changes_with_the_flow_in_it(tmp_path: Path) -> None:
    step = f"{{use: flow, {GIVEN}, {ENDS}}}"

    before, after = check(tmp_path, step).plan, check(tmp_path, step, INNER.replace("Look at", "See")).plan

    assert before is not None
    assert after is not None
    assert before.hash != after.hash


def test_a_misspelt_flow_is_told_with_the_near_one(tmp_path: Path) -> None:
    checked = check(tmp_path, "{use: flow, with: {flow: iner}}")

    assert told(checked) == [("N401", "no flow is named `iner`", "did you mean `inner`?")]


def test_a_new_end_inside_is_a_finding_outside(tmp_path: Path) -> None:
    checked = check(tmp_path, "{use: flow, with: {flow: inner, given: {order: =capture.order}}, next: {completed: ~}}")

    assert [code for code, _, _ in told(checked)] == ["G001"]


def test_what_the_trigger_gives_must_be_given(tmp_path: Path) -> None:
    checked = check(tmp_path, "{use: flow, after: [capture], with: {flow: inner}, next: {completed: ~, held: ~}}")

    assert told(checked) == [("N403", "the flow `inner` needs `order`", "add `given: {order: =…}`")]


def test_a_misspelt_field_is_one_finding(tmp_path: Path) -> None:
    checked = check(tmp_path, f"{{use: flow, {GIVEN.replace('order:', 'ordr:')}, {ENDS}}}")

    assert told(checked) == [("N402", "the flow `inner` takes no `ordr`", "did you mean `order`?")]


def test_a_value_of_the_wrong_type_is_told_with_the_one_that_fits(tmp_path: Path) -> None:
    step = "{use: flow, with: {flow: inner, given: {order: =capture.order.lines}}, next: {completed: ~, held: ~}}"

    message = "`order` of the flow `inner` wants an Order, but `capture.order.lines` is a list of a Line"
    assert told(check(tmp_path, step)) == [("T002", message, "did you mean `=capture.order`?")]


def test_a_result_inside_is_read_with_its_type(tmp_path: Path) -> None:
    step = f"{{use: flow, {GIVEN}, {ENDS}}}"
    reader = "\n  x: {use: validate, with: {order: =sub.validate.ordr}, next: {valid: ~, fixable: ~, rejected: ~}}"

    found = told(check(tmp_path, step + reader))

    assert [(code, mend) for code, _, mend in found] == [("R102", "did you mean `order`?")]


def test_flows_in_a_circle_are_told_with_the_circle(tmp_path: Path) -> None:
    inner = INNER.replace("hold: {use: ask", 'again: {use: flow, with: {flow: outer}}\n  hold: {use: ask')

    found = told(check(tmp_path, "{use: flow, with: {flow: inner, given: {order: =capture.order}}}", inner))

    assert ("N400", "the flows run in a circle: outer → inner → outer", "a flow ends before it begins again") in found


def test_a_wrong_flow_is_told_in_its_own_file(tmp_path: Path) -> None:
    step = f"{{use: flow, {GIVEN}, {ENDS}}}"

    checked = check(tmp_path, step, INNER.replace("use: validate", "use: validte"))

    assert [(problem.code, Path(problem.place.file).name) for problem in checked.problems] == [("N001", "inner.yaml")]
    assert checked.plan is None


def test_a_retry_or_a_time_limit_belongs_to_the_steps_inside(tmp_path: Path) -> None:
    step = f"{{use: flow, {GIVEN}, {ENDS}, retry: 2x 1s..2s, timeout: 5s}}"

    assert [code for code, _, _ in told(check(tmp_path, step))] == ["N404", "N404"]


def test_defaults_outside_do_not_reach_the_step_that_runs_a_flow(tmp_path: Path) -> None:
    step = f"{{use: flow, {GIVEN}, {ENDS}}}\ndefaults: {{timeout: 5s, retry: 2x 1s..2s}}"

    plan = check(tmp_path, step).plan

    assert plan is not None
    assert (plan.steps[1].retry, plan.steps[1].timeout) == (None, None)


def test_a_step_is_not_undone_by_a_flow(tmp_path: Path) -> None:
    step = f"{{use: map, with: {{fields: {{a: 1}}}}, after: [capture], undo: {{use: flow, {GIVEN}}}}}"

    assert [code for code, _, _ in told(check(tmp_path, step))] == ["N405"]
