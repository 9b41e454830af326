"""Money: exact, one currency at a time, never a float."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from orderloom.model import MINOR_DIGITS, MixedCurrenciesError, Money, minor_unit

CURRENCIES = st.sampled_from(sorted(MINOR_DIGITS))
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


def test_a_float_is_refused_with_a_sentence_that_says_how_to_write_it() -> None:
    with pytest.raises(ValidationError) as refused:
        Money(amount=19.99, currency="USD")

    assert 'a float is never exact: write the number as text, such as "19.99"' in str(refused.value)


@pytest.mark.parametrize(
    "amount", ["1,234.50", "NaN", "1e3", "", " 5", "5 ", ".5", "5.", "+5", "05", "٣", True, None, Decimal("Infinity")]
)
def test_what_is_no_plain_decimal_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money(amount=amount, currency="USD")


@pytest.mark.parametrize("amount", ["1.0000001", "1000000000000000", Decimal("1E+16")])
def test_more_digits_than_a_price_has_are_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money(amount=amount, currency="USD")


def test_two_currencies_are_never_added_or_compared() -> None:
    dollars, euros = Money.of("1.00", "USD"), Money.of("1.00", "EUR")

    for together in (lambda: dollars + euros, lambda: dollars - euros, lambda: dollars < euros):
        with pytest.raises(MixedCurrenciesError, match="USD and EUR cannot be added or compared"):
            together()
    assert dollars != euros


def test_money_goes_with_money_and_times_a_count_only() -> None:
    price = Money.of("19.99", "USD")

    assert price * 3 == 3 * price == Money.of("59.97", "USD")
    for wrong in (lambda: price + 1, lambda: price * 1.5, lambda: price * True, lambda: price < 1):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("JPY", 0), ("USD", 2), ("KWD", 3), ("CLF", 4), ("EUR", 2), ("ISK", 0), ("HUF", 2), ("XCG", 2)],
)
def test_a_currency_has_the_minor_digits_of_iso_4217(currency: str, digits: int) -> None:
    assert MINOR_DIGITS[currency] == digits
    assert minor_unit(currency) == Decimal(10) ** -digits


def test_an_unknown_currency_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="`BTC` is no currency of ISO 4217"):
        Money.of("1", "BTC")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("0.125", "USD", "0.12"), ("0.135", "USD", "0.14"), ("10.5", "JPY", "10"), ("-0.005", "USD", "0.00")],
)
def test_rounding_is_half_to_even_at_the_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert str(Money.of(amount, currency).rounded()) == f"{rounded} {currency}"


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_adding_and_taking_away_again_always_gives_the_same_amount(one: Decimal, other: Decimal, currency: str) -> None:
    first, second = Money.of(one, currency), Money.of(other, currency)

    assert first + second - second == first
    assert first - first - first == -first


@given(AMOUNTS, st.integers(min_value=0, max_value=50), CURRENCIES)
def test_a_product_is_always_the_repeated_sum(amount: Decimal, count: int, currency: str) -> None:
    price = Money.of(amount, currency)

    assert price * count == sum([price] * count, Money.zero(currency))


@given(AMOUNTS, CURRENCIES)
def test_the_written_amount_is_always_plain_digits_that_read_back(amount: Decimal, currency: str) -> None:
    money = Money.of(amount, currency)

    written = money.model_dump(mode="json")["amount"]

    assert "E" not in written
    assert Money(amount=written, currency=currency) == money
    assert not written.startswith("-0") or amount < 0
