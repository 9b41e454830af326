"""Money is taken once, whatever the gateway says or does not say; what it says decides what is done next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from orderloom import Later, NodeError
from orderloom.world.errors import ConnectionFailedError
from orderloom_nodes.collect_payment import Paid, Unpaid, collect_payment
from orderloom_nodes.collect_payment.plan import RetryPlan
from tests.nodes.paying import NOON, Till, card, order, taken

PLAN = (timedelta(hours=4), timedelta(days=1))


def collect(till: Till, paying: Any = None, **more: Any) -> Any:
    given = {"order": paying or order(), "world": till.world(), **more}
    return collect_payment(**given)


def test_what_is_due_is_charged_and_noted() -> None:
    till = Till()

    paid = collect(till)

    assert isinstance(paid, Paid)
    assert (paid.payment.status, paid.why) == ("paid", "30.00 USD charged")
    assert till.charges == ["30.00"]
    assert till.noted() == paid.payment


def test_the_same_call_again_charges_nothing_more_and_says_the_same() -> None:
    till = Till()

    first, second = collect(till), collect(till)

    assert first == second
    assert till.charges == ["30.00"]


@pytest.mark.parametrize(
    ("paying", "why"),
    [
        (order(status="paid"), "the channel says that it is paid"),
        (order(status="partially_refunded"), "the channel says that it is partially refunded"),
        (order(taken("t1", "30.00")), "nothing is due"),
        (good := order().model_copy(update={
            "payment": order().payment.model_validate({"status": "unpaid", "terms": {"type": "net", "net_days": 30}})
        }), "on account, 30 days"),
        (good.model_copy(update={
            "payment": order().payment.model_validate({"status": "unpaid", "terms": {"type": "cod"}})
        }), "paid on delivery"),
    ],
)  # fmt: skip
def test_what_is_there_or_comes_later_is_not_charged(paying: Any, why: str) -> None:
    till = Till()

    paid = collect(till, paying)

    assert (type(paid), paid.why) == (Paid, why)
    assert till.charges == []


def test_of_a_part_that_is_paid_only_the_rest_is_charged() -> None:
    till = Till()

    collect(till, order(taken("t1", "12.50"), status="partially_paid"))

    assert till.charges == ["17.50"]


def test_an_authorisation_is_no_money_yet() -> None:
    till = Till()

    collect(till, order(card("4242"), status="authorized"))

    assert till.charges == ["30.00"]


@pytest.mark.parametrize(
    ("last4", "code", "kind"),
    [
        ("9987", "lost_card", "hard"), ("0069", "expired_card", "hard"),
        ("3155", "authentication_required", "authentication_required"),
    ],
)  # fmt: skip
def test_a_hard_decline_and_one_that_asks_the_buyer_are_unpaid_at_once(last4: str, code: str, kind: str) -> None:
    till = Till()

    unpaid = collect(till, order(card(last4)), retry_plan=PLAN)

    assert isinstance(unpaid, Unpaid)
    assert (unpaid.decline_code, unpaid.decline_type) == (code, kind)
    assert unpaid.reason == f"the charge of 30.00 USD failed: {code.replace('_', ' ')}"
    assert till.charges == []
    assert till.noted().status == "failed"


def test_a_soft_decline_is_tried_again_by_plan_until_it_is_paid() -> None:
    till = Till({"7": ["soft", "insufficient_funds", "success"]})

    first = collect(till, retry_plan=PLAN)
    second = collect(till, retry_plan=PLAN, world=till.world(now=first.at, state=first.state))
    paid = collect(till, retry_plan=PLAN, world=till.world(now=second.at, state=second.state))

    assert [type(one) for one in (first, second, paid)] == [Later, Later, Paid]
    assert (first.at, second.at) == (NOON + PLAN[0], NOON + PLAN[0] + PLAN[1])
    assert [(one.attempt, one.status) for one in paid.payment.transactions] == [
        (1, "failure"), (2, "failure"), (3, "success"),
    ]  # fmt: skip
    assert till.charges == ["30.00"]


def test_a_plan_that_is_at_its_end_is_unpaid_with_every_try_noted() -> None:
    till = Till({"7": "soft"})

    later = collect(till, retry_plan=PLAN[:1])
    unpaid = collect(till, retry_plan=PLAN[:1], world=till.world(now=later.at, state=later.state))

    assert isinstance(unpaid, Unpaid)
    assert unpaid.decline_type == "soft"
    assert [one.attempt for one in till.noted().transactions] == [1, 2]
    assert till.charges == []


def test_an_order_that_is_cancelled_meanwhile_is_not_charged_again() -> None:
    till = Till({"7": ["soft", "success"]})
    later = collect(till, retry_plan=PLAN)
    till.book.note(order(cancelled_at=NOON), "cancelled")

    unpaid = collect(till, retry_plan=PLAN, world=till.world(now=later.at, state=later.state))

    assert isinstance(unpaid, Unpaid)
    assert unpaid.reason == "the order is cancelled: nothing is charged any more"
    assert till.charges == []


def test_a_gateway_that_says_nothing_is_asked_what_became_of_the_call_before_it_is_charged_again() -> None:
    till = Till({"7": ["unknown", "success"]})

    with pytest.raises(NodeError, match="asked again before another charge") as failed:
        collect(till)
    paid = collect(till)

    assert failed.value.error_class == "unavailable"
    assert isinstance(paid, Paid)
    assert till.charges == ["30.00"]


def test_money_that_was_taken_without_a_word_is_found_and_not_taken_again() -> None:
    till = Till({"7": "unknown_taken"})

    paid = collect(till)

    assert isinstance(paid, Paid)
    assert till.charges == ["30.00"]


@pytest.mark.parametrize("answer", ["unavailable", "rate_limited"])
def test_a_gateway_that_is_out_of_order_is_a_failure_that_can_be_tried_again(answer: str) -> None:
    till = Till({"7": [answer, "success"]})

    with pytest.raises(ConnectionFailedError) as failed:
        collect(till)
    paid = collect(till)

    assert failed.value.error_class == answer
    assert isinstance(paid, Paid)
    assert till.charges == ["30.00"]


def test_a_dry_run_says_what_it_would_charge_and_charges_nothing() -> None:
    till = Till()

    paid = collect(till, world=replace(till.world(), rehearsal=True))

    assert paid.why == "a dry run: 30.00 USD would be charged"
    assert till.charges == []


@pytest.mark.parametrize("plan", [["4h"] * 15, ["soon"], "4h", ["0x"]])
def test_a_plan_beyond_what_card_networks_allow_or_none_at_all_is_refused(plan: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(RetryPlan).validate_python(plan)
