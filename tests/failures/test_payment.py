"""Failures of payments, 50 to 54: each with the state, the effects and the words that it must end with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderloom import Later, NodeError
from orderloom.model import ExternalRef
from orderloom_nodes.authorize_payment import authorize_payment
from orderloom_nodes.capture_payment import Captured, NotCaptured, capture_payment
from orderloom_nodes.collect_payment import Paid, Unpaid, collect_payment
from orderloom_nodes.collect_payment.plan import RetryTable
from orderloom_nodes.refund import Refused, refund
from tests.nodes.making import FLOWS
from tests.nodes.paying import NOON, Till, order
from tests.nodes.retrying import retry_table


class DiedError(Exception):
    """The process is gone."""


class Dying:
    """A connection whose process is killed at the `at`-th touch: before the call is made, or after it, unheard."""

    def __init__(self, inner: Any, steps: Iterator[int], at: int) -> None:
        self._inner, self._steps, self._at = inner, steps, at

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._wrapped(found) if callable(found) else found

    def _wrapped(self, call: Any) -> Any:
        def touched(*given: Any, **named: Any) -> Any:
            self._die_maybe()
            got = call(*given, **named)
            self._die_maybe()
            return got

        return touched

    def _die_maybe(self) -> None:
        if next(self._steps) == self._at:
            raise DiedError


@pytest.mark.parametrize("at", range(12))
def test_a_process_killed_at_any_step_of_a_charge_leaves_one_charge_when_it_is_called_again(at: int) -> None:
    """Failure 50."""
    till, steps = Till(), iter(range(1000))
    dying = till.world(payments=Dying(till.gateway, steps, at), orders=Dying(till.book, steps, at))
    with contextlib.suppress(DiedError):
        collect_payment(order=order(), world=dying)

    paid = collect_payment(order=order(), world=replace(till.world(), in_doubt=True))

    assert till.noted().status == "paid"
    assert till.charges == ["30.00"]
    assert isinstance(paid, Paid)
    assert paid.why == "30.00 USD charged"


@pytest.mark.parametrize("at", range(20))
def test_a_process_killed_at_any_step_of_a_capture_takes_the_money_once(at: int) -> None:
    """Failure 50, where money was set aside first."""
    till, steps = Till(), iter(range(1000))
    aside = authorize_payment(order=order(), world=till.world("aside"))
    dying = till.world(payments=Dying(till.gateway, steps, at), orders=Dying(till.book, steps, at))
    with contextlib.suppress(DiedError):
        capture_payment(order=aside.order, world=dying)

    taken = capture_payment(order=aside.order, world=replace(till.world(), in_doubt=True))

    assert till.noted().status == "paid"
    assert till.charges == ["30.00"]
    assert isinstance(taken, Captured)
    assert taken.why == "30.00 USD taken"


@pytest.mark.parametrize("taken", [True, False])
def test_a_charge_without_an_answer_is_unknown_never_failed_and_made_once(taken: bool) -> None:
    """Failure 51."""
    till = Till({"7": ["unknown_taken" if taken else "unknown", "success"]})
    deaf = Deaf(till.gateway)
    with pytest.raises(NodeError) as failed:
        collect_payment(order=order(), world=till.world(payments=deaf))
    assert (failed.value.error_class, failed.value.in_doubt) == ("unavailable", True)
    assert [one.status for one in till.noted().transactions] == ["unknown"]
    assert till.noted().status == "pending"
    assert "nobody knows whether it took the money; it is asked again before another charge" in failed.value.message

    paid = collect_payment(order=order(), world=replace(till.world(), in_doubt=True))

    assert isinstance(paid, Paid)
    assert [one.status for one in till.noted().transactions] == ["success"]
    assert till.charges == ["30.00"]


class Deaf:
    """A gateway that answers no question either, just when it is asked about the lost call."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def find(self, _: str) -> None:
        return None


def test_a_soft_decline_waits_for_pay_day_and_stops_when_the_order_is_cancelled() -> None:
    """Failure 52, soft."""
    till = Till({"7": "insufficient_funds"})

    first = collect_payment(order=order(), world=till.world(), table=retry_table())
    till.book.note(order(cancelled_at=NOON), "cancelled")
    stopped = collect_payment(
        order=order(), world=till.world(now=first.at, state=first.state), table=retry_table()
    )

    assert first.at == datetime(2026, 3, 13, 9, tzinfo=UTC)  # the 15th is a Sunday: it is paid on Friday
    assert till.charges == []
    assert isinstance(stopped, Unpaid)
    assert stopped.reason == "the order is cancelled: nothing is charged any more"


