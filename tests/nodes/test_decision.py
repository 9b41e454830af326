"""The node `decision`: its outcomes come from the table, its result from the row that applies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orderloom import CallLog, DecisionTable, Derived, FixedClock, Place, World
from orderloom.model import Order
from orderloom_nodes.decision import decision
from tests.nodes.making import FLOWS, line, order

HERE = Path(__file__).parent


def world() -> World:
    return World(FixedClock(datetime(2026, 3, 2, 10, tzinfo=UTC)), {})


def screen() -> DecisionTable:
    return DecisionTable.load_setting("rules/fraud-screen.table.yaml", Place("-"), [FLOWS])


def table(**parts: Any) -> DecisionTable:
    return DecisionTable.load_setting(parts, Place("-"), [HERE])


def test_the_outcomes_are_the_words_of_the_tables_own_column() -> None:
    assert list(decision.outcomes({"table": screen()})) == ["pass", "review", "block"]


def test_an_outcome_gives_the_other_columns_of_the_table() -> None:
    review = decision.outcomes({"table": screen()})["review"]

    assert list(review["properties"]) == ["outcome", "reasons"]
    assert review["properties"]["outcome"]["const"] == "review"


def test_a_table_without_an_outcome_column_has_decided() -> None:
    rates = table(hit="first", inputs={"kg": {"is": "kg", "type": "number"}}, outputs={"price": {"type": "number"}},
                  rows=[{"id": "r1", "price": 4}])

    assert list(decision.outcomes({"table": rates})) == ["decided"]
    assert decision(rates, {"kg": 2}, world()) == Derived("decided", {"price": 4})


def test_the_shipped_screen_passes_a_customer_who_came_back_and_says_by_which_row() -> None:
    log = CallLog()
    known = order(line("MUG"), customer={"orders_count": 2})

    assert decision(screen().for_call(log), {"order": known}, world()) == Derived("pass", {"reasons": ()})
    assert [one.rows for one in log.decisions] == [("r9",)]
    assert log.decisions[0].why == "r9: total < 3000, orders before >= 1"


@pytest.mark.parametrize(
    ("more", "outcome", "row"),
    [
        ({}, "pass", "r11"),
        ({"totals": {"grand_total": {"amount": "1000.00", "currency": "USD"}}}, "review", "r10"),
        ({"payment": {"status": "disputed"}}, "block", "r2"),
        ({"risk": {"level": "high"}}, "review", "r5"),
        ({"risk": {"level": "high", "recommendation": "cancel"}}, "block", "r3"),
        ({"channel": {"type": "amazon"}}, "pass", "r4"),
        ({"shipping_address": None}, "pass", "r11"),
    ],
)
def test_the_shipped_screen_reads_whole_orders(more: dict[str, Any], outcome: str, row: str) -> None:
    log = CallLog()
    data = order(line("MUG")).model_dump(mode="json") | more

    decided = decision(screen().for_call(log), {"order": Order.model_validate(data)}, world())

    assert (decided.outcome, log.decisions[0].rows) == (outcome, (row,))
