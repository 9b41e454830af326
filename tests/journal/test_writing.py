"""What may change a journal, and who: one run a key, one process a run, a signal once, tasks that keep their number."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.journal import Journal, Lease, LostLeaseError, Pending, Standing, Taken, pruning
from orderloom.journal.store import LEASE
from tests.journal.making import NOON, SetClock, awaits, begun, event, journal, run, signal, waiting

BEYOND = LEASE.total_seconds() + 1


def kinds(made: Journal, number: int) -> list[str]:
    return [one.kind for one in made.events(number)]


# Orders in


def test_an_order_whose_key_is_new_begins_and_is_in_the_hands_of_its_process(tmp_path: Path) -> None:
    with journal(tmp_path, owner="me") as made:
        accepted = made.accept(run(), event("began")).result()

        assert (accepted.fresh, accepted.run.owner, accepted.run.status) == (True, "me", "running")
        assert kinds(made, accepted.run.number) == ["began"]


def test_an_order_that_came_before_is_its_first_run_and_writes_nothing(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        first = begun(made)
        for _ in range(3):
            again = made.accept(run(id="r-other", digest="other"), event("began", "other")).result()
            assert (again.fresh, again.run.number, again.run.digest) == (False, first.run, "d")
        assert made.one("SELECT count(*) FROM run")[0] == 1
        assert kinds(made, first.run) == ["began"]


def test_the_same_key_in_another_flow_is_another_run(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        one, other = (made.accept(run(flow=name), event("began")).result() for name in ("one", "other"))
        assert (one.fresh, other.fresh) == (True, True)


def test_an_order_that_came_before_gives_its_open_run_to_who_asks_only_where_nobody_has_it(tmp_path: Path) -> None:
    with journal(tmp_path, owner="first") as first, journal(tmp_path, owner="second") as second:
        lease = begun(first)
        assert second.accept(run(), event("began")).result().lease is None
        first.release(lease).result()
        assert second.accept(run(), event("began")).result().lease == Lease(lease.run, lease.epoch + 1, 1)


# One process a run


def test_who_was_overtaken_writes_nothing_more(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "first") as first, journal(tmp_path, clock, "second") as second:
        old = begun(first)
        clock.move(BEYOND)
        new = second.take(second.run(old.run))
        assert new is not None

        with pytest.raises(LostLeaseError, match="another process"):
            first.append(old, [event()]).result()
        with pytest.raises(LostLeaseError):
            first.append(old, [], Standing("completed", ended=True)).result()
        second.append(new, [event("failed")]).result()

        assert kinds(first, old.run) == ["began", "failed"]
        assert first.run(old.run).status == "running"


def test_of_many_who_write_at_once_only_those_who_were_overtaken_are_told_so(tmp_path: Path) -> None:
    clock, gate = SetClock(), threading.Event()
    gate.set()

    def held(_when: str) -> None:
        gate.wait(10)

    with (
        journal(tmp_path, clock, "first", held) as first,
        journal(tmp_path, clock, "second") as second,
    ):
        leases = [begun(first, str(number)) for number in range(70)]
        clock.move(BEYOND)
        for lease in leases[::7]:
            second.take(second.run(lease.run))
        ends = Standing("completed", ended=True, path="a")
        gate.clear()
        first.renew()  # is held inside its commit, so that what comes behind it queues up
        told = [(first.append(one, [event()]), first.append(one, [event("failed")], ends)) for one in leases]
        gate.set()

        lost = [at for at, (one, _) in enumerate(told) if isinstance(one.exception(), LostLeaseError)]
        assert lost == [at for at, (_, end) in enumerate(told) if end.exception()] == list(range(0, 70, 7))
        assert all(kinds(first, one.run) == ["began"] for one in leases[::7])
        assert kinds(first, leases[1].run) == ["began", "done", "failed"]
        assert [first.run(one.run).status for one in leases[:2]] == ["running", "completed"]


def test_who_was_overtaken_cannot_let_the_run_go_from_under_the_other(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "first") as first, journal(tmp_path, clock, "second") as second:
        old = begun(first)
        clock.move(BEYOND)
        assert second.take(second.run(old.run)) is not None
        first.release(old).result()
        first.renew().result()
        assert first.run(old.run).owner == "second"


def test_appends_of_one_run_may_be_queued_without_waiting(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        lease = begun(made)
        written = [made.append(lease, [event(step=f"s{n}"), event(step=f"t{n}")]) for n in range(20)]
        for one in written:
            one.result()
        steps = [one.step for one in made.events(lease.run)[1:]]
        assert steps == [f"{letter}{n}" for n in range(20) for letter in "st"]
        assert made.run(lease.run).events == 41


def test_what_is_behind_a_write_that_was_lost_is_lost_too(tmp_path: Path) -> None:
    """A gap in the events of a run would be played back as something that never was."""
    with journal(tmp_path) as made:
        lease = begun(made)
        lease.events += 1  # as if one were on its way, and could not be written
        with pytest.raises(LostLeaseError):
            made.append(lease, [event()]).result()
        assert kinds(made, lease.run) == ["began"]


@pytest.mark.parametrize(("later", "taken"), [(0.0, False), (LEASE.total_seconds() - 1, False), (BEYOND, True)])
def test_a_run_is_taken_over_once_its_process_was_not_heard_of_for_the_lease(
    tmp_path: Path, later: float, taken: bool
) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "first") as first, journal(tmp_path, clock, "second") as second:
        lease = begun(first)
        clock.move(later)
        assert bool(second.take_due()) is taken
        assert second.run(lease.run).owner == ("second" if taken else "first")


def test_a_heartbeat_keeps_what_one_has(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "first") as first, journal(tmp_path, clock, "second") as second:
        begun(first)
        for _ in range(3):
            clock.move(BEYOND / 2)
            first.renew().result()
            assert second.take_due() == []


def test_closing_a_journal_lets_its_runs_go_at_once(tmp_path: Path) -> None:
    with journal(tmp_path, owner="second") as second:
        with journal(tmp_path, owner="first") as first:
            number = begun(first).run
        assert [lease.run for lease in second.take_due()] == [number]


@pytest.mark.parametrize("jump", [-86_400.0, -3_600.0, -BEYOND * 3], ids=["a day", "an hour", "a minute and a half"])
def test_a_clock_that_is_put_back_does_not_keep_a_dead_process_runs_from_others(tmp_path: Path, jump: float) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "second") as second:
        dead = Journal(tmp_path / "journal.db", clock, "dead")
        number = begun(dead).run
        clock.move(jump)

        found = second.take_due()

        assert [lease.run for lease in found] == [number]
        dead.close()


def test_what_a_dead_process_took_up_again_is_due_at_once_though_the_clock_is_put_back(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "second") as second:
        dead = Journal(tmp_path / "journal.db", clock, "dead")
        number = waiting(dead, due=NOON.timestamp())
        other = waiting(dead, "2")
        assert dead.take_due()
        assert dead.take(dead.run(other))
        clock.move(-86_400)

        assert [lease.run for lease in second.take_due()] == [number, other]
        dead.close()


def test_a_run_whose_event_has_come_is_due_though_the_clock_is_put_back(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock) as made:
        number = waiting(made, "1", None, awaits())
        made.keep_signal(signal())
        clock.move(-86_400)
        assert [lease.run for lease in made.take_due()] == [number]


# What is due


def test_a_run_is_due_once_its_time_has_come_and_then_one_process_gets_it(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "first") as first, journal(tmp_path, clock, "second") as second:
        number = waiting(first, due=NOON.timestamp() + 60)
        assert first.next_due() == NOON.timestamp() + 60
        assert first.take_due() == []
        clock.move(60)
        assert [lease.run for lease in first.take_due()] == [number]
        assert first.take_due() == second.take_due() == []


def test_a_run_whose_process_died_after_it_came_due_comes_due_again(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "second") as second:
        dying = Journal(tmp_path / "journal.db", clock, "dying")
        number = waiting(dying, due=NOON.timestamp() + 60)
        clock.move(60)
        assert [lease.run for lease in dying.take_due()] == [number]
        assert second.take_due() == []
        clock.move(BEYOND)
        assert [lease.run for lease in second.take_due()] == [number]
        dying.close()


def test_a_waiting_run_that_somebody_took_up_and_died_over_comes_due_by_itself(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "second") as second:
        dying = Journal(tmp_path / "journal.db", clock, "dying")
        number = waiting(dying, "1", None, awaits())
        lease = dying.take(dying.run(number))
        assert lease is not None
        dying.append(lease, [event()]).result()
        assert (second.take_due(), second.next_due()) == ([], None)
        clock.move(BEYOND)
        assert [one.run for one in second.take_due()] == [number]
        dying.close()


def test_a_task_is_taken_by_one_person_with_what_comes_of_it(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        number = waiting(made, "1", None, task("ask"), task("other"))
        asked = made.pending()[0].number
        lease = made.take(made.run(number))
        assert lease is not None
        made.append(lease, [event()], taken=Taken(asked, "ann", "approve", NOON.isoformat())).result()
        with pytest.raises(LostLeaseError, match=f"task {asked} has been taken"):
            made.append(
                Lease(lease.run, lease.epoch, 2), [event()], taken=Taken(asked, "bob", "reject", NOON.isoformat())
            ).result()
        assert kinds(made, number) == ["began", "done"]
        assert [tuple(row) for row in made.all("SELECT task, by, act FROM taken")] == [(asked, "ann", "approve")]


def test_a_run_that_cannot_be_gone_on_with_is_let_go_until_later(tmp_path: Path) -> None:
    """Else whoever works on what is due would take it again at once, for ever."""
    clock = SetClock()
    with journal(tmp_path, clock) as made:
        number = waiting(made, due=NOON.timestamp())
        [lease] = made.take_due()
        made.release(lease, again_s=300).result()
        assert made.take_due() == []
        clock.move(300)
        assert [lease.run for lease in made.take_due()] == [number]


def test_a_running_run_that_cannot_be_gone_on_with_is_let_go_until_later_too(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock) as made:
        lease = begun(made)
        made.release(lease, again_s=300).result()
        assert made.take_due() == []
        clock.move(300)
        assert [one.run for one in made.take_due()] == [lease.run]


def test_no_more_runs_are_taken_than_are_wanted(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        for number in range(10):
            waiting(made, str(number), due=NOON.timestamp())
        assert [len(made.take_due(most)) for most in (4, 4, 4)] == [4, 4, 2]


def test_runs_are_read_together_as_each_stands_in_the_order_of_their_leases(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        leases = [begun(made, str(number)) for number in range(3)]
        for lease, steps in zip(leases, ("", "ab", "c"), strict=True):
            made.append(lease, [event(step=step) for step in steps]).result()
        asked = [leases[2], leases[0], leases[1]]

        held = made.held(asked)

        assert [one.lease for one in held] == asked
        assert [(one.run, one.events) for one in held] == [(made.run(a.run), made.events(a.run)) for a in asked]
        assert made.held([]) == []


def test_a_run_that_has_ended_is_never_taken_again(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock) as made:
        lease = begun(made)
        made.append(lease, [event()], Standing("completed", ended=True)).result()
        clock.move(BEYOND)
        ended = made.run(lease.run)
        assert (ended.status, ended.ended) == ("completed", NOON.isoformat())
        assert (made.take(ended), made.take_due(), made.next_due()) == (None, [], None)


# Events from outside


def test_a_signal_makes_the_runs_due_that_wait_for_it_and_no_others(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        one = waiting(made, "1", None, awaits(match="1"))
        waiting(made, "2", None, awaits(match="2"))
        waiting(made, "3", None, awaits(name="other", match="1"))
        assert made.keep_signal(signal())
        assert [lease.run for lease in made.take_due()] == [one]
        assert [(found.id, wait.step) for found, wait in made.signals_for(one)] == [("s1", "w")]


def test_the_same_signal_counts_once(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        number = waiting(made, "1", None, awaits())
        assert [made.keep_signal(signal()) for _ in range(3)] == [True, False, False]
        [lease] = made.take_due()
        made.append(lease, [event()], Standing("waiting", pending=[awaits()]), ["s1"]).result()
        assert made.take_due() == []
        assert made.signals_for(number) == []
        assert not made.keep_signal(signal())
        assert made.take_due() == []


def test_what_a_run_has_had_is_told_with_what_became_of_it_or_not_at_all(tmp_path: Path) -> None:
    clock = SetClock()
    with journal(tmp_path, clock, "first") as first, journal(tmp_path, clock, "second") as second:
        old = begun(first)
        clock.move(BEYOND)
        assert second.take_due()
        first.keep_signal(signal())
        with pytest.raises(LostLeaseError):
            first.append(old, [event()], signals=["s1"]).result()
        assert first.one("SELECT count(*) FROM delivery")[0] == 0


def test_a_signal_that_came_before_anybody_waited_wakes_the_first_run_that_does(tmp_path: Path) -> None:
    earlier, clock = signal(at=NOON.replace(hour=11)), SetClock()
    with journal(tmp_path, clock) as made:
        assert made.keep_signal(earlier)
        first = waiting(made, "1", None, awaits())
        [lease] = made.take_due()
        assert lease.run == first
        made.append(lease, [event()], Standing("completed", ended=True), ["s1"]).result()
        waiting(made, "2", None, awaits())
        assert made.take_due() == []


def test_a_signal_that_comes_while_a_run_is_at_work_is_found_when_it_rests(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        lease = begun(made)
        made.keep_signal(signal())
        made.append(lease, [event("waits")], Standing("waiting", pending=[awaits()])).result()
        assert [one.run for one in made.take_due()] == [lease.run]


def test_a_run_that_had_its_signal_is_not_woken_by_it_once_more_when_it_rests(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        waiting(made, "1", None, awaits())
        made.keep_signal(signal())
        [lease] = made.take_due()
        again = Standing("waiting", pending=[awaits("second")])
        made.append(lease, [event()], again, ["s1"]).result()
        assert (made.take_due(), made.signals_for(lease.run)) == ([], [])


# What runs wait for


def task(step: str, **more: object) -> Pending:
    told = {"since": NOON.isoformat(), "body": "{}", "desk": "orders", **more}
    return Pending("person", step, None, **told)  # type: ignore[arg-type]


def rested(made: Journal, number: int, *pending: Pending) -> dict[str, Pending]:
    lease = made.take(made.run(number))
    assert lease is not None
    made.append(lease, [], Standing("waiting", pending=pending)).result()
    return {one.step: one for one in made.pending("run = ?", (number,))}


def test_a_task_keeps_its_number_as_long_as_it_is_there_and_no_number_comes_twice(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        number = waiting(made, "1", None, task("a"), task("b"))
        first = {one.step: one.number for one in made.pending()}

        second = rested(made, number, task("b", body='{"new":1}'), task("c"))

        assert (second["b"].number, second["b"].body) == (first["b"], '{"new":1}')
        assert second.keys() == {"b", "c"}
        gone = rested(made, number)
        third = rested(made, number, task("a"))
        assert gone == {}
        assert third["a"].number > max(first["b"], second["c"].number)


def test_what_has_not_changed_has_waited_since_it_began(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        number = waiting(made, "1", None, task("a", since="2026-03-01T00:00:00+00:00", body='{"error":"refused"}'))
        same = rested(made, number, task("a", since="2026-03-02T00:00:00+00:00", body='{"error":"refused"}'))
        other = rested(made, number, task("a", since="2026-03-03T00:00:00+00:00", body='{"error":"timeout"}'))
        assert (same["a"].since[:10], other["a"].since[:10]) == ("2026-03-01", "2026-03-03")


PLACES = st.tuples(
    st.sampled_from(["person", "event", "time", "parked", "undo"]), st.sampled_from("ab"), st.none() | st.integers(0, 2)
)


@given(st.lists(st.lists(PLACES, unique=True, max_size=6), min_size=1, max_size=6))
def test_what_stands_is_always_what_the_run_said_last(
    tmp_path_factory: pytest.TempPathFactory, rests: list[list[tuple[str, str, int | None]]]
) -> None:
    with journal(tmp_path_factory.mktemp("j")) as made:
        number, seen = waiting(made), dict[tuple[str, str, int | None], int]()
        for places in rests:
            rested(made, number, *(Pending(*place, NOON.isoformat(), "{}") for place in places))  # type: ignore[arg-type]
            stands = {(one.kind, one.step, one.item): one.number for one in made.pending()}
            assert stands.keys() == set(places)
            assert all(stands[place] == seen[place] for place in stands.keys() & seen.keys())
            assert all(stands[place] > max(seen.values(), default=0) for place in stands.keys() - seen.keys())
            seen = stands


# Finding


def test_a_person_may_name_a_run_by_its_id_the_beginning_of_it_or_its_key(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.accept(run("1042", id="r-abcdef"), event("began")).result()
        made.accept(run("1043", id="r-abc123"), event("began")).result()
        assert [found.key for found in made.find("r-abcdef")] == ["1042"]
        assert [found.key for found in made.find("r-abc")] == ["1042", "1043"]
        assert [found.key for found in made.find("1043")] == ["1043"]
        assert [list(made.find(name)) for name in ("r-a", "%%%%", "nobody")] == [[], [], []]


def test_a_number_is_never_given_twice_so_that_who_was_stopped_with_it_writes_into_no_other_run(tmp_path: Path) -> None:
    later = (NOON + timedelta(days=1)).isoformat()
    with journal(tmp_path) as made:
        lease = begun(made, "1")
        stopped = replace(lease)
        made.append(lease, [event()], Standing("completed", ended=True)).result()
        assert made.read(lambda db: pruning.old(db, later)) == []  # the newest run stays

        other = begun(made, "2")
        made.change(lambda db: pruning.remove(db, pruning.old(db, later)))

        assert [run.number for run in made.select_runs("1")] == [other.run]
        assert begun(made, "3").run > other.run > lease.run
        with pytest.raises(LostLeaseError):
            made.append(stopped, [event()]).result()
