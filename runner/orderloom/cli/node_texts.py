"""The files of a new node, as they are first written: they load, pass the check, and their cases come true."""

from __future__ import annotations

from string import Template

MODULE_TEXT = Template('''"""Says what is to be done with an order: change this sentence, and what follows."""

from __future__ import annotations

from orderloom import Outcome, Setting, node
from orderloom.model import Order


class Done(Outcome, name="done"):
    """What the node gives when it did its work: each field is read by `=STEP.field` in a flow."""

    note: str


class Skipped(Outcome, name="skipped"):
    """What it gives when there was nothing to do."""


@node("$name")
def $function(order: Order, tag: Setting[str] = "special") -> Done | Skipped:
    """Note the orders that carry a tag."""
    if tag not in order.tags:
        return Skipped()
    return Done(note=f"{order.order_number or order.order_id} is {tag}")
''')
ORDER_TEXT = """{order_id: "api:main:1", order_number: "1042", tags: [%s], channel: {type: api},
    ordered_at: 2026-03-01T10:00:00Z, currency: USD, payment: {status: paid},
    totals: {grand_total: {amount: "9.00", currency: USD}},
    lines: [{line_id: "1", sku: MUG, quantity: 1, unit_price: {amount: "9.00", currency: USD}}]}"""
CASES_TEXT = f"""# Each case: what the node is given, and a part of what must come out. Run by `orderloom nodes test`.
- case: an order with the tag is noted
  with: {{order: {ORDER_TEXT % "special"}}}
  then: {{outcome: done, note: 1042 is special}}
- case: an order without it is skipped
  with: {{order: {ORDER_TEXT % ""}}}
  then: {{outcome: skipped}}
"""
TEST_TEXT = Template('''"""The cases of the node `$name`, for pytest: `orderloom nodes test` runs the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.packs import catalogue
from orderloom.testing import Case, misses, read_cases, run_case

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("case", read_cases(FOLDER / "cases.yaml"), ids=lambda case: case.case)
def test_a_case_comes_true(case: Case) -> None:
    node = catalogue(FOLDER.parent).find("$name")

    assert misses(case.then, run_case(node, case, FOLDER)) == []
''')
HTTP_TEXT = Template("""{
  "name": "$name",
  "title": "Ask the supplier how many units of an article there are.",
  "version": 1,
  "kind": "action",
  "effects": "none",
  "http": {
    "connection": "supplier",
    "method": "GET",
    "path": "stock/{sku}",
    "statuses": {"404": "unknown"}
  },
  "inputs": {
    "type": "object",
    "properties": {"sku": {"type": "string"}},
    "required": ["sku"]
  },
  "outcomes": {
    "oneOf": [
      {
        "type": "object",
        "properties": {"outcome": {"const": "found"}, "units": {"type": "integer"}},
        "required": ["units"]
      },
      {"type": "object", "properties": {"outcome": {"const": "unknown"}}}
    ]
  }
}
""")
HTTP_CASES_TEXT = """# `world.http` says what the service answers to each request. Run by `orderloom nodes test`.
- case: an article that the supplier has is found
  with: {sku: MUG}
  world: {http: {supplier: {GET /stock/MUG: {body: {outcome: found, units: 7}}}}}
  then: {outcome: found, units: 7}
- case: one that it has not is unknown
  with: {sku: VASE}
  world: {http: {supplier: {GET /stock/VASE: {status: 404}}}}
  then: {outcome: unknown}
"""
