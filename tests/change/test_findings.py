"""Mistakes in a scenario file are findings, with a line, the cause and a mend; nothing is played then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from orderloom.change.scenario.opening import Opener
from tests.change.small import BARE, WORLD, findings, make

GOOD = "- {case: it ships, expect: {status: completed}}"


def changed(before: str, after: str) -> str:
    assert before in WORLD
    return WORLD.replace(before, after)


def test_a_scenario_without_mistakes_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD) == []


BEFORE = {  # what stands in the good scenario, and what stands there in its place
    "clock: 2026-03-02T10:00:00Z": ["clock: 2026-03-02 10:00", "clock: soon", ""],
    "input: {file: samples/order.json}": [
        "", "input: samples/order.json", "input: {file: samples/ordr.json}", "input: {files: samples/order.json}",
        "input: {file: samples/order.json, patch: {customer.first.name: X}}",
        "input: {file: samples/order.json, patch: {custmer.first_name: X}}",
        'input: {file: samples/order.json, patch: {"lines[3].sku": X}}',
        'input: {file: samples/order.json, patch: {"lines[x]": X}}',
        "input: {file: samples/order.json, patch: {order_id.x: X}}",
    ],
    "scenario: small": ["scenario: smal", "scenario: [small]", "scenario: =small"],
    "world:": ["wrld:"],
    "look: approved": [
        "lok: approved", "capture: approved", "undo look: approved", "look: aproved", "look: raises tmeout",
        "look: '!timeout'", "look: []", "look: 5", "look: =x", "look: {after: soon, outcome: approved}",
        "look: {each: [approved]}", "look: {each: approved}", "look: {outcome: aproved}",
    ],
    "pay: {outcome: paid, payment: =given.order.payment, why: it was paid}": [
        "pay: {payment: =given.order.payment, why: so}",
        "pay: {outcome: payed, payment: =given.order.payment, why: so}",
        "pay: paid",
        "pay: {outcome: paid, why: so, paymnt: =given.order.payment}",
        "pay: {outcome: paid, why: 5}",
        "pay: {outcome: paid, why: so, payment: {status: payed}}",
        "pay: {outcome: paid, why: so, payment: {sttus: paid}}",
        "pay: {outcome: paid, why: so, payment: {}}",
        "pay: {outcome: paid, why: so, payment: =given.order.order_id}",
        "pay: {outcome: paid, why: so, payment: {status: =given.order.lines}}",
        "pay: {outcome: paid, why: so, payment: =given.order.paymnt}",
        "pay: {outcome: paid, why: so, payment: =gven.order.payment}",
        "pay: {outcome: paid, why: so, payment: =given.}",
        "pay: [raises unavailable, {outcome: paid}]",
    ],
}  # fmt: skip
EXPECTED = [
    "status: canceled", "path: [capture, lok:approved]", "path: [capture, look:approvd]", "path: [capture, look]",
    "path: [capture, tell:sent]", "path_ends: [look!tmeout]", "path: [capture, look: approved]", "path: capture",
    "path: [capture, 5]", "sent: [shiped]", "undone: [pay]", "undone: [payy]", "parked: [tell]", "parked: [tell!gone]",
    "waiting: [lookk]", "outputs: {payy.why: x}", "outputs: {'pay.[why': x}", "given: {payy.order: x}",
    "outputs: {pay.why: =lok.x}", "rows: {look: r1}", "rows: {lok: r1}", "rows: {look: 5}",
    "path_ends: []", "outputs: {}", "given: {}", "rows: {}", "holds: []",
    "holds: [=lok.outcome]", "holds: =look.outcome", "holds: [look.outcome]", "stats: completed",
]  # fmt: skip


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """What is told of each mistake, by what it is."""
    root = tmp_path_factory.mktemp("mistakes")
    changes = [(before, after) for before, all_ in BEFORE.items() for after in all_]
    found = {
        f"in place of `{before}`: `{after}`": findings(root / f"w{number}", GOOD, world=changed(before, after))
        for number, (before, after) in enumerate(changes)
    }
    for number, expect in enumerate(EXPECTED):
        case = f"- {{case: it ships, expect: {{{expect}}}}}"
        found[f"expect: {{{expect}}}"] = findings(root / f"e{number}", case)
    return found


def test_every_mistake_is_told_with_its_line_and_a_mend(
    mistakes: Mapping[str, list[str]], golden: Callable[[str, str], None]
) -> None:
    blocks = ["\n".join([what, *(f"    {one}" for one in found), ""]) for what, found in mistakes.items()]

    golden("change/findings.txt", "\n".join(blocks))


def test_no_mistake_is_passed_over(mistakes: Mapping[str, list[str]]) -> None:
    assert [what for what, found in mistakes.items() if not found] == []


def test_what_nothing_reads_may_be_left_out_of_an_answer(tmp_path: Path) -> None:
    world = changed("payment: =given.order.payment, ", "").replace("notify: {message_id: m1}", "notify: {}")

    assert findings(tmp_path, GOOD, world=world) == []


def test_a_field_that_only_another_outcome_leads_to_may_be_left_out(tmp_path: Path) -> None:
    answer = "{outcome: paid, payment: =given.order.payment, why: it was paid}"

    assert findings(tmp_path, GOOD, world=changed(answer, "unpaid")) == []


def test_a_case_that_expects_nothing_is_told(tmp_path: Path) -> None:
    assert findings(tmp_path, "- {case: it ships, expect: {}}") == [
        "W020 10: a case that expects nothing cannot fail (say at least its `status`)"
    ]


def test_two_cases_of_one_name_are_told(tmp_path: Path) -> None:
    assert findings(tmp_path, f"{GOOD}\n{GOOD}") == [
        "W003 11: two cases are called `it ships`; the first stands on line 10 (say what this one shows)"
    ]


def test_a_row_that_the_table_does_not_have_is_told(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          screen:
            use: decision
            with:
              facts: {n: 1, order: =capture.order}
              table:
                inputs: {n: {type: number}}
                outputs: {outcome: {type: text}}
                rows: [{id: positive, n: "> 0", outcome: big}]
            next: {big: ~}
    """

    told = findings(tmp_path, "- {case: c, expect: {rows: {screen: positve}}}", flow=flow, world=BARE)

    assert told == ["W024 5: the table of `screen` has no row `positve` (did you mean `positive`?)"]


