"""What people do about tasks: answer, retry, give a result, cancel (rules 14, 17, 25)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import AnswerRefused
from orderloom.run.people import acts
from orderloom.run.people.acts import NotSoError, TaskGoneError
from tests.run.firm import DiedError, Firm

APPROVE = """
  ask:
    use: ask
    with: {kind: approve, desk: fraud, question: "Ship {start.order.id}?"}
    next: {approved: post, declined: left}
  post: {use: post, undo: {use: unpost, with: {label: =result.label}}}
  left: {use: work, end: left}
"""
EDIT = """
  ask: {use: ask, with: {kind: edit, desk: orders, document: =start.order}, next: {edited: work, discarded: left}}
  work: {use: work, with: {given: =ask.document}}
  left: {use: work, end: left}
"""
POST = """
  post: {use: post, with: {parcel: =start.order.parcel}}
  work: {use: work, with: {given: =post.label}}
"""
EACH = """
  post: {use: post, for_each: =start.order.parcels, with: {parcel: =item}}
  work: {use: work, with: {given: =post.label}}
"""
INNER = """
flow: inner
version: 1
steps:
  start: {use: come}
  post: {use: post, with: {given: =start.order.id}}
  ask: {use: ask, with: {kind: approve, desk: inner, question: "{post.label}"}, next: {approved: ~, declined: ~}}
"""
AROUND = """
  around: {use: flow, with: {flow: inner.yaml, given: {order: =start.order}}}
"""
LATE = """
  ask:
    use: ask
    with: {kind: approve, desk: fraud, question: "Ship {start.order.id}?"}
    timeout: 1d
    next: {approved: work, declined: ~}
  work: {use: work, with: {given: =ask.by}}
"""
CHARGE = """
  charge: {use: charge, with: {given: =start.order.id}}
  work: {use: work, with: {given: =charge.label}}
"""
TAKEN_BACK = """
  post: {use: post, after: [start], undo: {use: unpost, with: {label: =result.label}}}
  ask: {use: ask, with: {kind: approve, desk: fraud}, after: [post], next: {approved: work, declined: end}}
  work: {use: work}
  end: {use: work, end: cancelled}
