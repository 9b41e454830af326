"""The two tables that merchants ask for by name decide as their words say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderloom.declare import NodeError
from orderloom.rules import check_table, read_table

RETURN = {"days": 10, "reason": "unwanted", "final sale": False, "value": "50.00", "returns in 12 months": 0}
QUOTE = {"carrier": "ups", "in time": True, "weight": 2, "country": "US", "hazmat": False}


@pytest.fixture
def policy(shared):
    return read_table(shared / "flows" / "rules" / "return-policy.table.yaml")


@pytest.fixture
def choice(shared):
    return read_table(shared / "flows" / "rules" / "carrier-choice.table.yaml")


def test_both_tables_are_without_findings(policy, choice):
    assert check_table(policy) == []
    assert check_table(choice) == []


@pytest.mark.parametrize(
    ("facts", "row", "outcome"),
    [
        ({"reason": "damaged", "value": "19.99"}, "p1", "refund_now"),
        ({"reason": "defective", "days": 60}, "p2", "accept"),
        ({"reason": "defective", "days": 61}, "p9", "reject"),
        ({"final sale": True}, "p3", "reject"),
        ({"final sale": True, "reason": "wrong_item"}, "p2", "accept"),
        ({"returns in 12 months": 11}, "p4", "review"),
        ({"reason": "too_small"}, "p5", "exchange"),
        ({"value": "1000.01"}, "p6", "review"),
        ({"value": "1000.00"}, "p7", "accept"),
        ({"days": 30}, "p7", "accept"),
        ({"days": 31}, "p8", "accept"),
        ({"days": 46}, "p9", "reject"),
    ],
)
def test_the_return_policy(policy, facts, row, outcome):
    decision = policy.decide_columns(RETURN | facts)
    assert (decision.rows, decision.outcome) == ((row,), outcome)


def test_the_return_policy_reads_documents_and_fills_what_a_row_leaves_blank(policy):
    documents = {
        "days since delivery": 40,
        "line": {"reason": "unwanted", "final_sale": False, "value": {"amount": Decimal("50.00")}},
        "history": {"returns_12m": 1},
    }
    decision = policy.decide(documents)
    assert decision.fields == {"fee": 15, "facility": "nearest", "reasons": "late, with a fee"}
    assert decision.why == "p8: days in (30..45]"
    assert policy.decide_columns(RETURN).fields["fee"] == 0


def test_the_return_policy_refuses_a_reason_it_does_not_know(policy):
    with pytest.raises(NodeError, match="one of damaged, wrong_item"):
        policy.decide_columns(RETURN | {"reason": "bored"})


@pytest.mark.parametrize(
    ("facts", "row", "rank"),
    [
        ({}, "q4", 0),
        ({"country": "CA"}, "q5", 1),
        ({"in time": False}, "q2", 2),
        ({"in time": None}, "q4", 0),
        ({"carrier": "usps", "weight": "30.5"}, "q3", None),
        ({"hazmat": True}, "q1", None),
        ({"hazmat": True, "carrier": "dhl"}, "q5", 1),
    ],
)
def test_the_carrier_choice(choice, facts, row, rank):
    decision = choice.decide_columns(QUOTE | facts)
    assert (decision.rows, decision.outputs["rank"], decision.outcome) == ((row,), rank, "decided")


def test_an_outcome_is_published_with_the_fields_it_always_has(policy, choice):
    accepted = policy.outcome_schemas()["accept"]
    assert accepted["required"] == ["outcome", "fee", "facility", "reasons"]
    assert accepted["properties"]["fee"] == {"type": "number", "x-feel": "number"}
    assert list(policy.outcome_schemas()) == ["accept", "refund_now", "exchange", "review", "reject"]
    decided = choice.outcome_schemas()["decided"]["properties"]
    assert {"type": "null"} in decided["rank"]["anyOf"]


def test_a_table_is_drawn_in_columns(policy, choice, golden):
    from orderloom.rules.grid import grid_of
    from orderloom.rules.show import draw_plain

    golden("rules/return-policy.txt", draw_plain(grid_of(policy)))
    golden("rules/carrier-choice.txt", draw_plain(grid_of(choice)))


def drawn(shown, width):
    import io

    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(shown)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_a_narrow_terminal_gets_a_table_line_by_line(choice, golden):
    from orderloom.rules.grid import grid_of
    from orderloom.rules.show import draw_narrow, fits

    assert not fits(grid_of(choice), 60)
    golden("rules/carrier-choice-narrow.txt", drawn(draw_narrow(choice), 60))


@pytest.mark.parametrize("width", [90, 120])
def test_a_wide_terminal_gets_a_grid(choice, golden, width):
    from orderloom.rules.grid import grid_of
    from orderloom.rules.show import draw_rich, fits

    assert fits(grid_of(choice), width)
    golden(f"rules/carrier-choice-{width}.txt", drawn(draw_rich(grid_of(choice), width), width))
