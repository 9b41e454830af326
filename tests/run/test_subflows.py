"""A flow within a flow: it runs as part of the run, and its ends are the outcomes of its step (rule 32)."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from orderloom import World, node
from orderloom.packs import Catalogue
from orderloom.run.drivers.memory import MemoryDriver
from orderloom.run.machine.answers import Answers
from orderloom.run.machine.events import Failure
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program
from orderloom.run.machine.resolving import cancel
from orderloom.world import SystemClock
from orderloom_nodes.flow import flow as flow_node
from tests.run.playing import path_of, play, program_of
from tests.run.small import Worked, flow, small


def nodes() -> Catalogue:
    known = small()
    return Catalogue({**known.sources, "core/flow": "orderloom_nodes.flow"}, {**known._nodes, "core/flow": flow_node})


def program(folder: Path, outer: str, **inner: str) -> Program:
    """The outer flow's steps behind its trigger, with the inner flows beside it."""
    for name, steps in inner.items():
        (folder / f"{name}.yaml").write_text(flow(steps).replace("flow: small", f"flow: {name}"))
    return program_of(flow(outer), nodes(), (folder,), str(folder / "outer.yaml"))


def run(folder: Path, answers: dict[str, Any], outer: str, **inner: str) -> Interpreter:
    return play(program(folder, outer, **inner), answers)


def indented(steps: str) -> str:
    return "\n".join(f"  {line}" for line in dedent(steps).strip().splitlines()) + "\n"


ONE = indented(
    """
    pick: {use: fork, after: [start], next: {left: a, right: b}}
    a: {use: work}
    b: {use: work, end: held}
    """
)
AROUND_ONE = indented(
    """
    sub: {use: flow, after: [start], with: {flow: one}, next: {completed: x, held: y}}
    x: {use: work}
    y: {use: work}
    """
)
TWO_SENDS = indented(
    """
    first: {use: send, after: [start], undo: {use: take-back, with: {given: 1}}}
    second: {use: send, after: [first], undo: {use: take-back, with: {given: 1}}}
    """
)


def test_the_ends_of_the_flow_are_the_outcomes_of_its_step(tmp_path: Path) -> None:
    left = run(tmp_path, {"sub/pick": "left"}, AROUND_ONE, one=ONE)
    right = run(tmp_path, {"sub/pick": "right"}, AROUND_ONE, one=ONE)

    assert path_of(left) == ["start", "sub/pick:left", "sub/a", "sub:completed", "x"]
    assert path_of(right) == ["start", "sub/pick:right", "sub/b", "sub:held", "y"]


def test_what_its_steps_gave_is_read_by_their_names(tmp_path: Path) -> None:
    outer = indented(
        """
        sub: {use: flow, after: [start], with: {flow: one}, next: {completed: x, held: ~}}
        x: {use: work, with: {given: =sub.a.out}}
        """
    )
    answers = {"sub/pick": "left", "sub/a": {"out": 7}}

    told = play(program(tmp_path, outer, one=ONE), answers | {"x": "~"})

    assert told.open[(2, None)].call.inputs == {"given": 7}


def test_what_is_given_stands_where_the_trigger_gives_it(tmp_path: Path) -> None:
    inner = indented("a: {use: work, with: {given: =start.order}}")
    outer = indented('sub: {use: flow, after: [start], with: {flow: reads, given: {order: {number: "7"}}}}')

    told = run(tmp_path, {"sub/a": "~"}, outer, reads=inner)

    assert next(iter(list(told.live())[1].open.values())).call.inputs == {"given": {"number": "7"}}


def test_a_flow_cancelled_inside_takes_its_own_steps_back_and_the_run_goes_on(tmp_path: Path) -> None:
    inner = TWO_SENDS + indented("stop: {use: work, after: [second], end: cancelled}")
    outer = indented(
        """
        before: {use: send, after: [start], undo: {use: take-back, with: {given: 1}}}
        sub: {use: flow, after: [before], with: {flow: inner}, next: {completed: ~, cancelled: y}}
        y: {use: work}
        """
    )

    told = run(tmp_path, {}, outer, inner=inner)

    assert told.undone == ["sub/second", "sub/first"]
    assert path_of(told)[-2:] == ["sub:cancelled", "y"]
    assert told.status == "completed"


