"""What may not be read by everybody is kept out of texts: by its value, or by its form."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.world.hiding import finder, hide_forms, hide_numbers, hide_secrets, hide_secrets_in
from orderloom.world.secrets import HIDDEN, Secret

KEY = 's3cr3t "päss"/wörd'


@pytest.mark.parametrize(
    "form",
    [KEY, base64.b64encode(KEY.encode()).decode(), json.dumps(KEY)[1:-1], json.dumps(KEY, ensure_ascii=False)[1:-1]],
)
def test_a_secret_that_this_process_has_met_is_hidden_in_each_of_its_forms(form: str) -> None:
    kept = Secret(KEY)

    assert hide_secrets(f"refused: {form}!") == f"refused: {HIDDEN}!"
    assert hide_secrets_in(f"refused: {form}!".encode()) == f"refused: {HIDDEN}!".encode()
    assert kept.reveal() == KEY


@pytest.mark.parametrize(
    "card", ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "6011111111111117"]
)
def test_a_card_number_is_hidden_however_it_is_grouped(card: str) -> None:
    assert hide_numbers(f"my card is {card}.") == f"my card is {HIDDEN}."


@pytest.mark.parametrize(
    "number",
    ["5870012345007", "4111111111111112", "shopify:main:5870012345001", "TEST962454271507", "+47 22 33 44 55 66"],
)
def test_other_numbers_are_left_alone(number: str) -> None:
    assert hide_numbers(f"order {number} is late") == f"order {number} is late"


def test_thirteen_digits_that_stand_alone_are_an_articles_or_an_orders_number() -> None:
    gtin = "4006381333023"  # with the check digit of a card besides its own

    assert [hide_numbers(one) for one in (gtin, f"shopify:main:{gtin}")] == [gtin, f"shopify:main:{gtin}"]
    assert hide_numbers(f"my card is {gtin}") == f"my card is {HIDDEN}"


def test_a_report_of_a_bug_has_no_address_no_card_and_no_value_that_pydantic_quotes() -> None:
    report = (
        "ValidationError: 1 validation error for Order\ncustomer.email\n  Input should be a string "
        "[type=string_type, input_value='Anna Berg, Main St 1', input_type=str]\n"
        "for anna.berg+x@example.co.uk, 4111111111111111"
    )

    told = hide_forms(report)

    assert [word for word in ("Anna", "Main St", "anna.berg", "4111") if word in told] == []
    assert "customer.email" in told


@given(st.text(alphabet="abc <>=:_./\n", max_size=80))
def test_text_without_anything_of_the_kind_always_stays_as_it_is(text: str) -> None:
    assert hide_forms(text) == text


def test_names_are_found_as_words_of_their_own_and_longer_ones_first() -> None:
    found = finder(["Berg", "Anna Berg", "Li", ""])

    assert found is not None
    assert found.sub("*", "ANNA BERG of Bergen, Berg; Lima") == "* of Bergen, *; Lima"
    assert finder(["Li", " "]) is None
