"""The numbered rules of the flow language, each shown on the smallest flow that needs it."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from orderloom.run.machine.interpreter import Interpreter
from tests.run.playing import path_of, play, program_of
from tests.run.small import flow, small


def played(steps: str, trigger: Any = None, **answers: Any) -> Interpreter:
    return play(program_of(flow(steps), small()), answers, trigger)


def test_a_run_that_nothing_can_be_taken_back_of_goes_as_soon_as_nobody_needs_it() -> None:
    """One that held on to itself would wait for a search through all that lives, which thousands make slow."""
    run = played("""
  a: {use: work, with: {given: =start.order}}
  each: {use: work, for_each: "=[a.out, 2]", with: {given: =item}}
""")
    assert run.status == "completed"
    gone, looked = weakref.ref(run), gc.isenabled()
    gc.disable()
    try:
        del run
        assert gone() is None
    finally:
        if looked:
            gc.enable()


# Settling: rules 5 to 8


def test_a_step_runs_once_every_step_it_reads_is_done() -> None:
    run = played("""
  a: {use: work, with: {given: =start.order}}
  b: {use: work, with: {given: =start.order}}
  c: {use: work, with: {given: "=[a.out, b.out]"}}
""")
    assert path_of(run) == ["start", "a", "b", "c"]
    assert run.status == "completed"


def test_a_step_whose_route_is_not_taken_is_skipped_and_so_is_what_reads_it() -> None:
    run = played(
        """
  choose: {use: fork, with: {given: =start.order}, next: {left: a, right: b}}
  a: {use: work}
  b: {use: work}
  after_a: {use: work, with: {given: =a.out}}
  after_b: {use: work, with: {given: =b.out}}
""",
        choose="right",
    )
    assert path_of(run) == ["start", "choose:right", "b", "after_b"]
    assert run.states[run.program.plan.steps[2].index] in {"skipped", "done"}


def test_a_step_joined_by_two_routes_runs_once() -> None:
    run = played(
        """
  choose: {use: fork, with: {given: =start.order}, next: {left: a, right: join}}
  a: {use: fork, next: {left: join, right: ~}}
  join: {use: work}
""",
        choose="left",
        a="left",
    )
    assert path_of(run) == ["start", "choose:left", "a:left", "join"]


def test_a_step_behind_after_waits_without_reading() -> None:
    run = played("""
  a: {use: work, with: {given: =start.order}}
  b: {use: work, after: [a]}
""")
    assert path_of(run) == ["start", "a", "b"]


def test_when_that_is_not_true_skips_the_step_and_null_is_not_true() -> None:
    run = played(
        """
  a: {use: work, when: =start.order.total > 5, with: {given: =start.order}}
  b: {use: work, with: {given: =start.order}}
""",
        trigger={"order": {}},
    )
    assert path_of(run) == ["start", "b"]


# Absence: rule 9


def test_coalesce_takes_a_skipped_step_as_absent() -> None:
    run = played(
        """
  choose: {use: fork, with: {given: =start.order}, next: {left: a, right: ~}}
  a: {use: work}
  b: {use: work, with: {given: "=coalesce(a.out, 7)"}}
""",
        choose="right",
    )
    assert run.program.steps[run.path[-1].step].name == "b"
    assert run.scope["a"] is None


def test_has_says_whether_a_step_ran() -> None:
    run = played(
        """
  choose: {use: fork, with: {given: =start.order}, next: {left: a, right: ~}}
  a: {use: work}
  b: {use: work, when: "=not(has(a.out))", with: {given: =start.order}}
""",
        choose="right",
    )
    assert path_of(run)[-1] == "b"


# Failure: rules 15 to 18


def test_a_failure_that_nothing_routes_parks_its_step_and_other_branches_go_on() -> None:
    run = played(
        """
  a: {use: work, with: {given: =start.order}}
  b: {use: work, with: {given: =start.order}}
  after_a: {use: work, with: {given: =a.out}}