def test_a_run_cancelled_outside_takes_back_the_steps_within_among_the_others(tmp_path: Path) -> None:
    outer = indented(
        """
        before: {use: send, after: [start], undo: {use: take-back, with: {given: 1}}}
        sub: {use: flow, after: [before], with: {flow: inner}}
        last: {use: work, after: [sub], end: cancelled}
        """
    )

    told = run(tmp_path, {}, outer, inner=TWO_SENDS)

    assert told.undone == ["sub/second", "sub/first", "before"]
    assert told.status == "cancelled"


def test_an_end_outside_withdraws_what_waits_inside(tmp_path: Path) -> None:
    inner = TWO_SENDS + indented("hold: {use: await, after: [second]}\nnever: {use: send, after: [hold]}")
    outer = indented(
        """
        sub: {use: flow, after: [start], with: {flow: inner}}
        a: {use: work, after: [start]}
        b: {use: work, after: [a]}
        c: {use: work, after: [b]}
        last: {use: work, after: [c], end: cancelled}
        """
    )

    told = run(tmp_path, {"sub/hold": "~"}, outer, inner=inner)

    assert [part.prefix for part in told.live()] == [""]
    assert told.undone == ["sub/second", "sub/first"]
    assert "sub/never" not in path_of(told)
    assert told.status == "cancelled"


def test_what_waits_inside_keeps_the_run_waiting(tmp_path: Path) -> None:
    outer = indented("sub: {use: flow, after: [start], with: {flow: inner}}\nx: {use: work, after: [sub]}")

    told = run(tmp_path, {"sub/hold": "~"}, outer, inner=indented("hold: {use: await, after: [start]}"))

    assert told.status == "waiting"
    assert path_of(told) == ["start"]


def test_a_failure_inside_parks_the_run_at_the_step_that_failed(tmp_path: Path) -> None:
    outer = indented("sub: {use: flow, after: [start], with: {flow: inner}}\nbeside: {use: work, after: [start]}")

    told = run(tmp_path, {"sub/second": "!refused"}, outer, inner=TWO_SENDS)

    assert told.status == "exception"
    assert [failure.error_class for part in told.live() for failure in part.parked.values()] == ["refused"]
    assert path_of(told) == ["start", "beside", "sub/first"]


def test_a_failure_inside_is_routed_by_the_step_around_it_that_names_its_class(tmp_path: Path) -> None:
    middle = indented("deep: {use: flow, after: [start], with: {flow: inner}}\nnever: {use: work, after: [deep]}")
    outer = indented("sub: {use: flow, after: [start], with: {flow: middle}, on_error: {refused: x}}\nx: {use: work}")

    told = run(tmp_path, {"sub/deep/second": "!refused"}, outer, inner=TWO_SENDS, middle=middle)

    assert path_of(told) == [
        "start", "sub/deep/first", "sub/deep/second!refused", "sub/deep!refused", "sub!refused", "x",
    ]
    assert told.status == "completed"


def test_a_run_cancelled_once_more_leaves_the_flows_within_that_waited_for_a_person(tmp_path: Path) -> None:
    outer = indented(
        """
        before: {use: send, after: [start], undo: {use: take-back, with: {given: 1}}}
        sub: {use: flow, for_each: "=[1, 2]", max_parallel: 2, after: [before], with: {flow: inner}}
        """
    )
    run = Interpreter(program(tmp_path, outer, inner="  first: {use: send, after: [start], retry: 2x 1h..1h}\n"), {})
    while calls := run.take():
        for call in calls:
            if call.program.inner:
                call.owner.enter(call)
            elif call.name == "before":
                call.owner.done(call, "worked", {"outcome": "worked"})
            else:
                call.owner.failed(call, Failure("timeout", "nobody knows", in_doubt=True))
    cancel(run)
    assert run.status == "exception"

    cancel(run)

    [undo] = run.take()
    run.done(undo, "worked", {"outcome": "worked"})
    assert (run.status, run.undone) == ("cancelled", ["before"])


def test_what_a_failed_flow_had_done_is_taken_back_when_the_run_is_cancelled(tmp_path: Path) -> None:
    outer = indented(
        "sub: {use: flow, after: [start], with: {flow: inner}, on_error: {refused: x}}\nx: {use: work, end: cancelled}"
    )

    told = run(tmp_path, {"sub/second": "!refused"}, outer, inner=TWO_SENDS)

    assert told.undone == ["sub/first"]


