"""Later words on a document whose key has a run, or is to have one (rule 28)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.declare import AnswerRefused
from orderloom.journal.pruning import strip
from orderloom.run.drivers.crew import NotDoneError
from orderloom.run.people.acts import Act, Person, answer, cancel
from orderloom.run.people.doing import do
from orderloom.run.telling.tasks import tasks
from tests.run.living import Living, living
from tests.run.playing import program_of
from tests.run.small import Came, flow, small

PLAIN = flow("  a: {use: work, after: [start]}\n")
ASKS = flow("  a: {use: await, with: {given: something}, after: [start]}\n")
WAITS = flow("  change: {use: hear, with: {event: document.changed, match: k}, after: [start]}\n")
LATER = flow(
    "  first: {use: hear, with: {event: other, match: k}, after: [start]}\n"
    "  change: {use: hear, with: {event: document.changed, match: k}, after: [first]}\n"
)


def document(revision: int, **more: Any) -> Came:
    return Came(order={"order_id": "k", "revision": revision, **more})


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    def opened(text: str) -> Any:
        return living(tmp_path, program_of(text, small()), small())

    return opened


def changes(here: Living) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in here.tasks("changed")]


def states(here: Living) -> list[tuple[int, str]]:
    return [tuple(row) for row in here.journal.all("SELECT revision, state FROM revision ORDER BY revision")]


def test_a_higher_revision_is_a_task_that_shows_the_difference(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3, city="Oslo", lines=[{"line_id": "1", "quantity": 2}, {"line_id": "2"}]))
        told = here.order("k", document(4, city="Bergen", lines=[{"line_id": "2"}, {"line_id": "1", "quantity": 1}]))

        assert (told.repeated, told.revised.state, told.revised.known) == (True, "told", 3)
        [task] = changes(here)
        assert task["difference"] == [
            {"path": "city", "was": "Oslo", "now": "Bergen"},
            {"path": "lines[1].quantity", "was": 2, "now": 1},
        ]
        assert task["message"] == "revision 4 of k changes city, lines[1].quantity"
        [row] = here.tasks("changed")
        assert (row.desk, row.number, row.run) == ("changes", told.revised.task, here.run("k").number)


def test_a_run_that_waits_for_the_change_is_told_and_nobody_is_asked(shop: Any) -> None:
    with shop(WAITS) as here:
        assert here.order("k", document(3)).status == "waiting"
        told = here.order("k", document(4, cancelled_at="2026-03-02T13:00:00Z"))

        assert told.status == "completed"
        happened = told.output("change").data
        assert happened["document"]["cancelled_at"] == "2026-03-02T13:00:00Z"
        assert (happened["was"], happened["revision"]) == (3, 4)
        assert changes(here) == []


def test_a_wait_that_begins_later_takes_the_change_and_its_task_goes(shop: Any) -> None:
    with shop(LATER) as here:
        here.order("k", document(3))
        here.order("k", document(4, city="Bergen"))
        assert len(changes(here)) == 1

        done = here.resume("k", lambda live: _answer(live, "first"))

        assert done.status == "completed"
        assert done.output("change").data["revision"] == 4
        assert changes(here) == []


def _answer(live: Any, step: str) -> None:
    [place] = [place for place in live.played.opened() if place[0] == step]
    live.answer(live.played.opened()[place].call, "happened")


def test_of_several_changes_the_task_shows_the_last_against_what_the_run_works_with(shop: Any) -> None:
    with shop(ASKS) as here:
        here.order("k", document(3, city="Oslo"))
        first = here.order("k", document(4, city="Bergen"))
        second = here.order("k", document(6, city="Bergen", zip="5003"))

        [task] = changes(here)
        assert [entry["path"] for entry in task["difference"]] == ["city", "zip"]
        assert second.revised.known == 4
        assert second.revised.task != first.revised.task, "who looked at the first has not seen this one"


def test_an_older_revision_is_noted_and_ignored(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3, city="Oslo"))
        told = here.order("k", document(2, city="Bergen"))

        assert (told.revised.state, told.revised.known) == ("stale", 3)
        assert changes(here) == []
        assert states(here) == [(2, "stale")]


def test_the_same_revision_with_other_content_is_told_and_changes_nothing(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3, city="Oslo"))
        told = here.order("k", document(3, city="Bergen"))

        assert (told.revised.state, told.output("start").order["city"]) == ("other", "Oslo")
        assert changes(here) == []


def test_a_change_that_comes_again_is_told_once(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3))
        first = here.order("k", document(4))
        again = here.order("k", document(4))

        assert again.revised.task == first.revised.task
        assert here.journal.one("SELECT count(*) FROM signal")[0] == 1


def test_a_change_of_a_run_that_has_ended_is_still_seen(shop: Any) -> None:
    with shop(PLAIN) as here:
        assert here.order("k", document(3)).status == "completed"
        here.order("k", document(4, city="Bergen"))

        assert here.run("k").status == "completed"
        assert len(changes(here)) == 1


def test_a_task_outlives_the_rest_of_its_run(shop: Any) -> None:
    with shop(ASKS) as here:
        here.order("k", document(3))
        here.order("k", document(4, city="Bergen"))
        here.resume("k", lambda live: _answer(live, "a"))

        assert len(changes(here)) == 1


def test_what_only_revises_begins_no_run_and_is_kept_until_its_order_comes(shop: Any) -> None:
    with shop(WAITS) as here:
        assert here.revise("k", document(4, cancelled_at="2026-03-02T13:00:00Z")) is None
        assert here.journal.one("SELECT count(*) FROM run")[0] == 0
    with shop(WAITS) as here:
        done = here.order("k", document(3))

        assert done.status == "completed"
        assert done.output("change").data["document"]["cancelled_at"] == "2026-03-02T13:00:00Z"


def test_what_was_kept_is_told_in_the_order_of_the_revisions(shop: Any) -> None:
    with shop(WAITS) as here:
        for revision in (11, 9, 10):
            here.revise("k", document(revision, city=f"{revision}"))
        done = here.order("k", document(3))

        assert done.output("change").data["revision"] == 9
        assert states(here) == [(9, "told"), (10, "told"), (11, "told")]
        assert [task["revision"] for task in changes(here)] == [11], "nobody waits for the ones after the first"


def test_what_was_kept_and_is_older_than_its_order_is_ignored(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.revise("k", document(2, city="Bergen"))
        here.order("k", document(3))

        assert changes(here) == []
        assert states(here) == [(2, "stale")]


def test_what_revises_an_order_that_has_come_is_told_at_once(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3))
        told = here.revise("k", document(4, city="Bergen"))

        assert told is not None
        assert told.revised.state == "told"


def test_two_orders_of_one_key_at_once_are_one_run_and_a_change(shop: Any) -> None:
    with shop(PLAIN) as here:

        async def both() -> list[Any]:
            orders = (here.crew.order(here.program, "k", document(at), here.opened) for at in (3, 4))
            return list(await asyncio.gather(*orders))

        first, second = asyncio.run(both())
        assert first.revised is None
        assert second.revised.state == "told"


@settings(max_examples=25)  # each writes to a disk
@given(st.lists(st.integers(min_value=0, max_value=6), min_size=1, max_size=8))
def test_in_whatever_order_revisions_come_there_is_one_run_and_the_highest_is_known(
    tmp_path_factory: pytest.TempPathFactory, revisions: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("revisions")
    with living(folder, program_of(PLAIN, small()), small()) as here:
        for revision in revisions:
            here.order("k", document(revision, city=f"{revision}"))

        assert here.journal.one("SELECT count(*) FROM run")[0] == 1
        shown = [task["revision"] for task in changes(here)]
        highest = max(revisions)
        assert shown == ([] if highest == revisions[0] else [highest])


def test_a_change_while_the_run_is_worked_on_is_a_task_until_its_wait_has_it(shop: Any) -> None:
    with shop(WAITS) as here:
        here.order("k", document(3))
        lease = here.journal.take(here.run("k"))  # as another process would have it
        assert lease is not None
        here.order("k", document(4, city="Bergen"))
        assert len(changes(here)) == 1
        here.journal.release(lease).result()

        assert here.resume("k").status == "completed"
        assert changes(here) == []


def test_a_change_that_a_person_sees_just_when_its_wait_has_it_is_seen_and_had(shop: Any) -> None:
    with shop(WAITS) as here:
        here.order("k", document(3))
        lease = here.journal.take(here.run("k"))
        assert lease is not None
        told = here.order("k", document(4, city="Bergen"))
        here.journal.release(lease).result()

        assert done(here, answer("seen")).status == "completed"
        assert here.journal.taken(told.revised.task) is not None


def test_a_document_without_a_revision_that_says_something_else_is_told(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", Came(order={"city": "Oslo"}))
        told = here.order("k", Came(order={"city": "Bergen"}))

        assert told.revised.state == "other"


ANN = Person("ann", "told the customer")


def done(here: Living, act: Act) -> Any:
    [task] = here.tasks("changed")
    return asyncio.run(do(here.crew, task.number, act, ANN))


@pytest.mark.parametrize("text", [PLAIN, ASKS])
def test_a_person_has_seen_a_change_of_a_run_that_is_open_or_has_ended(shop: Any, text: str) -> None:
    with shop(text) as here:
        here.order("k", document(3))
        told = here.order("k", document(4, city="Bergen"))
        done(here, answer("seen"))

        assert changes(here) == []
        taken = here.journal.taken(told.revised.task)
        assert taken is not None
        assert (taken.by, taken.act) == ("ann", "saw to the change: told the customer")


def test_a_change_is_seen_in_no_other_word(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3))
        here.order("k", document(4, city="Bergen"))
        with pytest.raises(AnswerRefused, match="say `seen`"):
            done(here, answer("ok"))

        assert len(changes(here)) == 1


def test_a_run_is_cancelled_by_the_task_of_its_change(shop: Any) -> None:
    with shop(ASKS) as here:
        here.order("k", document(3))
        here.order("k", document(4, cancelled_at="2026-03-02T13:00:00Z"))

        assert done(here, cancel).status == "cancelled"
        assert changes(here) == []


def test_a_run_that_has_ended_is_not_cancelled_by_a_change(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3))
        here.order("k", document(4, cancelled_at="2026-03-02T13:00:00Z"))
        with pytest.raises(NotDoneError, match="has ended as completed"):
            done(here, cancel)

        assert len(changes(here)) == 1


def test_a_change_is_seen_of_a_run_whose_values_have_gone(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3))
        here.order("k", document(4, city="Bergen"))
        here.journal.change(lambda db: strip(db, [here.run("k").number]))

        assert done(here, answer("seen")).status == "completed"
        assert changes(here) == []


def test_a_change_says_in_the_inbox_what_changes_and_what_can_be_done(shop: Any) -> None:
    with shop(PLAIN) as here:
        here.order("k", document(3, city="Oslo"))
        here.order("k", document(4, city="Bergen"))
        [task] = tasks(here.journal)

        assert (task.kind, task.desk, task.why) == ("changed", "changes", "revision 4 of k changes city")
        assert task.ways[0] == f"orderloom inbox answer {task.number} seen"
