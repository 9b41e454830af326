"""The node `return-evaluate`: the policy line by line, and refunds that add up to the minor unit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import CallLog, DecisionTable, FixedClock, NodeError, Place, ProblemsError, World
from orderloom.model import (
    Channel,
    Discount,
    Line,
    Money,
    Order,
    Payment,
    Return,
    ReturnLine,
    ShippingLine,
    TaxLine,
    Totals,
    minor_unit,
)
from orderloom_nodes.return_evaluate import return_evaluate
from orderloom_nodes.return_evaluate.policy import PolicyTable
from orderloom_nodes.return_evaluate.refund import shared
from tests.nodes.making import FLOWS
from tests.searching import search

WORLD = World(FixedClock(datetime(2026, 3, 20, 10, tzinfo=UTC)), {})
ALL_BACK: dict[str, Any] = {
    "table": "all-back", "hit": "first",
    "inputs": {"reason": {"is": "line.reason", "type": "text"}},
    "outputs": {"outcome": {"type": "text", "values": ["accept"]}},
    "rows": [{"id": "r1", "outcome": "accept"}],
}


def table(data: Any = "rules/return-policy.table.yaml") -> DecisionTable:
    return PolicyTable.load_setting(data, Place("-"), [FLOWS])


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def sold(line_id: str = "1", quantity: int = 3, price: str = "10.00", **more: Any) -> Line:
    return Line(**{"line_id": line_id, "sku": f"SKU-{line_id}", "quantity": quantity, "unit_price": usd(price), **more})


def order(*lines: Line, **more: Any) -> Order:
    return Order(**{
        "order_id": "api:main:1", "channel": Channel(type="api"), "ordered_at": "2026-03-01T10:00:00Z",
        "currency": "USD", "lines": lines or (sold(),), "totals": Totals(grand_total=usd("1000.00")),
        "payment": Payment(status="paid"), **more,
    })


def back(line_id: str = "1", quantity: int = 1, reason: str = "unwanted", **more: Any) -> ReturnLine:
    return ReturnLine(**{"line_id": line_id, "quantity": quantity, "reason": reason, **more})


def request(*lines: ReturnLine, **more: Any) -> Return:
    return Return(**{
        "return_id": "ret-1", "order_id": "api:main:1", "requested_at": "2026-03-20T10:00:00Z",
        "delivered_at": "2026-03-05T16:00:00Z", "lines": lines or (back(),), **more,
    })


def evaluated(asked: Return, of: Order, by: Any = "rules/return-policy.table.yaml") -> Any:
    return return_evaluate(asked, of, table(by), WORLD)


def test_the_decisions_of_a_call_are_kept_with_row_and_facts() -> None:
    log = CallLog()

    return_evaluate(request(), order(), table().for_call(log), WORLD)

    assert [(one.table, one.rows) for one in log.decisions] == [("return-policy", ("p11",))]
    assert log.decisions[0].facts["days"] == 15


@pytest.mark.parametrize(
    ("delivered", "requested", "zone", "days"),
    [
        ("2026-03-05T16:00:00Z", "2026-04-04T00:00:01Z", None, 30),
        ("2026-03-05T03:00:00Z", "2026-04-03T23:00:00Z", "America/New_York", 30),   # delivered on the 4th there
        ("2026-03-05T16:00:00Z", "2026-03-04T10:00:00Z", None, 0),
        ("2026-03-05T16:00:00Z", "2026-04-04T00:00:01Z", "Atlantis/Capital", 30),
    ],
)
def test_days_are_calendar_days_in_the_orders_own_zone(
    delivered: str, requested: str, zone: str | None, days: int
) -> None:
    log = CallLog()
    asked = request(delivered_at=delivered, requested_at=requested)

    return_evaluate(asked, order(promise={"timezone": zone}), table().for_call(log), WORLD)

    assert log.decisions[0].facts["days"] == days


def test_the_whole_is_the_outcome_that_covers_every_line() -> None:
    lines = (sold("1"), sold("2", final_sale=True), sold("3", quantity=1, price="2000.00"))
    taken, final, dear, broken = back("1"), back("2"), back("3"), back("1", reason="damaged")
    too_small = back("1", reason="too_small", resolution="exchange")

    outcomes = {
        "accept": evaluated(request(taken, final, broken), order(*lines)),
        "reject": evaluated(request(final), order(*lines)),
        "review": evaluated(request(taken, dear), order(*lines)),
        "refund_now": evaluated(request(broken, final), order(*lines)),
        "exchange": evaluated(request(too_small, final), order(*lines)),
    }

    assert {word: result.outcome for word, result in outcomes.items()} == {word: word for word in outcomes}


def test_what_later_steps_go_by_is_without_the_rejected_lines() -> None:
    lines = (sold("1"), sold("2", final_sale=True), sold("3"))

    result = evaluated(request(back("1"), back("2"), back("3", quantity=2)), order(*lines))

    assert result.taken == request(back("1"), back("3", quantity=2))
    assert not hasattr(evaluated(request(back("2")), order(*lines)), "taken")


def test_more_units_than_are_left_are_rejected_with_the_sums() -> None:
    of = order(sold(quantity=5, quantity_cancelled=1, quantity_shipped=4, quantity_returned=2))

    result = evaluated(request(back(quantity=3)), of)

    assert result.outcome == "reject"
    assert result.reasons == ("line 1 (SKU-1): reject, 3 sent back, but of 4 sold 2 are back: 2 left",)


def test_the_same_line_twice_in_one_return_counts_together() -> None:
    result = evaluated(request(back(quantity=2), back(quantity=2)), order(sold(quantity=3)))

    assert [line.decision for line in result.lines] == ["accept", "reject"]
    assert result.refund.amount == usd("20.00")


def test_a_line_that_is_not_in_the_order_is_rejected_with_the_nearest_one() -> None:
    result = evaluated(request(back("mug-12")), order(sold("mug-1"), sold("hat-2")))

    assert "order api:main:1 has no line mug-12; did you mean `mug-1`?" in result.reasons[0]


def test_a_return_of_another_order_is_an_error() -> None:
    with pytest.raises(NodeError, match=r"return ret-1 is for order api:main:2, not api:main:1"):
        evaluated(request(order_id="api:main:2"), order())


@pytest.mark.parametrize("reason", ["unwanted", "damaged"])
def test_money_for_one_line_and_goods_for_another_is_a_review_that_names_both(reason: str) -> None:
    lines = (back("1", reason=reason), back("2", reason="too_small", resolution="exchange"))

    result = evaluated(request(*lines), order(sold("1"), sold("2", price="30.00")))

    word = {"unwanted": "accept", "damaged": "refund_now"}[reason]
    assert (result.outcome, [line.decision for line in result.lines]) == ("review", [word, "exchange"])
    assert result.reasons[-1] == (
        "one answer cannot do both, money for one line and goods for another: "
        f"line 1 (SKU-1) needs {word}, line 2 (SKU-2) needs exchange"
    )
    assert (result.refund.amount, result.exchange_value) == (usd("10.00"), usd("30.00"))


def test_an_exchange_moves_no_money_but_tells_what_was_paid_for_it() -> None:
    result = evaluated(request(back(reason="too_small", resolution="exchange")), order())

    assert (result.outcome, result.refund.amount, result.exchange_value) == ("exchange", usd("0.00"), usd("10.00"))


def test_prices_in_two_currencies_go_to_a_person() -> None:
    result = evaluated(request(), order(sold(discounts=[Discount(amount=Money.of("1.00", "EUR"))])))

    assert (result.outcome, result.refund.amount) == ("review", usd("0.00"))
    assert result.reasons == (
        "line 1 (SKU-1): review, order api:main:1 has amounts in EUR and USD: a refund needs one currency",
    )


def moved(kind: str, amount: Money, status: str = "success") -> dict[str, Any]:
    return {"transaction_id": f"{kind}-{status}", "kind": kind, "status": status, "amount": amount}


@pytest.mark.parametrize("status", ["partially_refunded", "refunded"])
@pytest.mark.parametrize("refunded", [None, "0.00"])
@pytest.mark.parametrize("reason", ["unwanted", "damaged", "too_small"])
def test_a_refund_of_which_nobody_says_how_much_is_never_taken_as_nothing(
    status: str, refunded: str | None, reason: str
) -> None:
    totals = Totals(grand_total=usd("30.00"), refunded=usd(refunded) if refunded else None)
    failed = moved("refund", usd("9.00"), "failure")
    of = order(totals=totals, payment=Payment(status=status, transactions=[failed]))

    result = evaluated(request(back(reason=reason, resolution="exchange")), of)

    assert (result.outcome, result.refund.amount) == ("review", usd("0.00"))
    assert result.reasons[-1].startswith(f"the payment is {status}, and nothing says in USD how much was refunded (")
    assert "30.00 USD paid, 10.00 USD due now" in result.reasons[-1]


def test_a_disputed_payment_is_reviewed_with_the_sums() -> None:
    of = order(totals=Totals(grand_total=usd("30.00")), payment=Payment(status="disputed"))

    result = evaluated(request(back(reason="damaged")), of)

    assert (result.outcome, result.refund.amount, result.refund.withheld) == ("review", usd("0.00"), usd("10.00"))
    assert result.reasons == (
        "line 1 (SKU-1): refund_now, our fault and cheaper than carrying it back [p2]; 10.00 USD would be due",
        (
            "the payment is disputed (a chargeback), so nothing may be given back before that is settled "
            "(order api:main:1, disputed: 30.00 USD paid, 0.00 USD refunded, 10.00 USD due now)"
        ),
    )


def test_what_the_policy_rejects_stays_rejected_whatever_became_of_the_payment() -> None:
    of = order(sold(final_sale=True), payment=Payment(status="disputed"))

    assert evaluated(request(), of).outcome == "reject"


@pytest.mark.parametrize(
    ("transactions", "sums", "refund"),
    [
        ([moved("sale", Money.of("27.60", "EUR"))], {}, ("accept", "10.00")),
        ([moved("sale", Money.of("27.60", "EUR")), moved("refund", Money.of("23.00", "EUR"))],
         {"refunded": "25.00"}, ("accept", "5.00")),
        ([moved("sale", Money.of("27.60", "EUR")), moved("refund", Money.of("23.00", "EUR"))], {}, ("review", "0.00")),
    ],
)
def test_the_buyers_own_currency_gives_way_to_the_sums_of_the_order(
    transactions: list[dict[str, Any]], sums: dict[str, str], refund: tuple[str, str]
) -> None:
    totals = Totals(grand_total=usd("30.00"), **{name: usd(amount) for name, amount in sums.items()})

    result = evaluated(request(), order(totals=totals, payment=Payment(status="paid", transactions=transactions)))

    assert (result.outcome, result.refund.amount) == (refund[0], usd(refund[1]))


@pytest.mark.parametrize("status", ["partially_paid", "authorized"])
def test_money_that_came_in_and_that_no_sum_tells_goes_to_a_person(status: str) -> None:
    payment = Payment(status=status, transactions=[moved("capture", Money.of("27.60", "EUR"))])

    result = evaluated(request(), order(payment=payment))

    assert result.outcome == "review"
    assert f"the payment is {status}, and nothing says in USD how much was paid" in result.reasons[-1]


def test_an_order_that_is_refunded_already_is_reviewed_and_no_reason_contradicts_the_sum() -> None:
    of = order(totals=Totals(grand_total=usd("30.00"), refunded=usd("30.00")), payment=Payment(status="refunded"))

    result = evaluated(request(), of)

    assert (result.outcome, result.refund.amount) == ("review", usd("0.00"))
    assert result.reasons == (
        "line 1 (SKU-1): accept, within 30 days [p11]; 10.00 USD would be due",
        (
            "nothing of what was paid is left to give back "
            "(order api:main:1, refunded: 30.00 USD paid, 30.00 USD refunded, 10.00 USD due now)"
        ),
    )


def test_goods_whose_money_is_refunded_already_are_not_exchanged_unseen() -> None:
    of = order(totals=Totals(grand_total=usd("30.00"), refunded=usd("30.00")), payment=Payment(status="refunded"))

    result = evaluated(request(back(reason="too_small", resolution="exchange")), of)

    assert result.outcome == "review"
    assert "what was paid is refunded already, and goods are to be exchanged" in result.reasons[-1]


@pytest.mark.parametrize(
    ("price", "currency", "outcome", "row"),
    [
        ("19.99", "USD", "refund_now", "p2"),
        ("17.00", "EUR", "refund_now", "p2"),
        ("18.00", "EUR", "accept", "p4"),
        ("1000", "JPY", "refund_now", "p2"),
        ("50000", "JPY", "accept", "p4"),
        ("19.000", "KWD", "accept", "p4"),
        ("19.99", "AOA", "review", "p15"),
        ("999999999999.99", "USD", "review", "p15"),
    ],
)
def test_the_limits_of_the_policy_mean_the_same_in_every_currency(
    price: str, currency: str, outcome: str, row: str
) -> None:
    line = sold(unit_price=Money.of(price, currency))
    of = order(line, currency=currency, totals=Totals(grand_total=Money.of("9999999999999", currency)))

    result = evaluated(request(back(reason="damaged")), of)

    assert (result.outcome, result.lines[0].row) == (outcome, row)


@search(100)
@given(st.integers(0, 10**30), st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.integers(0, 10**12))
def test_no_history_however_long_stops_the_policy(returns: int, delivered: datetime, cents: int) -> None:
    price = Money(amount=cents * minor_unit("USD"), currency="USD")
    asked = request(delivered_at=delivered.replace(tzinfo=UTC), history={"returns_12m": returns})

    assert evaluated(asked, order(sold(unit_price=price))).outcome in {"accept", "review", "reject"}


def test_the_value_in_dollars_keeps_its_digits() -> None:
    log = CallLog()

    return_evaluate(request(), order(sold(price="89.50")), table().for_call(log), WORLD)

    assert str(log.decisions[0].facts["value"]) == "89.50"


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
def test_the_refund_tells_the_digits_of_its_currency(currency: str, digits: int) -> None:
    price = Money.of("10", currency)
    of = order(sold(unit_price=price), currency=currency, totals=Totals(grand_total=price))

    assert evaluated(request(), of).refund.minor_digits == digits


def test_the_refund_never_goes_beyond_what_was_paid_less_what_is_refunded() -> None:
    totals = Totals(grand_total=usd("30.00"), refunded=usd("25.00"))

    result = evaluated(request(back(quantity=2)), order(totals=totals), ALL_BACK)

    assert (result.outcome, result.refund.amount, result.refund.withheld) == ("accept", usd("5.00"), usd("15.00"))
    assert result.reasons[0].endswith("; 20.00 USD is due")
    assert result.reasons[-1] == "15.00 USD is withheld: only 5.00 USD of what was paid is not refunded yet"


def test_a_refund_that_may_have_gone_out_counts_as_gone() -> None:
    moved = [
        {"transaction_id": "t1", "kind": "capture", "status": "success", "amount": usd("30.00")},
        {"transaction_id": "t2", "kind": "refund", "status": "unknown", "amount": usd("30.00")},
    ]

    result = evaluated(request(), order(payment=Payment(status="paid", transactions=moved)), ALL_BACK)

    assert (result.outcome, result.refund.amount) == ("review", usd("0.00"))


def test_an_order_that_was_never_paid_gives_nothing_back() -> None:
    result = evaluated(request(), order(payment=Payment(status="authorized")), ALL_BACK)

    assert (result.outcome, result.refund.amount) == ("review", usd("0.00"))
    assert "0.00 USD paid" in result.reasons[-1]


def test_the_orders_own_discount_and_tax_are_shared_by_the_prices() -> None:
    of = order(
        sold("1", 1, "30.00"), sold("2", 1, "10.00"),
        discounts=[Discount(code="TEN", amount=usd("4.00"))], taxes=[TaxLine(amount=usd("3.60"))],
    )

    refund = evaluated(request(back("2")), of, ALL_BACK).refund

    assert (refund.items, refund.tax) == (usd("9.00"), usd("0.90"))


def test_what_a_line_states_itself_is_not_shared_again() -> None:
    of = order(
        sold("1", 1, "30.00", discounts=[Discount(amount=usd("4.00"))], taxes=[TaxLine(amount=usd("2.60"))]),
        sold("2", 1, "10.00"),
        discounts=[Discount(code="FOUR", amount=usd("4.00"))], taxes=[TaxLine(amount=usd("2.60"))],
    )

    refund = evaluated(request(back("2")), of, ALL_BACK).refund

    assert (refund.items, refund.tax) == (usd("10.00"), usd("0.00"))


def test_taxes_that_the_prices_hold_are_told_apart_and_paid_once() -> None:
    of = order(sold("1", 1, "12.00", taxes=[TaxLine(amount=usd("2.00"))]), sold("2"), taxes_included=True)

    refund = evaluated(request(back("1")), of, ALL_BACK).refund

    assert (refund.items, refund.tax, refund.amount) == (usd("10.00"), usd("2.00"), usd("12.00"))


def test_shipping_goes_back_with_the_last_unit_unless_the_row_keeps_it() -> None:
    carried = ShippingLine(price=usd("4.99"))
    of = order(sold(quantity=2, quantity_shipped=2, quantity_returned=1), shipping_lines=[carried])

    assert evaluated(request(), of, ALL_BACK).refund.shipping == usd("4.99")
    assert evaluated(request(), of).refund.shipping == usd("0.00")      # p11: within 30 days, shipping is kept


def test_a_policy_whose_words_no_return_line_can_have_is_found_before_a_run() -> None:
    outcome = {"type": "text", "values": ["acept"]}
    broken = ALL_BACK | {"outputs": {"outcome": outcome}, "rows": [{"id": "r1", "outcome": "acept"}]}

    with pytest.raises(ProblemsError) as refusal:
        table(broken)

    assert [(problem.code, problem.help) for problem in refusal.value.problems] == [("N311", "did you mean `accept`?")]


def test_a_policy_that_lists_rows_is_found_before_a_run() -> None:
    with pytest.raises(ProblemsError, match="gives several rows for a line"):
        table(ALL_BACK | {"hit": "rule order"})


def test_a_fee_beyond_a_hundred_percent_is_an_error() -> None:
    dear = ALL_BACK | {
        "outputs": {"outcome": {"type": "text", "values": ["accept"]}, "fee": {"type": "number"}},
        "rows": [{"id": "r1", "outcome": "accept", "fee": 150}],
    }

    with pytest.raises(NodeError, match="row r1 of table all-back keeps 150 percent: a fee is 0 to 100"):
        evaluated(request(), order(), dear)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_shares_always_add_up_and_none_is_a_whole_unit_off(sum_: int, weights: list[int]) -> None:
    parts = shared(sum_, weights)

    assert sum(parts) == sum_
    if total := sum(weights):
        assert all(abs(part * total - sum_ * weight) < total for part, weight in zip(parts, weights, strict=True))


@st.composite
def sales(draw: st.DrawFn) -> Order:
    """Orders in currencies of 0, 2 and 3 digits, with discounts and taxes on lines, on the order, and on shipping."""
    currency = draw(st.sampled_from(["JPY", "USD", "KWD"]))

    def money(most: int) -> Money:
        return Money(amount=draw(st.integers(0, most)) * minor_unit(currency), currency=currency)

    lines = [
        Line(
            line_id=str(number), quantity=draw(st.integers(1, 7)), unit_price=money(50_000),
            discounts=[Discount(amount=money(9_000))] if draw(st.booleans()) else [],
            taxes=[TaxLine(amount=money(9_000))] if draw(st.booleans()) else [],
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    shipping = [ShippingLine(price=money(2_000), taxes=[TaxLine(amount=money(300))])] if draw(st.booleans()) else []
    discounts = [Discount(amount=money(20_000))] if draw(st.booleans()) else []
    taxes = [TaxLine(amount=money(30_000))] if draw(st.booleans()) else []
    paid = Money(amount=10**9 * minor_unit(currency), currency=currency)
    return order(
        *lines, currency=currency, shipping_lines=shipping, discounts=discounts, taxes=taxes,
        taxes_included=draw(st.booleans()), totals=Totals(grand_total=paid),
    )


def after(of: Order, gone: dict[str, int]) -> Order:
    """The order once these units are back."""
    lines = [
        line.model_copy(update={"quantity_shipped": line.quantity, "quantity_returned": gone[line.line_id]})
        for line in of.lines
    ]
    return of.model_copy(update={"lines": tuple(lines)})


@search(60)
@given(sales(), st.data())
def test_any_sequence_of_returns_gives_back_the_same_as_all_at_once(of: Order, data: st.DataObject) -> None:
    policy = table(ALL_BACK)
    gone = dict.fromkeys((line.line_id for line in of.lines), 0)
    whole = return_evaluate(
        request(*(back(line.line_id, line.quantity) for line in of.lines)), after(of, gone), policy, WORLD
    ).refund

    units = data.draw(st.permutations([line.line_id for line in of.lines for _ in range(line.quantity)]))
    parts = []
    while units:
        taken, units = units[: (size := data.draw(st.integers(1, len(units))))], units[size:]
        asked = request(*(back(line_id, taken.count(line_id)) for line_id in dict.fromkeys(taken)))
        parts.append(return_evaluate(asked, after(of, gone), policy, WORLD).refund)
        for line_id in taken:
            gone[line_id] += 1

    nothing = Money.zero(of.currency)
    for part in ("items", "tax", "shipping", "amount"):
        assert sum((getattr(refund, part) for refund in parts), nothing) == getattr(whole, part)
    assert all(refund.amount.is_whole and refund.amount >= nothing for refund in parts)


@search(40)
@given(sales(), st.integers(0, 200_000), st.integers(0, 100))
def test_a_refund_never_exceeds_what_is_left_of_the_payment(of: Order, left: int, fee: int) -> None:
    dear = ALL_BACK | {
        "outputs": {"outcome": {"type": "text", "values": ["accept"]}, "fee": {"type": "number"}},
        "rows": [{"id": "r1", "outcome": "accept", "fee": fee}],
    }
    paid = Money(amount=left * minor_unit(of.currency), currency=of.currency)
    of = of.model_copy(update={"totals": Totals(grand_total=paid)})

    refund = evaluated(request(*(back(line.line_id, line.quantity) for line in of.lines)), of, dear).refund

    assert Money.zero(of.currency) <= refund.amount <= paid
    assert refund.amount.is_whole
    gross = refund.items + refund.tax + refund.shipping + refund.fees
    assert refund.amount == gross - refund.restocking_fee - refund.withheld


def test_the_shipped_table_gives_its_reason_row_and_place() -> None:
    result = evaluated(request(back(reason="defective")), order(sold(price="120.00")))

    assert result.reasons == ("line 1 (SKU-1): accept, our fault [p4]; 120.00 USD goes back",)
    assert result.facility == "nearest"
