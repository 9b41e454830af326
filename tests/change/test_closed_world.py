"""Nothing outside is reached: what a scenario does not say does not happen, and what it says stands in for the call."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.change.small import BARE, FLOW, PAYS, WORLD, one, played, told

EFFECT = "`tell` uses `notify`, which has effects, and the case does not say what it answers"


def test_a_case_runs_with_what_the_world_answers(tmp_path: Path) -> None:
    result = one(tmp_path, f"- {{case: it ships, expect: {{status: completed, path: {PAYS}}}}}")

    assert told(result) == []
    assert (result.status, list(result.path)) == ("completed", ["capture", "look:approved", "pay:paid", "tell"])


def test_an_effect_that_is_not_listed_fails_the_case(tmp_path: Path) -> None:
    result = one(
        tmp_path, f"- {{case: it ships, expect: {{path: {PAYS}}}}}", world=WORLD.replace("notify: {message_id: m1}", "")
    )

    [miss] = result.misses
    assert miss.message == EFFECT
    assert miss.help == "say in `world:` what it answers: `tell: sent`"
    assert miss.actual == ["capture", "look:approved", "pay:paid"]


def test_a_question_that_is_not_listed_waits(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        "- {case: nobody looks, expect: {status: waiting, path: [capture], waiting: [look]}}",
        world=WORLD.replace("look: approved", ""),
    )

    assert told(result) == []


def test_a_lookup_that_is_not_listed_fails_the_case(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          find: {use: find-order, with: {order_id: =capture.order.order_id}, next: {found: ~, unknown: ~}}
    """

    result = one(tmp_path, "- {case: it is looked up, expect: {status: completed}}", flow=flow, world=BARE)

    assert told(result) == [
        "`find` asks the outside, and the case does not say what it answers (no connection is named `orders`)"
    ]


def test_the_answers_of_a_case_are_laid_over_those_of_the_scenario(tmp_path: Path) -> None:
    result = played(
        tmp_path,
        """
        - {case: declined, world: {look: declined}, expect: {path: [capture, look:declined]}}
        - {case: as ever, expect: {status: completed, path_ends: [tell]}}
        """,
    )

    assert [case.passed for case in result.cases] == [True, True]


def test_the_name_of_a_node_answers_every_step_that_uses_it_and_the_name_of_a_step_comes_first(tmp_path: Path) -> None:
    again = "again: {use: notify, after: [tell], with: {template: delivered, to: =capture.order.customer, data: {}}}"
    flow = f"{FLOW.rstrip()}\n      {again}\n"

    result = one(
        tmp_path,
        """
        - case: the second message is lost
          world: {again: raises refused}
          expect: {status: exception, sent: [shipped], parked: [again!refused]}
        """,
        flow=flow,
    )

    assert told(result) == []


def test_where_a_step_is_called_as_its_node_the_node_is_named_with_its_pack(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          notify: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {}}}
          again: {use: notify, after: [notify], with: {template: delivered, to: =capture.order.customer, data: {}}}
    """

    result = played(
        tmp_path,
        """
        - {case: one of them, world: {notify: sent}, expect: {status: completed}}
        - {case: both of them, world: {core/notify: sent}, expect: {status: completed, sent: [shipped, delivered]}}
        """,
        flow=flow,
        world=BARE,
    )

    assert [told(case) for case in result.cases] == [
        ["`again` uses `notify`, which has effects, and the case does not say what it answers"],
        [],
    ]


def test_a_list_answers_one_attempt_after_the_other(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        f"""
        - case: third time lucky
          world: {{notify: [raises unavailable, raises timeout, sent]}}
          expect: {{path: {PAYS}}}
        """,
    )

    assert told(result) == []


def test_an_attempt_for_which_the_list_has_no_answer_fails_the_case(tmp_path: Path) -> None:
    result = one(tmp_path, f"- {{case: down, world: {{notify: [raises unavailable]}}, expect: {{path: {PAYS}}}}}")

    assert told(result) == ["`tell` is called for the 2nd time; 1 calls are answered"]


def test_an_error_that_stays_parks_the_step(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        "- {case: down, world: {notify: raises unavailable}, expect: {status: exception, parked: [tell!unavailable]}}",
    )

    assert told(result) == []


def test_a_node_without_effects_may_be_answered_for_too(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          check: {use: validate, with: {order: =capture.order}, next: {valid: ~, fixable: ~, rejected: ~}}
    """

    result = played(
        tmp_path,
        """
        - {case: as it is, expect: {path: [capture, check:valid]}}
        - case: as it is said to be
          world: {check: {outcome: rejected, problems: []}}
          expect: {path: [capture, check:rejected]}
        """,
        flow=flow,
        world=BARE,
    )

    assert [told(case) for case in result.cases] == [[], []]


