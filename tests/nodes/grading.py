"""A return of mugs, evaluated by the shipped policy and graded by the shipped table."""

from __future__ import annotations

from functools import cache
from typing import Any

from orderloom import DecisionTable, Place
from orderloom.model import Order, Return
from orderloom_nodes.return_evaluate import return_evaluate
from orderloom_nodes.return_evaluate.policy import PolicyTable
from orderloom_nodes.return_grade import GradingTable, return_grade
from orderloom_nodes.return_grade.inspection import Inspection
from tests.nodes.making import FLOWS
from tests.nodes.paying import NOON, Till, back, order


@cache
def policy() -> DecisionTable:
    return PolicyTable.load_setting("rules/return-policy.table.yaml", Place("test"), [FLOWS])


@cache
def grading() -> DecisionTable:
    return GradingTable.load_setting("rules/return-grading.table.yaml", Place("test"), [FLOWS])


def graded(
    till: Till, inspection: dict[str, Any], request: Return | None = None, of: Order | None = None, **more: Any
) -> Any:
    bought = of or order(status="paid")
    line = {"line_id": "1", "sku": "MUG", "quantity": 1, "reason": "damaged"}
    asked = request or back(delivered_at=NOON, lines=[line])
    told = return_evaluate(asked, bought, policy(), till.world())
    given = {"due": told.refund.amount, "resolution": told.outcome, **more}
    return return_grade(
        request=told.taken, order=bought, inspection=Inspection.model_validate(inspection),
        evaluated=list(told.lines), table=grading(), world=till.world(), **given,
    )  # fmt: skip