def test_a_flow_with_errors_is_told_where_it_is_named(tmp_path: Path) -> None:
    broken = "flow: small\nsteps:\n  capture: {use: captur}\n"

    file = make(tmp_path, GOOD, flow=broken) / "scenarios" / "small.yaml"
    [problem] = Opener().open(file).problems

    assert (problem.code, problem.place.line) == ("W008", 2)


def test_a_file_that_is_no_scenario_is_told(tmp_path: Path) -> None:
    file = make(tmp_path, GOOD) / "flows" / "small.yaml"

    assert [problem.code for problem in Opener().open(file).problems] == ["W001"]


@pytest.mark.parametrize("cases", ["[]", "{case: one}", "~"])
def test_a_scenario_without_cases_is_told(tmp_path: Path, cases: str) -> None:
    file = make(tmp_path, GOOD) / "scenarios" / "small.yaml"
    file.write_text(f"scenario: small\nclock: 2026-03-02T10:00:00Z\ncases: {cases}\n", encoding="utf-8")

    assert [problem.code for problem in Opener().open(file).problems] == ["W002"]


def test_a_patch_of_a_file_without_fields_is_told(tmp_path: Path) -> None:
    world = changed("samples/order.json}", "samples/order.csv, patch: {a: 1}}")

    told = findings(tmp_path, GOOD, world=world, files={"samples/order.csv": "a,b\n1,2\n"})

    assert told == ["W006 4: `order.csv` is no JSON, so it has no fields to patch (give a file of its own)"]
