"""A project with one small flow and one scenario, as text; what comes of its cases, and what is found wrong in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent
from types import MappingProxyType
from typing import Any

from orderloom.change.scenario.opening import Opener
from orderloom.change.scenario.suite import CaseResult, FileResult, Suite
from orderloom.project import shipped

FLOW = """
    flow: small
    version: 1
    key: =capture.order.order_id
    defaults: {timeout: 30s, retry: 2x 2s..5m}
    steps:
      capture: {use: capture, with: {sources: [{files: inbox/*.json}]}}
      look:
        use: ask
        with: {kind: approve, desk: orders, question: "Ship {capture.order.order_number}?"}
        timeout: 8h
        next: {approved: pay, declined: ~}
        on_error: {timeout: ~}
      pay:
        use: collect-payment
        with: {order: =capture.order}
        next: {paid: tell, unpaid: ~}
      tell:
        use: notify
        with: {template: shipped, to: =capture.order.customer, data: {order: =capture.order, by: =pay.why}}
"""
WORLD = """
    scenario: small
    clock: 2026-03-02T10:00:00Z
    input: {file: samples/order.json}
    world:
      look: approved
      pay: {outcome: paid, payment: =given.order.payment, why: it was paid}
      notify: {message_id: m1}
"""
BARE = "scenario: small\nclock: 2026-03-02T10:00:00Z\ninput: {file: samples/order.json}\n"
PAYS = "[capture, look:approved, pay:paid, tell]"


def make(
    root: Path, cases: str, *, flow: str = FLOW, world: str = WORLD, files: Mapping[str, str] = MappingProxyType({})
) -> Path:
    """The project's folder; `files` are further ones by their names in it."""
    sample = json.loads((shipped() / "project" / "empty" / "samples" / "order.json").read_text(encoding="utf-8"))
    made = {
        "orderloom.yaml": "project: small\n",
        "flows/small.yaml": dedent(flow),
        "samples/order.json": json.dumps(sample),
        "scenarios/small.yaml": dedent(world) + "cases:\n" + indent(dedent(cases).strip("\n"), "  ") + "\n",
        **{name: dedent(text) for name, text in files.items()},
    }
    for name, text in made.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def played(root: Path, cases: str, **more: Any) -> FileResult:
    """The results of the cases; a finding in the file fails the test."""
    suite = Suite()
    [result] = suite.run([make(root, cases, **more) / "scenarios" / "small.yaml"])
    errors = [f"{one.place}: {one.message}; {one.help}" for one in result.problems if one.severity == "error"]
    assert "\n".join(errors) == ""
    return result


def one(root: Path, case: str, **more: Any) -> CaseResult:
    """The result of the only case."""
    [result] = played(root, case, **more).cases
    return result


def told(result: CaseResult) -> list[str]:
    """What did not come true, in sentences."""
    return [miss.message for miss in result.misses]


def findings(root: Path, cases: str, **more: Any) -> list[str]:
    """`CODE line: message (help)` for each finding of the scenario file."""
    file = make(root, cases, **more) / "scenarios" / "small.yaml"
    opened = Opener().open(file)
    return [
        f"{found.code} {found.place.line}: {found.message}" + (f" ({found.help})" if found.help else "")
        for found in opened.problems
    ]


def line_of(root: Path, text: str) -> int:
    """The line of the scenario in which that stands first."""
    lines = (root / "scenarios" / "small.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
