"""What is due is gone on with: events, time limits, timers, retries, runs whose process died."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from orderloom.journal import LEASE, Held, JournalUnusableError, Lease, LostLeaseError, Taken
from orderloom.run.drivers.crew import BusyError, WorkedOn
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.drivers.working import Worker
from orderloom.run.people import acts
from orderloom.run.people.acts import TaskGoneError
from orderloom.run.people.doing import find_task
from tests.journal.making import run
from tests.run.firm import Firm

PARCEL = """
  arrived:
    use: wait-for
    with: {event: parcel, match: =start.order.id}
    timeout: 10d
    on_error: {timeout: overdue}
  work: {use: work, with: {given: =arrived.data}}
  overdue: {use: ask, with: {kind: choose, desk: carriers, words: [claim, late]}, next: {claim: ~, late: ~}}
"""
TWO = """
  ask: {use: ask, with: {kind: task, desk: a, question: "{start.order.id}"}, timeout: 1d}
  other: {use: ask, with: {kind: task, desk: b, question: "{start.order.id}"}, timeout: 1d}
  end: {use: work, with: {given: =ask.result}, end: stopped}
"""
ROUTED = """
  ask: {use: ask, with: {kind: task, desk: a, question: "{start.order.id}"}, timeout: 1d, on_error: {timeout: end}}
  other: {use: ask, with: {kind: task, desk: b, question: "{start.order.id}"}, timeout: 1d, on_error: {timeout: also}}
  end: {use: work, end: stopped}
  also: {use: work, end: also_stopped}
"""
LOOK = """
  look: {use: look, with: {hours: =start.order.hours}}
  post: {use: post, with: {given: =look.out}}
"""
TRIED = """
  post: {use: post, with: {given: =start.order.id}, retry: 2x 1h..1h}
"""
CHAIN = """
  first: {use: wait-for, with: {event: parcel, match: =start.order.id}}
  second: {use: wait-for, with: {event: parcel, match: =start.order.id}, after: [first]}
