"""What a schema refuses: each mistake that can be told from one file, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.source import read_document
from tests.editors.test_what_passes import SCENARIO, stubbed
from tests.editors.validating import REPOSITORY, faults, faults_in

TOLD_CODES = {  # all else needs another file, another step, or what a formula means
    "F001", "F002", "F003", "F004", "F005", "F006", "F007", "F008", "F009", "F010", "F012", "F013", "F014", "F018",
    "F019", "F020", "G001", "G002", "G003", "G009", "N001", "N002", "N003", "N004", "N005", "S002", "S003",
}  # fmt: skip
HALF_TOLD = {  # files that earn one of these codes for something that needs more than themselves
    "retry-that-pauses-less-and-less", "table-word-without-a-path", "accept-names-no-node", "empty-formula",
}  # fmt: skip
REFUSED = sorted((REPOSITORY / "tests" / "flow" / "refused").glob("*.yaml"))


def code_of(file: Path) -> str:
    return file.read_text(encoding="utf-8").split(" ", 3)[2]


TOLD = [file for file in REFUSED if code_of(file) in TOLD_CODES]


@pytest.mark.parametrize("file", TOLD, ids=lambda file: file.stem)
def test_a_mistake_that_can_be_told_from_the_flow_alone_is_refused(file: Path) -> None:
    found = faults(stubbed(), read_document(file).data)

    assert bool(found) is (file.stem not in HALF_TOLD)


FLOW = """
flow: small
steps:
  capture: {use: capture, with: {document: order}}
  look: {use: validate, with: {order: =capture.order, weights: hold}, next: {valid: tell, fixable: edit, rejected: ~}}
  edit:
    use: ask
    with: {kind: edit, desk: orders, document: =capture.order, accept: validate}
    timeout: 2d
    next: {edited: tell, discarded: ~}
    on_error: {timeout: tell}
  pick: {use: ask, with: {kind: choose, desk: d, words: [one, two]}, next: {one: tell, two: ~}}
  pay:
    use: collect-payment
    with: {order: =capture.order}
    retry: 4x 2s..5m
    next: {paid: tell, unpaid: ~}
    undo: {use: refund, with: {payment: =result.payment}}
  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {n: 1}}}
