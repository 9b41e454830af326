"""The shipped table `fraud-screen` over whole orders: money that is not there, sums in any currency."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom import DecisionTable, Place
from orderloom.model import Money, Order, Party, Payment, PaymentTerms, Risk, Totals
from tests.nodes.making import FLOWS, line, order

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def screened(of: Order) -> Any:
    table = DecisionTable.load_setting("rules/fraud-screen.table.yaml", Place("-"), [FLOWS])
    return table.at(NOW).decide({"order": of})


def sold(amount: str, currency: str = "USD", before: int = 2, **more: Any) -> Order:
    made = order(line("MUG"), customer=Party(orders_count=before))
    return made.model_copy(update={"totals": Totals(grand_total=Money.of(amount, currency)), **more})


@pytest.mark.parametrize("status", ["unpaid", "pending", "partially_paid"])
def test_an_order_that_is_not_paid_goes_to_a_person(status: str) -> None:
    decision = screened(sold("89.50", payment=Payment(status=status)))

    assert (decision.outcome, decision.rows, decision.fields["reasons"]) == ("review", ("r12",), ("not paid yet",))


@pytest.mark.parametrize(
    ("risk", "outcome", "reasons"),
    [
        (Risk(level="high", score=0.9), "review", ("the channel sees a high risk",)),
        (Risk(recommendation="investigate"), "review", ("the channel advises to look at it",)),
        (Risk(level="low", recommendation="cancel"), "block", ("the channel advises to cancel",)),
        (Risk(level="low", recommendation="accept"), "pass", ()),
    ],
)
def test_what_the_channel_thinks_of_an_order_holds_it_with_the_reason(
    risk: Risk, outcome: str, reasons: tuple[str, ...]
) -> None:
    decision = screened(sold("89.50", payment=Payment(status="paid"), risk=risk))

    assert (decision.outcome, tuple(decision.fields["reasons"])) == (outcome, reasons)


@pytest.mark.parametrize("terms", ["cod", "net"])
def test_an_order_that_is_paid_later_by_agreement_goes_on(terms: str) -> None:
    agreed = Payment(status="unpaid", terms=PaymentTerms(type=terms))

    assert screened(sold("89.50", payment=agreed)).outcome == "pass"


@pytest.mark.parametrize("status", ["authorized", "paid"])
def test_money_that_is_there_or_promised_by_the_bank_goes_on(status: str) -> None:
    decision = screened(sold("89.50", payment=Payment(status=status)))

    assert (decision.outcome, decision.why) == ("pass", "r9: total < 3000, orders before >= 1")
    assert str(decision.facts["total"]) == "89.50"


@pytest.mark.parametrize(
    ("amount", "currency", "before", "row"),
    [
        ("100000", "JPY", 0, "r11"),
        ("200000", "JPY", 0, "r10"),
        ("350.000", "KWD", 0, "r10"),
        ("900.00", "EUR", 0, "r10"),
        ("850.00", "EUR", 0, "r11"),
        ("20.00", "AOA", 50, "r13"),
        ("99999999999.00", "USD", 50, "r13"),
        ("-1.00", "USD", 50, "r13"),
        ("20.00", "USD", 10**30, "r9"),
    ],
)
def test_limits_mean_the_same_in_every_currency_and_nothing_is_too_large(
    amount: str, currency: str, before: int, row: str
) -> None:
    assert screened(sold(amount, currency, before)).rows == (row,)