def test_a_formula_of_an_answer_reads_what_the_call_is_given_and_the_steps_before(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        """
        - case: the reason is made up of both
          world: {pay: {outcome: paid, payment: =given.order.payment, why: =capture.order.order_number + look.outcome}}
          expect: {outputs: {pay: {why: 1001approved, payment: {status: paid}}}}
        """,
    )

    assert told(result) == []


def test_what_a_formula_gives_must_fit_the_node_too(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        """
        - case: a name is no payment
          world: {pay: {outcome: paid, payment: =capture.order.order_id, why: so}}
          expect: {status: completed}
        """,
    )

    assert told(result) == ['the answer of `pay` does not fit: `payment` cannot be "example:1001"']


def test_an_answer_that_the_question_refuses_leaves_it_open_and_says_why(tmp_path: Path) -> None:
    flow = (
        FLOW.replace("kind: approve, ", "kind: edit, document: =capture.order, accept: validate, ").replace(
            "next: {approved: pay, declined: ~}", "next: {edited: pay, discarded: ~}"
        )
        + "      check: {use: validate, with: {order: =capture.order}, next: {valid: ~, fixable: ~, rejected: ~}}\n"
    )

    result = played(
        tmp_path,
        """
        - case: a wrong correction goes back
          world: {look: {outcome: edited, patch: {"lines[0].quantity": 0}}}
          expect: {status: completed}
        - case: the second one is right
          world:
            look:
              - {outcome: edited, patch: {"lines[0].quantity": 0}}
              - {outcome: edited, patch: {"lines[0].quantity": 2}}
          expect: {status: completed}
        """,
        flow=flow,
    )

    [refused, right] = result.cases
    assert refused.status == "waiting"
    assert any("its answer was not accepted" in line for line in refused.misses[0].because)
    assert told(right) == []


def test_the_undo_of_a_step_is_answered_under_its_own_name(tmp_path: Path) -> None:
    undo = "undo: {use: refund, with: {payment: =result.payment, order: =capture.order}}"
    stop = "stop: {use: cancel-order, after: [tell], with: {order: =capture.order}, end: cancelled}"
    paid = "next: {paid: tell, unpaid: ~}"
    flow = f"{FLOW.replace(paid, paid + chr(10) + ' ' * 8 + undo).rstrip()}\n      {stop}\n"

    result = played(
        tmp_path,
        """
        - case: it is taken back
          world: {cancel-order: {}, undo pay: refunded}
          expect: {status: cancelled, undone: [pay], given: {undo pay: {payment: {status: paid}}}}
        - case: it is taken back by the name of the node
          world: {cancel-order: {}, refund: refunded}
          expect: {status: cancelled, undone: [pay]}
        - case: it cannot be taken back
          world: {cancel-order: {}, undo pay: {outcome: refused, reason: disputed}}
          expect: {status: exception, undone: []}
        - case: nobody says whether it can
          world: {cancel-order: {}}
          expect: {status: cancelled}
        """,
        flow=flow,
    )

    assert [told(case) for case in result.cases] == [
        [], [], [], ["the undo of `pay` uses `refund`, which has effects, and the case does not say what it answers"]
    ]  # fmt: skip


EACH = """
    flow: small
    steps:
      capture: {use: capture}
      tell:
        use: wait-for
        after: [capture]
        for_each: '=["a", "b"]'
        with: {event: parcel.delivered, match: =item}
        timeout: 2d
        on_error: {timeout: ~}
"""


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ("happened", "tell"),
        ("{each: [happened, happened]}", "tell"),
        ("{each: [happened, raises timeout]}", "tell!timeout"),
    ],
)
def test_items_are_answered_together_or_each_by_its_own(tmp_path: Path, answer: str, path: str) -> None:

    case = f"- {{case: items, world: {{tell: {answer}}}, expect: {{path: [capture, {path}]}}}}"

    result = one(tmp_path, case, flow=EACH, world=BARE)

    assert told(result) == []


