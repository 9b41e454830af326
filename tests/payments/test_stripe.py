"""Stripe as the gateway: each charge once, in the units it counts, whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import NodeError, World
from orderloom.model import ExternalRef, Money, Order
from orderloom.world.connections import read_connections
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.stripe import Stripe
from orderloom.world.stripe.amounts import digits, from_stripe, to_stripe
from orderloom.world.stripe.declines import kind_of
from orderloom_nodes.authorize_payment import authorize_payment
from orderloom_nodes.capture_payment import Captured, capture_payment
from orderloom_nodes.collect_payment import Paid, Unpaid, collect_payment
from orderloom_nodes.refund import Refunded, Refused, refund
from orderloom_nodes.void_payment import Voided, void_payment
from tests.nodes.orders import usd
from tests.nodes.paying import Till, order
from tests.payments.stripe_fake import KEY, FakeStripe
from tests.shops.faults import Faulty
from tests.world.serving import serving

VISA = "pm_card_visa"
Opening = Callable[..., Any]


def paying(method: str = VISA, **more: Any) -> Order:
    ref = ExternalRef(system="stripe", type="payment_method", value=method)
    return order(external_refs=(ref,), **more)


@pytest.fixture
def open_stripe(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """A connection of type stripe as connections.yaml gives it, to a fake on loopback, with faults."""

    @contextmanager
    def opened(*faults: str, **told: Any) -> Iterator[tuple[FakeStripe, Till, Stripe]]:
        fake = FakeStripe(shared / "data/payments/stripe_fixtures3.json", **told)
        monkeypatch.setenv("STRIPE_SECRET_KEY", KEY)
        with serving(Faulty(fake, list(faults))) as served:
            file = tmp_path / "connections.yaml"
            page = "https://shop.example.com/pay"
            file.write_text(
                f"payments: {{type: stripe, key: {{env: STRIPE_SECRET_KEY}}, base: '{served.base}', private: true,\n"
                f"  link: '{page}', timeout_s: 5}}\n"
            )
            gateway: Any = read_connections(file, tmp_path)["payments"]
            yield fake, Till(), gateway

    return opened


def world(till: Till, stripe: Stripe, key: str = "call", **more: Any) -> World:
    return till.world(key, payments=stripe, **more)


def test_an_order_is_charged_once_however_often_it_is_asked(open_stripe: Opening) -> None:
    with open_stripe() as (fake, till, stripe):
        first = collect_payment(order=paying(), world=world(till, stripe))
        second = collect_payment(order=paying(), world=world(till, stripe))

    assert isinstance(first, Paid)
    assert first == second
    assert fake.moved == [("usd", 3000)]
    assert first.transaction is not None
    assert first.transaction.card is not None
    assert (first.transaction.gateway, first.transaction.card.last4) == ("stripe", "4242")


@pytest.mark.parametrize(
    ("method", "code", "kind", "ask"),
    [
        ("pm_card_visa_chargeDeclined", "generic_decline", "soft", None),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "soft", None),
        ("pm_card_visa_chargeDeclinedLostCard", "lost_card", "hard", "new_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "hard", "new_card"),
        ("pm_card_authenticationRequired", "authentication_required", "authentication_required", "authenticate"),
    ],
)
def test_a_decline_is_told_with_the_banks_code_and_what_the_buyer_can_do(
    open_stripe: Opening, method: str, code: str, kind: str, ask: str | None
) -> None:
    with open_stripe() as (fake, till, stripe):
        unpaid = collect_payment(order=paying(method), world=world(till, stripe))

    assert isinstance(unpaid, Unpaid)
    assert (unpaid.decline_code, unpaid.decline_type, unpaid.ask) == (code, kind, ask)
    assert fake.moved == []
    if ask == "authenticate":
        assert unpaid.link == f"https://shop.example.com/pay?payment_intent=pi_{1:024d}"


@pytest.mark.parametrize("fault", ["lost", "garbled", "cut", "503"])
def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_charged_twice(open_stripe: Opening, fault: str) -> None:
    with open_stripe(fault) as (fake, till, stripe):
        try:
            paid: Any = collect_payment(order=paying(), world=world(till, stripe))
        except (NodeError, ConnectionFailedError):
            paid = collect_payment(order=paying(), world=replace(world(till, stripe), in_doubt=True))

    assert isinstance(paid, Paid)
    assert fake.moved == [("usd", 3000)]


def test_a_call_is_found_by_its_key_among_many_and_one_that_was_never_made_is_not(open_stripe: Opening) -> None:
    with open_stripe() as (_, _, stripe):
        made = [stripe.collect(paying(), usd("1.00"), f"k{number}") for number in range(5)]

        assert stripe.find("k0") == made[0]
        assert stripe.find("never") is None


def test_money_is_set_aside_captured_in_parts_and_the_rest_given_up(open_stripe: Opening) -> None:
    with open_stripe() as (fake, till, stripe):
        aside = authorize_payment(order=paying(), world=world(till, stripe, "aside"))
        part = capture_payment(order=aside.order, amount=usd("10.00"), world=world(till, stripe, "one"))
        rest = void_payment(order=part.order, world=world(till, stripe, "undo"))

    assert aside.why == "30.00 USD set aside until 2026-03-09 12:00 UTC"
    assert isinstance(part, Captured)
    assert isinstance(rest, Voided)
    assert fake.moved == [("usd", 1000)]
    assert rest.amount == usd("20.00")


def test_a_card_that_captures_once_has_the_rest_set_aside_anew(open_stripe: Opening) -> None:
    with open_stripe(multicapture=False) as (fake, till, stripe):
        aside = authorize_payment(order=paying(), world=world(till, stripe, "aside"))
        capture_payment(order=aside.order, amount=usd("10.00"), world=world(till, stripe, "one"))
        rest = capture_payment(order=aside.order, amount=usd("20.00"), world=world(till, stripe, "two"))

    assert isinstance(rest, Captured)
    assert (rest.payment.status, fake.moved) == ("paid", [("usd", 1000), ("usd", 2000)])


def test_a_capture_whose_answer_is_lost_is_found(open_stripe: Opening) -> None:
    with open_stripe("", "lost") as (fake, till, stripe):
        aside = authorize_payment(order=paying(), world=world(till, stripe, "aside"))
        try:
            done: Any = capture_payment(order=aside.order, world=world(till, stripe, "one"))
        except (NodeError, ConnectionFailedError):
            done = capture_payment(order=aside.order, world=replace(world(till, stripe, "one"), in_doubt=True))

    assert isinstance(done, Captured)
    assert fake.moved == [("usd", 3000)]


def test_refunds_go_back_to_the_charge_never_beyond_it(open_stripe: Opening) -> None:
    with open_stripe() as (fake, till, stripe):
        paid = collect_payment(order=paying(), world=world(till, stripe))
        part = refund(world(till, stripe, "one"), payment=paid.payment, order=paying(), amount=usd("10.00"))
        again = refund(world(till, stripe, "one"), payment=paid.payment, order=paying(), amount=usd("10.00"))
        more = refund(world(till, stripe, "two"), payment=paid.payment, order=paying(), amount=usd("25.00"))

    assert isinstance(part, Refunded)
    assert part.transactions == again.transactions
    assert isinstance(more, Refused)
    assert fake.moved == [("usd", 3000), ("usd", -1000)]


def test_a_charge_that_is_disputed_at_stripe_is_not_given_back_and_the_sums_are_told(open_stripe: Opening) -> None:
    with open_stripe(disputed=True) as (fake, till, stripe):
        paid = collect_payment(order=paying(), world=world(till, stripe))
        refused = refund(world(till, stripe, "one"), payment=paid.payment, order=paying())

    assert isinstance(refused, Refused)
    assert "disputed (a chargeback)" in refused.reason
    assert "of 30.00 USD taken 30.00 USD is not back yet" in refused.reason
    assert fake.moved == [("usd", 3000)]


def test_a_key_that_stripe_does_not_know_is_refused_and_never_shown(
    open_stripe: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_stripe() as (_, _, stripe):
        monkeypatch.setattr("tests.payments.stripe_fake.KEY", "another")
        with pytest.raises(ConnectionFailedError) as failed:
            stripe.collect(paying(), usd("1.00"), "k")

    assert failed.value.error_class == "refused"
    assert KEY not in str(failed.value)


def test_the_probe_says_whether_real_money_moves(open_stripe: Opening) -> None:
    with open_stripe() as (_, _, stripe):
        assert stripe.probe() == "Stripe takes the key: test mode, no money moves"


def test_an_order_that_says_nothing_of_how_it_is_paid_asks_nothing_of_stripe(open_stripe: Opening) -> None:
    with open_stripe() as (fake, till, stripe):
        with pytest.raises(ConnectionFailedError, match="bears no payment method"):
            collect_payment(order=order(), world=world(till, stripe))
        assert fake.intents == {}


def test_a_charge_that_the_buyer_finished_at_the_bank_is_found_and_not_made_again(open_stripe: Opening) -> None:
    with open_stripe() as (fake, till, stripe):
        asked = paying("pm_card_authenticationRequired")
        collect_payment(order=asked, world=world(till, stripe))
        [intent] = fake.intents.values()
        intent |= {"status": "succeeded", "amount_received": 3000}
        fake.moved.append(("usd", 3000))
        paid = collect_payment(order=asked, world=world(till, stripe, "again"), payment_method=VISA)

    assert isinstance(paid, Paid)
    assert fake.moved == [("usd", 3000)]
    assert till.noted().status == "paid"


def test_another_card_that_the_buyer_gave_is_charged(open_stripe: Opening) -> None:
    with open_stripe() as (fake, till, stripe):
        lost = paying("pm_card_visa_chargeDeclinedLostCard")
        collect_payment(order=lost, world=world(till, stripe))
        paid = collect_payment(order=lost, world=world(till, stripe, "again"), payment_method=VISA)

    assert isinstance(paid, Paid)
    assert fake.moved == [("usd", 3000)]


# what Stripe counts in


@pytest.mark.parametrize(
    ("amount", "currency", "counted"),
    [("10.99", "USD", 1099), ("735", "JPY", 735), ("7.350", "KWD", 7350), ("500", "ISK", 50000), ("12", "UGX", 1200),
     ("3", "MGA", 3)],
)  # fmt: skip
def test_sums_are_told_in_the_units_that_stripe_counts(amount: str, currency: str, counted: int) -> None:
    assert to_stripe(Money.of(amount, currency)) == counted
    assert from_stripe(counted, currency.lower()).amount == Money.of(amount, currency).amount


@pytest.mark.parametrize(
    ("amount", "currency", "why"),
    [("7.355", "KWD", "the last of its three decimals has to be 0"), ("0.005", "USD", "counts USD in larger units"),
     ("0.50", "MGA", "counts MGA in larger units")],
)  # fmt: skip
def test_a_sum_that_stripe_cannot_move_is_refused_before_it_is_asked(amount: str, currency: str, why: str) -> None:
    with pytest.raises(ConnectionFailedError, match=why):
        to_stripe(Money.of(amount, currency))


@given(
    minor=st.integers(0, 10**9),
    currency=st.sampled_from(["USD", "EUR", "JPY", "KWD", "BHD", "KRW", "CLP", "VND", "HUF"]),
)
def test_what_is_told_to_stripe_and_back_is_always_the_same_sum(minor: int, currency: str) -> None:
    counted = minor * 10 if digits(currency) == 3 else minor

    assert to_stripe(from_stripe(counted, currency)) == counted


def test_the_networks_advice_stands_before_the_code() -> None:
    assert kind_of({"decline_code": "generic_decline", "advice_code": "do_not_try_again"}) == "hard"
    assert kind_of({"decline_code": "lost_card", "advice_code": "try_again_later"}) == "soft"


def test_a_card_that_is_never_to_be_tried_again_is_not_tried_again() -> None:
    assert kind_of({"code": "card_declined", "decline_code": "do_not_try_again"}) == "hard"