@pytest.mark.parametrize(
    ("token", "ask", "code"),
    [("tok_stolen_card", "new_card", "stolen_card"), ("tok_expired_card", "new_card", "expired_card"),
     ("tok_authentication_required", "authenticate", "authentication_required")],
)  # fmt: skip
def test_a_hard_decline_asks_for_another_card_and_the_bank_for_the_buyer(token: str, ask: str, code: str) -> None:
    """Failure 52, hard and authentication."""
    till = Till()
    token_ = ExternalRef(system="test-gateway", type="payment_method", value=token)

    unpaid = collect_payment(order=order(external_refs=(token_,)), world=till.world(), table=retry_table())

    assert isinstance(unpaid, Unpaid)
    assert (unpaid.ask, unpaid.decline_code, unpaid.tries) == (ask, code, 1)
    assert (unpaid.link is not None) == (ask == "authenticate")
    assert till.noted().status == "failed"
    assert till.charges == []
    assert code.replace("_", " ") in unpaid.reason


def test_no_more_than_fifteen_tries_are_made_in_thirty_days_whatever_the_table_says() -> None:
    """Failure 52, the networks' cap."""
    eager: Any = {
        "table": "eager", "hit": "first", "inputs": {"attempt": {"is": "attempt", "type": "number"}},
        "outputs": {"outcome": {"type": "text"}, "after": {"type": "text"}},
        "rows": [{"id": "e1", "attempt": "> 0", "outcome": "retry", "after": "1h"}],
    }  # fmt: skip
    till, table = Till({"7": "soft"}), retry_table(eager)

    got: Any = collect_payment(order=order(), world=till.world(), table=table)
    while isinstance(got, Later):
        got = collect_payment(order=order(), world=till.world(now=got.at, state=got.state), table=table)

    assert isinstance(got, Unpaid)
    assert got.tries == 15
    assert till.shelf.count("payment-call") == 15
    assert "15 tries are made: card networks allow 15 in 30 days" in got.reason


def test_an_authorization_that_is_over_is_made_anew_and_taken_once() -> None:
    """Failure 53, authorised again."""
    till = Till()
    aside = authorize_payment(order=order(), world=till.world("aside"))

    taken = capture_payment(order=aside.order, world=till.world(now=NOON + timedelta(days=8)))

    assert isinstance(taken, Captured)
    assert taken.payment.status == "paid"
    assert till.charges == ["30.00"]
    assert [one.kind for one in taken.payment.transactions] == ["authorization", "authorization", "capture"]
    assert taken.why == "30.00 USD taken"


def test_an_authorization_that_is_over_holds_the_goods_where_that_is_wanted() -> None:
    """Failure 53, held."""
    till = Till()
    aside = authorize_payment(order=order(), world=till.world("aside"))

    kept = capture_payment(order=aside.order, world=till.world(now=NOON + timedelta(days=8)), expired="hold")

    assert isinstance(kept, NotCaptured)
    assert kept.expired
    assert till.charges == []
    assert kept.reason == "30.00 USD is not set aside any more: the authorization ended on 2026-03-09 12:00 UTC"


def test_a_second_click_on_a_refund_gives_nothing_more_and_says_the_sums() -> None:
    """Failure 54, double click and too much."""
    till = Till()
    paid = collect_payment(order=order(), world=till.world())
    refund(till.world("click-1"), payment=paid.payment, order=order())

    again = refund(till.world("click-2"), payment=paid.payment, order=order(), amount=order().totals.grand_total)

    assert isinstance(again, Refused)
    assert again.transactions == ()
    assert till.given_back == "30.00"
    assert again.reason == "30.00 USD is to go back, and of 30.00 USD taken only 0.00 USD is not back yet"


def test_a_disputed_charge_is_not_given_back_and_the_sums_are_told() -> None:
    """Failure 54, a chargeback that only the gateway knows of."""
    till = Till({"7": "disputed"})
    paid = collect_payment(order=order(), world=till.world())

    refused = refund(till.world("back"), payment=paid.payment, order=order())

    assert isinstance(refused, Refused)
    assert refused.transactions == ()
    assert till.given_back == "0"
    assert refused.reason == (
        "the charge is disputed (a chargeback), so the gateway gives nothing of it back: 30.00 USD was to go back, "
        "and of 30.00 USD taken 30.00 USD is not back yet; settle the dispute first"
    )


def test_the_shipped_table_is_one_that_the_node_knows() -> None:
    assert set(retry_table().outcome_words) <= set(RetryTable.words)
    assert (FLOWS / "rules/payment-retry.table.yaml").is_file()