def test_items_answered_in_part_fail_the_case(tmp_path: Path) -> None:

    case = "- {case: items, world: {tell: {each: [happened]}}, expect: {status: completed}}"

    result = one(tmp_path, case, flow=EACH, world=BARE)

    assert told(result) == ["`tell` has 2 items, and `each` answers 1"]


OUTER = """
    flow: small
    steps:
      capture: {use: capture}
      express: {use: flow, with: {flow: inner, given: {order: =capture.order}}, next: {completed: ~, late: ~}}
"""
INNER = """
    flow: inner
    steps:
      capture: {use: capture}
      quote:
        use: ask
        after: [capture]
        with: {kind: approve, desk: rates, question: Dear?}
        next: {approved: ~, declined: slow}
      slow: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {}}, end: late}
"""


def test_a_step_of_a_flow_within_the_flow_is_answered_by_its_whole_name(tmp_path: Path) -> None:

    result = played(
        tmp_path,
        """
        - case: inside
          world: {express/quote: declined, express/slow: sent}
          expect: {path: [capture, express/quote:declined, express/slow, express:late], sent: [shipped]}
        - case: as a whole
          world: {express: late}
          expect: {path: [capture, express:late], sent: []}
        """,
        flow=OUTER,
        world=BARE,
        files={"flows/inner.yaml": INNER},
    )

    assert [told(case) for case in result.cases] == [[], []]


BOOM = '''
    from orderloom import Outcome, World, node

    class Bought(Outcome, name="bought"):
        label: str

    @node("buy-label", effects="once")
    def buy_label(world: World) -> Bought:
        """Buy a label."""
        raise AssertionError("the real world was reached")
'''


def test_a_node_with_effects_is_never_called(tmp_path: Path) -> None:
    flow = "flow: small\nsteps:\n  capture: {use: capture}\n  buy: {use: buy-label, after: [capture]}\n"
    files = {"nodes/buy_label/__init__.py": BOOM}

    result = played(
        tmp_path,
        """
        - {case: answered, world: {buy: {label: l1}}, expect: {status: completed, outputs: {buy.label: l1}}}
        - {case: not answered, expect: {status: completed}}
        """,
        flow=flow, world=BARE, files=files,
    )  # fmt: skip

    assert [told(case) for case in result.cases] == [
        [], ["`buy` uses `buy-label`, which has effects, and the case does not say what it answers"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer", ["sent", "{after: 3d, outcome: sent}", "[raises unavailable, {after: 1h, outcome: sent}]"]
)
def test_an_undo_may_take_its_time_too(tmp_path: Path, answer: str) -> None:
    undo = "undo: {use: notify, with: {template: cancelled, to: =capture.order.customer, data: {}}}"
    flow = f"""
        flow: small
        defaults: {{timeout: 30s, retry: 2x 2s..5m}}
        steps:
          capture: {{use: capture}}
          pay:
            use: map
            after: [capture]
            with: {{fields: {{a: 1}}}}
            {undo}
          stop: {{use: map, after: [pay], with: {{fields: {{a: 1}}}}, end: cancelled}}
    """
    case = (
        f"- {{case: c, world: {{undo pay: {answer}}}, expect: {{status: cancelled, undone: [pay], sent: [cancelled]}}}}"
    )

    assert told(one(tmp_path, case, flow=flow, world=BARE)) == []


def test_a_trigger_that_breaks_fails_the_case_and_not_the_command(tmp_path: Path) -> None:
    trigger = """
        from orderloom import Outcome, Payload, node

        class Came(Outcome, name="came"):
            text: str

        @node("read-it", kind="trigger")
        def read_it(payload: Payload) -> Came:
            \"\"\"Read it.\"\"\"
            raise KeyError("no such thing")
    """

    result = one(
        tmp_path, "- {case: c, expect: {status: completed}}", flow="flow: small\nsteps: {capture: {use: read-it}}\n",
        world=BARE, files={"nodes/read_it/__init__.py": trigger},
    )  # fmt: skip

    [miss] = result.misses
    assert "`read-it` broke at" in miss.message
    assert "KeyError: 'no such thing'" in miss.message


def test_an_item_that_is_not_answered_waits(tmp_path: Path) -> None:
    case = "- {case: c, world: {tell: {each: [happened, ~]}}, expect: {status: waiting, waiting: [tell]}}"

    assert told(one(tmp_path, case, flow=EACH, world=BARE)) == []
