"""Gift cards pay first and get back what came from them; their balances always add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import NodeError
from orderloom.model import Money, Transaction
from orderloom.world.gift_cards import GiftCardBook
from orderloom.world.shelf import Shelf
from orderloom_nodes.collect_payment import Paid, Unpaid, collect_payment
from orderloom_nodes.refund import Refunded, refund
from orderloom_nodes.refund.allocate import Prefer, allocate
from orderloom_nodes.refund.sums import Wanted
from tests.nodes.orders import usd
from tests.nodes.paying import Till, order, taken
from tests.searching import search


def test_a_gift_card_pays_as_much_as_it_holds_and_the_card_the_rest() -> None:
    till = Till(cards={"GC-A": usd("12.50")})

    paid = collect_payment(order=order(), world=till.world(), gift_cards=["GC-A"])

    assert isinstance(paid, Paid)
    assert paid.why == "12.50 USD by gift card and 17.50 USD charged"
    assert (till.charges, till.cards.balance("GC-A")) == (["17.50"], usd("0.00"))


def test_gift_cards_that_hold_enough_leave_the_card_alone() -> None:
    till = Till(cards={"GC-A": usd("10.00"), "GC-B": usd("50.00")})

    paid = collect_payment(order=order(), world=till.world(), gift_cards=["GC-A", "GC-B"])

    assert paid.payment.status == "paid"
    assert (till.charges, till.cards.balance("GC-B")) == ([], usd("30.00"))


def test_the_same_call_again_takes_nothing_more_off_a_card() -> None:
    till = Till(cards={"GC-A": usd("12.50")})

    first = collect_payment(order=order(), world=till.world(), gift_cards=["GC-A"])
    second = collect_payment(order=order(), world=till.world(), gift_cards=["GC-A"])

    assert first == second
    assert (till.charges, till.cards.balance("GC-A")) == (["17.50"], usd("0.00"))


def test_what_a_gift_card_paid_is_in_the_payment_where_the_rest_is_declined_so_that_it_can_go_back() -> None:
    till = Till({"7": "stolen_card"}, cards={"GC-A": usd("12.50")})

    unpaid = collect_payment(order=order(), world=till.world(), gift_cards=["GC-A"])
    assert isinstance(unpaid, Unpaid)
    back = refund(till.world("undo"), payment=unpaid.payment, order=order())

    assert isinstance(back, Refunded)
    assert (back.amount, till.cards.balance("GC-A")) == (usd("12.50"), usd("12.50"))


def test_a_second_charge_with_another_card_asks_only_for_what_the_gift_card_left() -> None:
    till = Till({"7": ["stolen_card", "success"]}, cards={"GC-A": usd("12.50")})
    collect_payment(order=order(), world=till.world(), gift_cards=["GC-A"])

    paid = collect_payment(order=order(), world=till.world("new-card"))

    assert isinstance(paid, Paid)
    assert till.charges == ["17.50"]


def test_a_code_that_nobody_gave_out_is_an_error_before_anything_is_charged() -> None:
    till = Till()

    with pytest.raises(NodeError, match="nobody issued: ask the customer"):
        collect_payment(order=order(), world=till.world(), gift_cards=["GC-NONE"])
    assert till.charges == []


@pytest.mark.parametrize(
    ("prefer", "on_card"), [("gift_cards_first", "12.50"), ("gift_cards_last", "2.50"), ("largest", "2.50")]
)
def test_a_part_goes_back_to_the_gift_card_first_or_last_as_the_shop_wants(prefer: Prefer, on_card: str) -> None:
    till = Till(cards={"GC-A": usd("12.50")})
    paid = collect_payment(order=order(), world=till.world(), gift_cards=["GC-A"])

    refund(till.world("back"), payment=paid.payment, order=order(), amount=usd("20.00"), prefer=prefer)

    assert till.cards.balance("GC-A") == usd(on_card)
    assert till.given_back == str(Decimal("20.00") - Decimal(on_card))


def test_store_credit_is_a_new_card_and_the_money_stays_where_it_is() -> None:
    till = Till()
    paid = collect_payment(order=order(), world=till.world())

    credit = refund(till.world("back"), payment=paid.payment, order=order(), amount=usd("9.01"), method="store_credit")
    again = refund(till.world("back"), payment=paid.payment, order=order(), amount=usd("9.01"), method="store_credit")

    assert isinstance(credit, Refunded)
    assert credit == again
    assert (till.cards.balance(credit.card_code or ""), till.given_back) == (usd("9.01"), "0")


def test_store_credit_counts_as_given_back() -> None:
    till = Till()
    paid = collect_payment(order=order(), world=till.world())
    refund(till.world("one"), payment=paid.payment, order=order(), amount=usd("20.00"), method="store_credit")

    rest = refund(till.world("two"), payment=paid.payment, order=order())

    assert rest.amount == usd("10.00")


def captures(parts: list[tuple[int, bool]]) -> tuple[Transaction, ...]:
    return tuple(
        taken(f"t{number}", f"{Decimal(cents).scaleb(-2)}", method="gift_card" if gift else "card")
        for number, (cents, gift) in enumerate(parts)
    )


@search(100)
@given(
    parts=st.lists(st.tuples(st.integers(1, 9_999), st.booleans()), min_size=1, max_size=6),
    cuts=st.lists(st.integers(1, 9_999), max_size=8),
    prefer=st.sampled_from(["largest", "oldest", "newest", "gift_cards_first", "gift_cards_last"]),
)
def test_partial_refunds_over_several_payments_never_exceed_one_and_together_are_all_that_was_paid(
    parts: list[tuple[int, bool]], cuts: list[int], prefer: Prefer
) -> None:
    paid, back = captures(parts), ()
    whole = sum(cents for cents, _ in parts)
    for cut in [*cuts, None]:
        left = whole - sum(int(one.amount.amount * 100) for one in back)
        cents = left if cut is None else min(cut, left)
        plan = allocate(Wanted(usd(f"{Decimal(cents).scaleb(-2)}"), paid, back), (), prefer)
        assert plan.refused is None
        back = (*back, *(
            taken(f"r{len(back)}-{share.transaction_id}", str(share.amount.amount), kind="refund",
                  parent_id=share.transaction_id)
            for share in plan.allocations
        ))  # fmt: skip

    by_capture = {
        one.transaction_id: sum(r.amount.amount for r in back if r.parent_id == one.transaction_id) for one in paid
    }
    assert by_capture == {one.transaction_id: one.amount.amount for one in paid}


@search(100)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["issue", "redeem", "refund", "again"]), st.integers(0, 4), st.integers(1, 99)),
        max_size=30,
    )
)
def test_the_balances_of_all_cards_are_always_what_was_issued_less_what_is_redeemed(
    steps: list[tuple[str, int, int]],
) -> None:
    book, codes, redeemed, done = GiftCardBook(Shelf()), [], [], []
    for number, (what, which, amount) in enumerate(steps):
        key = f"k{number}" if what != "again" or not done else done[-1].idempotency_key
        money = usd(f"{amount}.00")
        if what == "issue":
            done.append(book.issue(money, key, "o"))
            codes.append(book.code_of(done[-1].transaction_id))
        elif what == "redeem" and codes:
            done.append(book.redeem(codes[which % len(codes)], money, key))
            redeemed += [done[-1]] if done[-1].status == "success" else []
        elif what == "refund" and redeemed:
            done.append(book.refund(redeemed[which % len(redeemed)].transaction_id, money, key))
        elif what == "again" and done:
            assert book.find(key) == done[-1]

    sums = {"issue": Decimal(0), "sale": Decimal(0), "back": Decimal(0)}
    for one in done:
        if one.status == "success":
            sums["sale" if one.kind == "sale" else "back" if one.parent_id else "issue"] += one.amount.amount
    balances = [book.balance(code) or Money.zero("USD") for code in codes]
    assert sum((one.amount for one in balances), Decimal(0)) == sums["issue"] - sums["sale"] + sums["back"]
    assert all(one.amount >= 0 for one in balances)