"""
MISTAKES = [
    ("flow: small", "flw: small", ""),
    ("use: validate", "use: validat", "steps.look.use"),
    ("use: validate", "use: acme/validate", "steps.look.use"),
    ("use: validate", "use: validate@9", "steps.look.use"),
    ("document: order", "document: ordre", "steps.capture.with.document"),
    ("document: order", "documents: order", "steps.capture.with"),
    ("document: order", "sources: [{webhok: /a}]", "steps.capture.with.sources.0"),
    ("weights: hold", "weight: hold", "steps.look.with"),
    ("weights: hold", "weights: =capture.word", "steps.look.with.weights"),
    ("order: =capture.order, weights", "order: capture.order, weights", "steps.look.with.order"),
    ("order: =capture.order, weights", "weights", "steps.look.with"),
    ("valid: tell", "valdi: tell", "steps.look.next"),
    ("rejected: ~", "rejected: 'no step'", "steps.look.next.rejected"),
    (", rejected: ~", "", "steps.look.next"),
    ("edited: tell", "approved: tell", "steps.edit.next"),
    ("on_error: {timeout", "on_error: {time_out", "steps.edit.on_error"),
    ("timeout: 2d", "timeout: 2 days", "steps.edit.timeout"),
    ("retry: 4x 2s..5m", "retry: 4", "steps.pay.retry"),
    ("retry: 4x", "retries: 4x", "steps.pay"),
    ("undo: {use: refund", "undo: {use: refnd", "steps.pay.undo.use"),
    ("payment: =result.payment", "paymnt: =result.payment", "steps.pay.undo.with"),
    ("pay:", "item:", "steps"),
    ("use: notify,", "use: notify, end: running,", "steps.tell.end"),
    ("use: notify,", "use: notify, when: true,", "steps.tell.when"),
]  # fmt: skip


def test_the_flow_without_a_mistake_passes() -> None:
    assert faults_in("flow", FLOW) == []


@pytest.mark.parametrize(("right", "wrong", "path"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_one_mistake_in_a_flow_is_refused_at_its_place(right: str, wrong: str, path: str) -> None:
    assert right in FLOW

    found = faults_in("flow", FLOW.replace(right, wrong, 1))

    assert path in {fault.partition(": ")[0] for fault in found}


@pytest.mark.parametrize("use", ["validate", "core/validate", "validate@1", "core/validate@1"])
def test_a_node_is_known_by_every_name_that_the_language_gives_it(use: str) -> None:
    assert faults_in("flow", FLOW.replace("use: validate", f"use: {use}", 1)) == []
    assert faults_in("flow", FLOW.replace("use: validate", f"use: {use}", 1).replace("weights", "weight")) != []


@pytest.mark.parametrize("word", ["anything", "one", "approved"])
def test_outcomes_that_come_from_the_settings_of_a_step_are_free(word: str) -> None:
    assert faults_in("flow", FLOW.replace("{one: tell, two: ~}", f"{{{word}: tell, two: ~}}")) == []
    table = "flow: f\nsteps:\n  d: {use: decision, with: {table: t.table.yaml, facts: {}}, next: {WORD: ~}}\n"
    assert faults_in("flow", table.replace("WORD", word)) == []


TABLE = """
table: level
hit: first
inputs: {total: {type: number, range: "[0..9]"}, country: {type: text, values: [US, CA]}}
outputs: {outcome: {type: text, values: [standard, express]}}
on_missing: error
rows: [{id: r1, total: "> 5", outcome: express}, {outcome: standard}]
cases: [{given: {total: 6, country: US}, then: {outcome: express}}]
"""
MAPPING = """
mapping: erp
from: {order: Order}
fields: {number: =order.order_number, lines: {for_each: =order.lines, fields: {sku: =item.sku}}, fixed: [1, {a: b}]}
cases: [{case: one, given: {order: {}}, then: {number: 1}}]
"""
COLUMNS = """
columns: shop
one_order: =row.No
numbers: {decimal: ","}
dates: {zone: Europe/London}
order: {order_number: =row.No}
line: {sku: =row.SKU, quantity: =row.Quantity, unit_price: =row.Price}
stop_at: 20%
"""
CONNECTIONS = """
mail: {type: smtp, host: smtp.example.com, from: shop@example.com, user: u, password: {env: P}}
api: {type: http, base: https://api.example.com, auth: {bearer: {env: T}}}
erp: {type: http, base: https://erp.example.com, rate: 10/s, breaker: {after: 5, pause: 30s}, in_doubt: ask}
"""
OTHERS = [
    ("table", TABLE, "type: number", "type: numbr", "inputs.total.type"),
    ("table", TABLE, "range:", "ranges:", "inputs.total"),
    ("table", TABLE, "hit: first", "hit: frist", "hit"),
    ("table", TABLE, "outputs:", "output:", ""),
    ("table", TABLE, "on_missing: error", "on_missing: eror", "on_missing"),
    ("table", TABLE, "then:", "than:", "cases.0"),
    ("table", TABLE, "country: {type", "note: {type", "inputs"),
    ("mapping", MAPPING, "order: Order", "order: Ordre", "from.order"),
    ("mapping", MAPPING, "from:", "form:", ""),
    ("mapping", MAPPING, "fields: {sku", "field: {sku", "fields.lines"),
    ("mapping", MAPPING, "then:", "than:", "cases.0"),
    ("columns", COLUMNS, "order_number:", "order_nubmer:", "order"),
    ("columns", COLUMNS, "sku:", "skus:", "line"),
    ("columns", COLUMNS, "decimal:", "decimals:", "numbers"),
    ("columns", COLUMNS, "one_order:", "on_order:", ""),
    ("connections", CONNECTIONS, "type: smtp", "type: smpt", "mail.type"),
    ("connections", CONNECTIONS, "host:", "hots:", "mail"),
    ("connections", CONNECTIONS, "password: {env: P}", "password: secret", "mail.password"),
    ("connections", CONNECTIONS, "bearer: {env", "bearer: {environment", "api.auth.bearer"),
    ("connections", CONNECTIONS, "rate: 10/s", "rate: 10/sec", "erp.rate"),
    ("connections", CONNECTIONS, "pause: 30s", "pause: 30", "erp.breaker.pause"),
    ("connections", CONNECTIONS, "in_doubt: ask", "in_doubt: aks", "erp.in_doubt"),
    ("scenario", SCENARIO, "cases:", "case:", ""),
    ("scenario", SCENARIO, "expect:", "expects:", "cases.0"),
    ("scenario", SCENARIO, "path_ends:", "path_end:", "cases.0.expect"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "right", "wrong", "path"), OTHERS, ids=[f"{one[0]} {one[3]}" for one in OTHERS]
)
def test_one_mistake_in_another_file_is_refused_at_its_place(
    kind: str, text: str, right: str, wrong: str, path: str
) -> None:
    assert right in text
    assert faults_in(kind, text) == []

    found = faults_in(kind, text.replace(right, wrong, 1))

    assert path in {fault.partition(": ")[0] for fault in found}
