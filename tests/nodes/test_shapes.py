"""What a declaration becomes as a schema, and what formulas then know of it."""

from __future__ import annotations

from decimal import Decimal

from orderloom import Outcome, node
from orderloom.feel import infer, parse
from orderloom.feel.types import NUMBER, from_schema


class Paid(Outcome, name="paid"):
    amount: Decimal
    tip: Decimal | None = None


@node("charge")
def charge(limit: Decimal) -> Paid:
    """Takes money."""
    return Paid(amount=limit)


def test_a_decimal_that_a_node_gives_is_a_number_to_formulas() -> None:
    scope = {"charge": from_schema(dict(charge.outcomes({})["paid"]))}

    found = infer(parse("charge.amount * 2"), scope)

    assert (found.type, found.findings) == (NUMBER, ())


def test_a_decimal_that_a_node_takes_is_a_number_to_formulas() -> None:
    [limit] = charge.published

    assert from_schema(limit.schema) == NUMBER


def test_every_outcome_requires_its_word() -> None:
    assert charge.outcomes({})["paid"]["required"] == ["outcome", "amount"]