""",
        a="!refused",
    )
    assert path_of(run) == ["start", "b"]
    assert run.status == "exception"


@pytest.mark.parametrize(
    "reads",
    [
        'with: {given: "=count(for n in 1..200000 return [n, start.order])"}',
        'when: "=count(for n in 1..200000 return [n, start.order]) > 1"',
        'for_each: "=for n in 1..200000 return [n, start.order]"',
        "with: {given: =much}",
    ],
    ids=["input", "when", "for_each", "let"],
)
def test_a_formula_that_meets_a_limit_parks_its_step_and_other_branches_go_on(reads: str) -> None:
    steps = f"""
  a: {{use: work, {reads}, after: [start]}}
  b: {{use: work, after: [start]}}
"""
    text = flow(steps).replace("steps:", 'let: {much: "=count(for n in 1..200000 return [n, start.order])"}\nsteps:', 1)

    run = play(program_of(text, small()), {})

    assert path_of(run) == ["start", "b"]
    assert run.status == "exception"
    [failure] = run.parked.values()
    assert failure.error_class == "invalid"
    assert "100,000 items" in failure.message


def test_on_error_takes_its_route_and_the_step_counts_as_failed() -> None:
    run = played(
        """
  a: {use: work, with: {given: =start.order}, on_error: {refused: mend}}
  mend: {use: work}
""",
        a="!refused",
    )
    assert path_of(run) == ["start", "a!refused", "mend"]
    assert run.status == "completed"


def test_a_retry_repeats_what_may_pass_and_no_other_class() -> None:
    steps = "  a: {use: send, with: {given: =start.order}, retry: 2x 1s..5s}\n"

    twice = played(steps, a=["!unavailable", "!timeout", {"outcome": "worked"}])
    refused = played(steps, a=["!refused", {"outcome": "worked"}])

    assert path_of(twice) == ["start", "a"]
    assert refused.status == "exception"


def test_a_retry_gives_up_after_its_attempts() -> None:
    run = played("  a: {use: send, with: {given: =start.order}, retry: 2x 1s..5s}\n", a="!unavailable")
    assert run.status == "exception"
    assert not run.retries


# for_each: rules 19 to 22


ITEMS = {"order": {"lines": [1, 2, 3]}}
EACH = """
  each: {use: fork, for_each: =start.order.lines, with: {given: =item}, next: {left: a, right: b}}
  a: {use: work}
  b: {use: work}
"""


def test_for_each_settles_when_all_items_have_and_takes_every_route_that_an_item_took() -> None:
    run = played(EACH, ITEMS, each=["left", "right", "left"])
    assert path_of(run) == ["start", "each:left,right", "a", "b"]


def test_for_each_gives_its_results_in_the_order_of_the_items() -> None:
    run = played(
        """
  each: {use: work, for_each: =start.order.lines, max_parallel: 1, with: {given: =item}}
""",
        ITEMS,
        each=[{"out": "x"}, {"out": "y"}, {"out": "z"}],
    )
    assert [result["out"] for result in run.scope["each"]] == ["x", "y", "z"]


def test_an_empty_list_is_the_error_empty() -> None:
    run = played(
        """
  each: {use: work, for_each: =start.order.lines, with: {given: =item}, on_error: {empty: none_there}}
  none_there: {use: work}
""",
        {"order": {"lines": []}},
    )
    assert path_of(run) == ["start", "each!empty", "none_there"]


def test_for_each_fails_with_the_first_failed_items_class_once_all_have_settled() -> None:
    run = played(
        """
  each: {use: work, for_each: =start.order.lines, with: {given: =item}, on_error: {refused: mend, invalid: ~}}
  mend: {use: work}