"""


def test_an_event_is_matched_by_its_value_and_lets_the_run_go_on(tmp_path: Path) -> None:
    firm = Firm(tmp_path, PARCEL)
    assert (firm.order("1").status, firm.order("2").status) == ("waiting", "waiting")

    firm.send("e1", match="2", body='{"data": {"weight": 0.1}}')
    [worked] = firm.work()

    assert worked.report
    assert (worked.run.key, worked.report.status) == ("2", "completed")
    assert str(worked.report.output("work").out["weight"]) == "0.1"  # a decimal, not a double
    assert firm.status(1) == "waiting"


def test_an_event_that_comes_before_anybody_waits_is_kept_for_the_first_that_does(tmp_path: Path) -> None:
    firm = Firm(tmp_path, PARCEL)
    firm.send("e1")
    assert firm.order("1").status == "completed"


def test_the_same_event_counts_once_and_the_next_wait_needs_one_of_its_own(tmp_path: Path) -> None:
    firm = Firm(tmp_path, CHAIN)
    firm.order()
    assert [firm.send("e1"), firm.send("e1")] == [True, False]
    [worked] = firm.work()
    assert worked.report
    assert (worked.report.status, worked.report.path) == ("waiting", ("start", "first"))

    assert firm.send("e2")
    assert [one.report.status for one in firm.work() if one.report] == ["completed"]


def test_an_event_whose_data_the_wait_refuses_leaves_it_waiting_and_is_not_told_again(tmp_path: Path) -> None:
    firm = Firm(tmp_path, PARCEL)
    firm.order()
    firm.send("e1", body='{"data": 1, "at": "yesterday"}')

    [worked] = firm.work()

    assert worked.report
    assert worked.report.waiting[0]["refused"] == ["`at` is `yesterday`: write a moment such as 2026-03-02T10:00:00Z"]
    assert firm.work() == []


def test_a_wait_beyond_its_time_limit_is_a_timeout_that_is_not_retried(tmp_path: Path) -> None:
    firm = Firm(tmp_path, PARCEL)
    firm.order()
    firm.later(days=9, hours=23)
    assert firm.work() == []
    firm.later(hours=1)

    [worked] = firm.work()

    assert worked.report
    assert worked.report.path == ("start", "arrived!timeout")
    assert [task.kind for task in firm.inbox()] == ["choose"]


def test_an_event_that_comes_after_the_time_limit_changes_nothing_though_nobody_was_there_to_tell(
    tmp_path: Path,
) -> None:
    firm = Firm(tmp_path, PARCEL)
    firm.order("1")
    firm.order("2")
    firm.later(days=9)
    firm.send("in time", match="1")
    firm.later(days=2)
    firm.send("too late", match="2")

    paths = {one.run.key: one.report.path[1] for one in firm.work() if one.report}

    assert paths == {"1": "arrived", "2": "arrived!timeout"}


def test_an_answer_after_the_time_limit_is_refused_and_the_time_limit_takes_its_course(tmp_path: Path) -> None:
    firm = Firm(tmp_path, ROUTED)
    firm.order()
    firm.later(days=2)

    with pytest.raises(TaskGoneError):
        firm.say(1, "done")

    assert (firm.status(), firm.inbox()) == ("stopped", [])


def test_two_time_limits_that_pass_together_end_the_run_once(tmp_path: Path) -> None:
    firm = Firm(tmp_path, ROUTED)
    firm.order()
    firm.later(days=1)
    [worked] = firm.work()
    assert worked.report
    assert (worked.report.status, worked.report.path) == ("stopped", ("start", "ask!timeout", "other!timeout", "end"))


def test_an_end_withdraws_the_tasks_that_are_left(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TWO)
    firm.order()
    first, second = firm.inbox()

    assert firm.say(first.number, {"result": 1}).status == "stopped"

    assert firm.inbox() == []
    with pytest.raises(TaskGoneError, match="or not any more"):
        firm.say(second.number, "done")


def test_who_answers_after_the_time_limit_is_told_that_and_the_run_goes_on_by_it(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TWO)
    firm.order()
    first, _ = firm.inbox()
    firm.later(hours=25)

    with pytest.raises(TaskGoneError, match="its time limit has passed: the run goes on without an answer"):
        firm.say(first.number, {"result": 1})

    assert firm.status() == "exception"


def test_a_timer_survives_that_its_process_ends_and_is_called_with_what_it_kept(tmp_path: Path) -> None:
    firm = Firm(tmp_path, LOOK)
    firm.order(hours=2)
    assert (firm.status(), firm.work()) == ("waiting", [])
    firm.later(hours=2)
    assert [one.report.status for one in firm.work() if one.report] == ["waiting"]
    firm.later(hours=2)

    [worked] = firm.work()

    assert worked.report
    assert (worked.report.status, firm.outside.given("look")) == ("completed", [0, 1, 2])
    assert len({key for name, key, _ in firm.outside.calls if name == "look"}) == 1


def test_a_retry_that_is_far_off_is_made_by_whoever_works_then(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TRIED)
    firm.outside.fails["post"] = ["unavailable", "unavailable"]
    assert firm.order().status == "waiting"
    assert firm.inbox() == []
    [wait] = firm.inbox(kind="time")
    assert wait.about["attempt"] == 2
    for _ in range(2):
        firm.later(hours=1)
        firm.work()
    assert (firm.status(), len(firm.outside.calls)) == ("completed", 3)


def test_a_run_whose_process_died_goes_on_once_its_lease_is_over(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TRIED)
    with firm.at_work("dead") as crew:
        crew.shop.journal.close = lambda: None  # type: ignore[method-assign]  # it dies: nothing is let go
        firm.outside.fails["post"] = ["unavailable"]
        asyncio.run(crew.order(firm.program, "1", firm.came("1"), firm.opened))
        [run] = crew.shop.journal.find("1")
        assert crew.shop.journal.take(run)
    assert firm.work() == []
    firm.later(seconds=LEASE.total_seconds() + 1)
    assert [one.report.status for one in firm.work() if one.report] == ["waiting"]  # its retry is an hour off
    firm.later(hours=1)
    assert [one.report.status for one in firm.work() if one.report] == ["completed"]


def test_an_act_whose_process_died_before_the_run_rested_is_not_lost(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TWO)
    firm.order()
    with firm.at_work("dead") as crew:
        journal = crew.shop.journal
        lease = journal.take(journal.run(1))
        assert lease
        [held] = journal.held([lease])
        live = LiveRun.resumed(crew.shop, held, firm.program)
        acts.answer("done")(live, find_task(crew.shop.journal, 1), acts.Person("kim"))
        asyncio.run(live.notes.flush())
    firm.later(seconds=1)

    [worked] = firm.work()

    assert worked.report
    assert worked.report.status == "stopped"
    assert firm.inbox() == []


def test_who_waits_for_a_run_in_other_hands_waits_no_longer_than_a_lease(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TWO)
    firm.order()
    with firm.at_work("first") as first:
        journal = first.shop.journal
        lease = journal.take(journal.run(1))
        assert lease
        began = firm.clock.now()
        journal.renew().result()
        told = firm.say(1, {"result": 1})  # the other is not heard of, and its lease runs out
        assert (told.status, firm.clock.now() - began >= LEASE) == ("stopped", True)
        with pytest.raises(LostLeaseError):
            journal.append(lease, []).result()


def test_a_run_that_could_not_be_gone_on_with_is_let_go_though_its_process_lives(tmp_path: Path) -> None:
    def breaks(_live: LiveRun) -> None:
        raise ZeroDivisionError

    firm = Firm(tmp_path, TWO)
    firm.order()
    with firm.at_work() as crew:
        journal = crew.shop.journal
        with pytest.raises(LostLeaseError, match="task 77"):
            asyncio.run(crew.resume(journal.run(1), lambda live: live.notes.take_task(Taken(77, "kim", "answered"))))
        with pytest.raises(ZeroDivisionError):
            asyncio.run(crew.resume(journal.run(1), breaks))
        assert journal.take(journal.run(1))


def test_a_run_that_has_ended_takes_nothing(tmp_path: Path) -> None:
    firm = Firm(tmp_path, TRIED)
    firm.order()
    with firm.at_work() as crew, pytest.raises(BusyError, match="has ended: completed"):
        asyncio.run(crew.resume(crew.shop.journal.run(1)))


def test_a_run_that_cannot_be_gone_on_with_is_a_task_and_the_others_go_on(tmp_path: Path) -> None:
    firm = Firm(tmp_path, PARCEL)
    firm.order("1")
    firm.order("2")
    with firm.at_work() as crew:
        crew.shop.journal.change(lambda db: db.execute("UPDATE event SET body = '{}' WHERE run = 1 AND seq = 1"))
    firm.send("e1", match="1")
    firm.send("e2", match="2")

    worked = {one.run.key: one for one in firm.work()}

    assert worked["1"].report is None
    assert worked["1"].why
    assert worked["2"].report
    [task] = firm.inbox()
    assert (task.kind, task.key, firm.status(1)) == ("stuck", "1", "exception")
    assert firm.work() == []


def test_many_runs_are_worked_off_a_few_at_a_time(tmp_path: Path) -> None:
    firm = Firm(tmp_path, PARCEL)
    for number in range(12):
        firm.order(str(number))
        firm.send(f"e{number}", match=str(number))

    worked = firm.work(in_flight=3)

    assert sorted(int(one.run.key) for one in worked) == list(range(12))
    assert {one.report.status for one in worked if one.report} == {"completed"}


def test_a_watch_sleeps_until_the_next_moment_that_is_due_and_ends_when_it_is_told(tmp_path: Path) -> None:
    firm = Firm(tmp_path, LOOK)
    firm.order(hours=2)
    with firm.at_work() as crew:

        def told(one: WorkedOn) -> None:
            if one.report and one.report.status == "completed":
                worker.stopping.set()

        worker = Worker(crew, told)
        began = firm.clock.now()
        asyncio.run(worker.watch())
        slept = firm.clock.now() - began
    assert firm.status() == "completed"
    assert 4 * 3600 <= slept.total_seconds() < 4 * 3600 + 2


def test_of_runs_that_cannot_be_written_the_first_is_told_and_nothing_is_said_of_the_others() -> None:
    class Full:
        """A journal and its crew where the disk is full."""

        def __init__(self) -> None:
            self.shop, self.journal = self, self

        def is_due(self) -> bool:
            return True

        def taking_due(self, most: int) -> Future[list[Lease]]:
            taken: Future[list[Lease]] = Future()
            taken.set_result([Lease(number, 1, 1) for number in range(most)])
            return taken

        def held(self, leases: Sequence[Lease]) -> list[Held]:
            return [Held(run(str(lease.run)), lease, ()) for lease in leases]

        async def go_on(self, held: Held) -> WorkedOn:
            raise JournalUnusableError(f"the disk is full at run {held.lease.run}")

    said: list[object] = []

    async def work() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, about: said.append(about))
        with pytest.raises(JournalUnusableError):
            await Worker(Full(), said.append, in_flight=3).work_off()  # type: ignore[arg-type]
        gc.collect()

    asyncio.run(work())

    assert said == []
