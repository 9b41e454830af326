"""What holds of `validate` for every order there can be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.model import Address, Discount, Line, Money, Order, Party, ShippingLine, TaxLine, Totals
from orderloom_nodes.validate import Fixable, Rejected, Valid, validate
from orderloom_nodes.validate.contacts import _validated, normal_email
from orderloom_nodes.validate.texts import clean, fold

ODD = st.text(alphabet=st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    ["", " ", "\u202e", "\x00", "A" * 301]
)
CODES = st.sampled_from(
    ["", "US", "CA", "NL", "BR", "JP", "GB", "IE", "HK", "CN", "KR", "UK", "XX", "ZZ", "DE", "SE", "LV"]
)
AMOUNTS = st.decimals("-999999999999999", "999999999999999", places=2) | st.sampled_from(
    [Decimal("999999999999999.999999"), Decimal(0), Decimal("0.000001"), Decimal("1E+3")]
)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "CLF"])


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


MONEY = st.builds(Money, amount=AMOUNTS, currency=st.just("USD")) | st.builds(
    Money, amount=AMOUNTS, currency=CURRENCIES
)
DISCOUNTS = st.lists(st.builds(Discount, amount=MONEY), max_size=2).map(tuple)
TAXES = st.lists(st.builds(TaxLine, amount=MONEY, included=some(st.booleans())), max_size=2).map(tuple)
ADDRESSES = st.builds(
    Address,
    name=some(ODD),
    company=some(ODD),
    address_lines=st.lists(ODD, max_size=5).map(tuple),
    city=some(ODD),
    region_code=some(ODD | st.sampled_from(["CA", "Kentucky", "JP-13", "SP"])),
    region_name=some(ODD),
    postal_code=some(ODD | st.from_regex(r"\A[A-Za-z0-9 -]{1,10}\Z")),
    country_code=CODES,
    phone=some(ODD),
    email=some(ODD),
)
LINES = st.lists(
    st.builds(
        Line,
        line_id=st.uuids().map(str), sku=ODD.filter(lambda text: len(text) <= 255), title=some(ODD),
        quantity=st.integers(1, 1_000_000), unit_price=MONEY, discounts=DISCOUNTS, taxes=TAXES, line_total=some(MONEY),
        requires_shipping=st.booleans(), gift_card=st.booleans(),
    ),
    min_size=1, max_size=3,
).map(tuple)
ORDERS = st.builds(
    Order,
    order_id=st.just("x:1"), channel=st.sampled_from([{"type": "shopify"}, {"type": "in_store"}]),
    ordered_at=st.just("2026-03-01T09:00:00Z"), currency=CURRENCIES, taxes_included=st.booleans(),
    customer=some(st.builds(Party, first_name=some(ODD), email=some(ODD | st.emails()), phone=some(ODD))),
    shipping_address=some(ADDRESSES), billing_address=some(ADDRESSES), lines=LINES, discounts=DISCOUNTS, taxes=TAXES,
    shipping_lines=st.lists(st.builds(ShippingLine, price=MONEY, discounts=DISCOUNTS), max_size=2).map(tuple),
    totals=st.builds(Totals, grand_total=MONEY, discount=some(MONEY), tax=some(MONEY), subtotal=some(MONEY)),
    payment=st.just({"status": "paid"}),
)


@given(ORDERS)
@settings(max_examples=150, deadline=None)
def test_validate_answers_for_every_order(order: Order) -> None:
    assert isinstance(validate(order), (Valid, Fixable, Rejected))


@given(ORDERS)
@settings(max_examples=150, deadline=None)
def test_normalising_twice_is_normalising_once(order: Order) -> None:
    first = validate(order)
    if isinstance(first, Rejected):
        return

    second = validate(first.order)

    assert not isinstance(second, Rejected)
    assert second.order == first.order


@given(ORDERS)
@settings(max_examples=100, deadline=None)
def test_the_normal_form_is_an_order_like_any_other(order: Order) -> None:
    result = validate(order)
    if not isinstance(result, Rejected):
        assert Order.model_validate_json(result.order.model_dump_json()) == result.order


@given(st.text(alphabet=st.characters()))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean(text).isprintable() or any(ord(letter) > 127 for letter in clean(text))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.emails() | st.from_regex(r"\A[A-Za-z0-9._+-]{1,70}@[A-Za-z0-9.-]{1,40}\Z"))
@settings(deadline=None)
def test_the_short_way_to_a_normal_email_address_is_the_librarys(said: str) -> None:
    assert normal_email(said) == _validated(said)