""",
        ITEMS,
        each=[{"out": 1}, "!refused", "!invalid"],
    )
    assert path_of(run) == ["start", "each!refused", "mend"]


def test_max_parallel_bounds_the_items_that_are_due_at_once() -> None:
    program = program_of(
        flow("  each: {use: work, for_each: =start.order.lines, max_parallel: 2, with: {given: =item}}\n"), small()
    )
    run = Interpreter(program, ITEMS)
    assert len(run.take()) == 2


# Ends and undo: rules 23 to 26


def test_an_end_gives_the_run_its_word_and_nothing_new_starts() -> None:
    run = played("""
  a: {use: work, with: {given: =start.order}, end: done_early}
  b: {use: work, with: {given: =start.order}}
  after_b: {use: work, with: {given: =b.out}}
""")
    assert path_of(run) == ["start", "a"]
    assert run.status == "done_early"


def test_an_end_withdraws_what_waits() -> None:
    run = played(
        """
  wait_for_it: {use: await, with: {given: =start.order}}
  a: {use: work, with: {given: =start.order}, end: over}
""",
        wait_for_it="~",
    )
    assert run.status == "over"
    assert not run.open


def test_cancelled_takes_the_done_steps_back_in_reverse_order() -> None:
    run = played(
        """
  a: {use: send, with: {given: =start.order}, undo: {use: take-back, with: {given: =result.out}}}
  b: {use: send, with: {given: =a.out}, undo: {use: take-back, with: {given: =result.out}}}
  stop: {use: work, with: {given: =b.out}, end: cancelled}
""",
        a={"out": 1},
        b={"out": 2},
    )
    assert run.undone == ["b", "a"]
    assert run.status == "cancelled"


def test_an_undo_that_reads_a_field_its_outcome_lacks_does_not_apply() -> None:
    run = played(
        """
  a:
    use: fork
    with: {given: =start.order}
    undo: {use: take-back, with: {given: =result.only_left}}
    next: {left: stop, right: stop}
  stop: {use: work, end: cancelled}
""",
        a="right",
    )
    assert run.undone == []
    assert run.status == "cancelled"


def test_a_parked_step_keeps_the_run_in_exception_and_the_undos_waiting() -> None:
    run = played(
        """
  a: {use: send, with: {given: =start.order}, undo: {use: take-back, with: {given: =result.out}}}
  b: {use: work, with: {given: =start.order}}
  stop: {use: work, with: {given: =a.out}, end: cancelled}
""",
        a={"out": 1},
        b="!refused",
    )
    assert run.status == "exception"
    assert run.undone == []


def test_an_undo_that_fails_leaves_the_run_in_exception() -> None:
    program = program_of(
        flow("""
  a: {use: send, with: {given: =start.order}, undo: {use: take-back, with: {given: =result.out}}}
  stop: {use: work, with: {given: =a.out}, end: cancelled}
"""),
        small(),
    )
    run = Interpreter(program, {})
    from orderloom.run.machine.events import Failure

    run.done(run.take()[0], "worked", {"outcome": "worked", "out": 1})
    run.done(run.take()[0], "worked", {"outcome": "worked"})
    run.failed(run.take()[0], Failure("refused", "too late"))

    assert run.status == "exception"


def test_a_run_with_a_wait_is_waiting_and_goes_on_with_its_answer() -> None:
    steps = """
  wait_for_it: {use: await, with: {given: =start.order}}
  b: {use: work, with: {given: =wait_for_it.data}}
"""
    assert played(steps, wait_for_it="~").status == "waiting"
    assert played(steps).status == "completed"


def test_a_chain_of_a_thousand_skips_is_walked_without_deep_recursion() -> None:
    steps = "  choose: {use: fork, with: {given: =start.order}, next: {left: s0, right: ~}}\n  s0: {use: work}\n"
    steps += "".join(f"  s{n}: {{use: work, with: {{given: =s{n - 1}.out}}}}\n" for n in range(1, 1000))
    run = played(steps, choose="right")
    assert path_of(run) == ["start", "choose:right"]
    assert run.status == "completed"