def test_a_list_runs_the_flow_once_an_item_and_numbers_its_steps_as_formulas_do(tmp_path: Path) -> None:
    outer = indented(
        """
        each: {use: flow, for_each: "=[10, 20]", after: [start], with: {flow: one}, next: {completed: x, held: y}}
        x: {use: work}
        y: {use: work}
        """
    )

    told = run(tmp_path, {"each[1]/pick": "left", "each[2]/pick": "right"}, outer, one=ONE)

    assert path_of(told) == [
        "start", "each[1]/pick:left", "each[2]/pick:right", "each[1]/a", "each[2]/b", "each:completed,held", "x", "y",
    ]
    assert [record["outcome"] for record in told.scope["each"]] == ["completed", "held"]


def test_one_item_that_fails_leaves_the_others_running(tmp_path: Path) -> None:
    outer = indented('each: {use: flow, for_each: "=[10, 20]", after: [start], with: {flow: inner}}')

    told = run(tmp_path, {"each[1]/first": "!refused"}, outer, inner=TWO_SENDS)

    assert path_of(told) == ["start", "each[2]/first", "each[2]/second"]
    assert told.status == "exception"


def test_an_undo_that_fails_inside_goes_to_the_problems_and_the_flow_still_ends(tmp_path: Path) -> None:
    inner = indented(
        """
        first: {use: send, after: [start], undo: {use: take-back, with: {given: 1}}}
        stop: {use: work, after: [first], end: cancelled}
        """
    )
    outer = indented(
        """
        sub: {use: flow, after: [start], with: {flow: inner}, next: {completed: ~, cancelled: y}}
        y: {use: work}
        """
    )

    told = play_with_failing_undo(program(tmp_path, outer, inner=inner))

    assert [(call.name, failure.error_class) for call, failure in told.undo_failures] == [("sub/first", "refused")]
    assert path_of(told)[-1] == "y"
    assert told.status == "exception"


def play_with_failing_undo(made: Program) -> Interpreter:
    told = Interpreter(made, {})
    while calls := told.take():
        for call in calls:
            if call.undo:
                call.owner.failed(call, Failure("refused", "as the test says"))
            elif call.program.inner:
                call.owner.enter(call)
            else:
                outcome = call.program.planned.outcomes[0]
                call.owner.done(call, outcome, {"outcome": outcome, "out": 1})
    return told


def test_an_answer_for_the_step_stands_for_the_whole_flow(tmp_path: Path) -> None:
    made = program(tmp_path, AROUND_ONE, one=ONE)
    driver = MemoryDriver(made, nodes(), {}, SystemClock(), Answers({"sub": "held"}))

    told = driver.run("k", {})

    assert told.path == ("start", "sub:held", "y")


def test_every_call_within_has_an_idempotency_key_of_its_own(tmp_path: Path) -> None:
    seen: list[str] = []

    @node("key", effects="keyed")
    def key(world: World) -> Worked:
        """Keeps its key."""
        seen.append(world.key)
        return Worked()

    known = nodes()
    catalogue = Catalogue({**known.sources, "test/key": "-"}, {**known._nodes, "test/key": key})
    (tmp_path / "inner.yaml").write_text(flow(indented("a: {use: key, after: [start]}")))
    outer = indented(
        """
        a: {use: key, after: [start]}
        one: {use: flow, after: [a], with: {flow: inner}}
        each: {use: flow, for_each: "=[1, 2]", after: [one], with: {flow: inner}}
        """
    )
    made = program_of(flow(outer), catalogue, (tmp_path,), str(tmp_path / "outer.yaml"))

    told = MemoryDriver(made, catalogue, {}, SystemClock()).run("k", {})

    assert told.status == "completed"
    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize(("name", "value"), [("sub/a", 7), ("each[2]/a", 20)])
def test_the_report_finds_what_a_step_within_gave(tmp_path: Path, name: str, value: int) -> None:
    outer = indented(
        """
        sub: {use: flow, after: [start], with: {flow: inner}}
        each: {use: flow, for_each: "=[10, 20]", after: [sub], with: {flow: items, given: {order: {n: =item}}}}
        """
    )
    made = program(
        tmp_path, outer,
        inner=indented("a: {use: work, after: [start], with: {given: 7}}"),
        items=indented("a: {use: work, with: {given: =start.order.n}}"),
    )

    told = MemoryDriver(made, nodes(), {}, SystemClock()).run("k", {})

    assert told.output(name).out == value
