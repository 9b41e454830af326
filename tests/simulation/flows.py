"""The flows of the simulations, in `shop/`: together they use everything that a run can come to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from orderloom.flow.check import check_flow
from orderloom.flow.open import Opened
from orderloom.flow.read import read_flow
from orderloom.model import Order
from orderloom.run.machine.program import Program, compile_plan
from orderloom.source import parse_yaml
from tests.simulation.outside import Came, nodes

FOLDER = Path(__file__).parent / "shop"
NODES = nodes()
FLOWS = ("changes", "doubts", "ends", "items", "people", "ship", "within")  # `inner` is run within `within`


@cache
def opened(name: str) -> Opened:
    """The flow of that name, checked. Made once: it does not change."""
    file = FOLDER / f"{name}.yaml"
    content = file.read_bytes()
    checked = check_flow(read_flow(parse_yaml(content.decode(), str(file))), NODES, [FOLDER])
    wrong = [problem for problem in checked.problems if problem.severity == "error"]
    assert wrong == [], [(str(problem.place), problem.message, problem.help) for problem in wrong]
    return Opened(file, checked, NODES, None, {file.resolve(): content})


@cache
def program(name: str) -> Program:
    plan = opened(name).checked.plan
    assert plan is not None
    return compile_plan(plan)


def came(key: str, revision: int, units: int) -> Came:
    """An order that comes in, in one of its revisions."""
    line = {"line_id": "1", "sku": "MUG", "quantity": units, "unit_price": {"amount": "9.00", "currency": "USD"}}
    order = Order.model_validate(
        {
            "order_id": key, "channel": {"type": "api"}, "ordered_at": "2026-03-01T10:00:00Z", "currency": "USD",
            "revision": revision, "lines": [line], "tags": [f"revision {revision}"],
            "totals": {"grand_total": {"amount": f"{9 * units}.00", "currency": "USD"}}, "payment": {"status": "paid"},
        }
    )  # fmt: skip
    return Came(order=order)