"""


def parcel(sku: str = "A", weight: int = 1) -> dict[str, Any]:
    return {"sku": sku, "weight": weight}


def test_a_question_is_a_task_with_its_desk_and_an_answer_lets_the_run_go_on(tmp_path: Path) -> None:
    firm = Firm(tmp_path, APPROVE)
    firm.order()
    [task] = firm.inbox()
    assert (task.kind, task.desk, task.why, task.key) == ("approve", "fraud", "Ship 1?", "1")

    told = firm.say(task.number, "approved", why="a good customer")

    assert (told.status, told.path) == ("completed", ("start", "ask:approved", "post"))
    assert (told.output("ask")["by"], told.output("ask")["note"]) == ("kim", "a good customer")
    assert firm.inbox() == []


def test_two_people_cannot_take_one_task_and_the_second_is_told_who_has(tmp_path: Path) -> None:
    firm = Firm(tmp_path, APPROVE)
    firm.order()
    firm.say(1, "declined", by="kim")

    with pytest.raises(TaskGoneError, match="kim answered `declined` at 2026-03-02"):
        firm.say(1, "approved", by="robin")

    assert firm.status() == "left"
    assert firm.outside.calls == []


def test_a_refused_answer_goes_back_in_sentences_and_records_no_step(tmp_path: Path) -> None:
    firm = Firm(tmp_path, EDIT)
    firm.order(email="a@b")
    before = firm.events()

    with pytest.raises(AnswerRefused) as refused:
        firm.say(1, {"outcome": "edited", "patch": {"e-mail": "x"}})

    assert refused.value.problems == ("e-mail: the document has no `e-mail`: did you mean `email`?",)
    assert firm.events() == before
    assert [task.number for task in firm.inbox()] == [1]
    assert firm.say(1, {"outcome": "edited", "patch": {"email": "x"}}).output("work").out["email"] == "x"


def test_of_several_readings_of_an_answer_the_first_that_is_taken_counts(tmp_path: Path) -> None:
    firm = Firm(tmp_path, EDIT)
    firm.order()
    told = firm.do(1, acts.answer_first(["no answer", "discarded", {"outcome": "edited", "patch": {"id": "2"}}]))
    assert told.path[1] == "ask:discarded"


def test_a_parked_step_is_a_task_with_why_and_is_called_again_with_the_same_key(tmp_path: Path) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    assert firm.order(parcel=parcel()).status == "exception"
    [task] = firm.inbox()
    assert (task.kind, task.desk, task.step, task.why) == ("parked", "exceptions", "post", "refused: post says no")

    assert firm.do(task.number, acts.retry()).status == "completed"

    keys = {key for _, key, _ in firm.outside.calls}
    assert (len(firm.outside.calls), len(keys)) == (2, 1)


def test_a_step_that_parks_again_is_another_task(tmp_path: Path) -> None:
    """Who looked at the first failure has not seen the second."""
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused", "refused"]
    firm.order(parcel=parcel())
    firm.do(1, acts.retry())

    assert [task.number for task in firm.inbox()] == [2]
    with pytest.raises(TaskGoneError, match="kim had it tried again"):
        firm.do(1, acts.retry())
    assert len(firm.outside.calls) == 2


def test_a_step_is_retried_with_other_inputs(tmp_path: Path) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    firm.order(parcel=parcel(weight=0))

    firm.do(1, acts.retry({"parcel.weight": 3}))

    assert [given.weight for given in firm.outside.given("post")] == [0, 3]


def test_inputs_that_a_formula_could_not_give_are_given_by_a_person(tmp_path: Path) -> None:
    firm = Firm(tmp_path, POST)
    firm.order(parcel={"sku": "A"})
    [task] = firm.inbox()
    assert task.why == "invalid: `parcel.weight` is missing"

    assert firm.do(task.number, acts.retry({"parcel": parcel()})).status == "completed"


@pytest.mark.parametrize(
    ("edits", "problem"),
    [
        ({"parcl.weight": 1}, "`post` takes no `parcl`; did you mean `parcel`?"),
        ({"parcel.weigth": 1}, "parcel.weigth: the document has no `weigth`: did you mean `weight`?"),
        ({"parcel.weight": "heavy"}, "parcel.weight: must be a whole number"),
        ({"parcel": {"sku": "A"}}, "parcel.weight: is missing"),
        ({"parcel": {}, "parcel.sku": "B"}, "`parcel` is given as a whole and in parts: give one of them"),
        ({"given.x": 1}, "`given` is empty: give it as a whole"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_with_their_path(
    tmp_path: Path, edits: dict[str, Any], problem: str
) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    firm.order(parcel=parcel())

    with pytest.raises(AnswerRefused) as refused:
        firm.do(1, acts.retry(edits))

    assert refused.value.problems[0] == problem
    assert [task.number for task in firm.inbox()] == [1]


def test_of_a_for_each_only_the_items_that_failed_are_called_again_each_with_its_own_inputs(tmp_path: Path) -> None:
    firm = Firm(tmp_path, EACH)
    firm.outside.fails["post"] = ["refused", "refused"]
    firm.order(parcels=[parcel("A"), parcel("B"), parcel("C")])
    failed = {given.sku for given in firm.outside.given("post")[:2]}

    told = firm.do(1, acts.retry({"parcel.weight": 9}))

    again = firm.outside.given("post")[3:]
    assert {(given.sku, given.weight) for given in again} == {(sku, 9) for sku in failed}
    assert (told.status, len(told.output("post"))) == ("completed", 3)


def test_a_run_goes_on_with_a_result_that_a_person_gives(tmp_path: Path) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    firm.order(parcel=parcel())

    told = firm.say(1, {"label": "by hand"})

    assert (told.status, told.output("work").out) == ("completed", "by hand")
    assert len(firm.outside.calls) == 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("made", "label: is missing"),
        ({"outcome": "made", "label": "L", "copies": "two"}, "copies: must be a whole number"),
        ("posted", "`post` knows the outcomes made, not `posted`"),
        ("!refused", "a result is wanted, not a failure: the step has failed already"),
    ],
)
def test_a_result_must_be_one_that_the_node_could_have_given(tmp_path: Path, said: Any, problem: str) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    firm.order(parcel=parcel())

    with pytest.raises(AnswerRefused) as refused:
        firm.say(1, said)

    assert refused.value.problems == (problem,)
    assert firm.status() == "exception"


def test_results_for_items_are_given_one_for_all_or_one_for_each(tmp_path: Path) -> None:
    firm = Firm(tmp_path, EACH)
    for key in ("1", "2", "3"):
        firm.outside.fails["post"] = ["refused", "refused"]
        firm.order(key, parcels=[parcel("A"), parcel("B"), parcel("C")])
    by_key = {task.key: task.number for task in firm.inbox()}

    one = firm.say(by_key["1"], {"label": "X"}).output("work").out
    each = firm.say(by_key["2"], [{"label": "X"}, {"label": "Y"}]).output("work").out
    with pytest.raises(AnswerRefused, match="the results are 4: 2, one for each that failed, are wanted"):
        firm.say(by_key["3"], [{"label": "X"}] * 4)

    assert sorted(label for label in one if label in "XY") == ["X", "X"]
    assert sorted(label for label in each if label in "XY") == ["X", "Y"]


def test_a_list_that_was_empty_is_given_as_a_list_of_results(tmp_path: Path) -> None:
    firm = Firm(tmp_path, EACH)
    assert firm.order(parcels=[]).parked == ("post!empty",)

    assert firm.say(1, [{"label": "X"}, {"label": "Y"}]).output("work").out == ["X", "Y"]


def test_a_cancelled_run_takes_back_what_is_done_and_its_tasks_are_gone(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TAKEN_BACK)
    firm.order()

    told = firm.do(1, acts.cancel, why="the customer called")

    assert (told.status, told.undone) == ("cancelled", ("post",))
    assert [name for name, _, _ in firm.outside.calls] == ["post", "unpost"]
    assert firm.inbox() == []


def test_an_undo_that_failed_is_a_task_to_be_tried_again_or_done_by_hand(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TAKEN_BACK)
    for key in ("1", "2"):
        firm.order(key)
    firm.outside.fails["unpost"] = ["refused", "refused"]
    again, by_hand = (firm.do(task.number, acts.cancel) for task in firm.inbox())
    assert (again.status, by_hand.status) == ("exception", "exception")
    first, second = firm.inbox()
    assert (first.kind, first.step, first.why) == ("undo", "post", "refused: unpost says no")

    assert firm.do(first.number, acts.retry()).status == "cancelled"
    with pytest.raises(AnswerRefused, match="say `done`"):
        firm.say(second.number, {"label": "x"})
    assert firm.say(second.number, "done").status == "cancelled"

    assert [name for name, _, _ in firm.outside.calls].count("unpost") == 3


@pytest.mark.parametrize(("act", "times"), [(acts.retry(), 2), (acts.answer({"label": "charged"}), 1)])
def test_a_call_that_nobody_knows_the_end_of_is_made_again_or_taken_for_made_as_a_person_says(
    tmp_path: Path, act: acts.Act, times: int
) -> None:
    firm = Firm(tmp_path, CHARGE)
    firm.outside.dies_in = "charge"
    with pytest.raises(DiedError):
        firm.order()
    firm.work()
    [task] = firm.inbox(kind="in_doubt")
    assert task.why.startswith("in_doubt: `charge` had begun when the process ended")
    assert len(firm.outside.calls) == 1

    told = firm.do(task.number, act)

    assert (told.status, told.output("work").out) == ("completed", "charged")
    assert len(firm.outside.calls) == times


def test_tasks_of_a_flow_within_are_named_by_its_step_and_dealt_with_alike(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(INNER, encoding="utf-8")
    firm = Firm(tmp_path, AROUND)
    firm.outside.fails["post"] = ["refused"]
    firm.order()
    [parked] = firm.inbox()
    assert (parked.step, parked.kind) == ("around/post", "parked")
    firm.do(parked.number, acts.retry({"given": "other"}))
    [asked] = firm.inbox(desk="inner")
    assert asked.step == "around/ask"
    assert firm.say(asked.number, "approved").status == "completed"
    assert firm.outside.given("post") == ["1", "other"]


def test_a_question_whose_time_is_over_is_asked_again_or_answered_all_the_same(tmp_path: Path) -> None:
    firm = Firm(tmp_path, LATE)
    for key in ("1", "2"):
        firm.order(key)
    firm.later(days=1)
    firm.work()
    again, late = firm.inbox()
    assert (again.kind, again.why) == ("parked", "timeout: `ask` gave no result within 1d")

    assert firm.do(again.number, acts.retry()).status == "waiting"
    [asked] = firm.inbox(desk="fraud")
    assert (asked.due, asked.since) == (firm.clock.now() + timedelta(days=1), firm.clock.now())
    told = firm.say(late.number, {"outcome": "approved", "by": "kim"})
    assert (told.status, told.output("work").out) == ("completed", "kim")


def test_what_a_task_does_not_take_is_said(tmp_path: Path) -> None:
    firm = Firm(tmp_path, APPROVE)
    firm.order()
    with pytest.raises(NotSoError, match="it has not failed"):
        firm.do(1, acts.retry())
    with pytest.raises(TaskGoneError, match="there is no such task"):
        firm.say(7, "approved")


def test_what_people_did_stands_in_the_journal_with_who_and_why(tmp_path: Path) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    firm.order(parcel=parcel())
    firm.say(1, {"label": "x"}, by="robin", why="printed at the desk")

    with firm.at_work() as crew:
        [given] = [one for one in crew.shop.journal.events(1) if one.kind == "given"]
    assert '"by":"robin","why":"printed at the desk","task":1' in given.body.replace(": ", ":")


def test_a_repeated_order_with_an_answer_for_a_parked_step_goes_on_with_that_result(tmp_path: Path) -> None:
    firm = Firm(tmp_path, POST)
    firm.outside.fails["post"] = ["refused"]
    firm.order(parcel=parcel())

    told = firm.order(parcel=parcel(), answers={"post": {"label": "given"}})

    assert (told.status, told.repeated, told.output("work").out) == ("completed", True, "given")
    assert len(firm.outside.calls) == 1
