"""Formulas that meet a limit of the language whatever the order is are refused before anything runs."""

from __future__ import annotations

import pytest

from orderloom.flow.check import check_document
from orderloom.packs import catalogue
from orderloom.problems import Problem
from orderloom.source import parse_yaml

HEAD = "flow: small\nkey: =capture.order.order_id\n"
STEPS = (
    "steps:\n  capture: {use: capture}\n"
    "  look: {use: ask, with: {kind: task, desk: d, question: q}, after: [capture]}\n"
)
ASKING = STEPS.replace("question: q", 'question: "{many}"')
LONG = "count(for i in 1..200000 return i)"


def problems(text: str) -> list[tuple[str, int, int]]:
    return [(one.code, one.place.line, one.place.column) for one in found(text)]


def found(text: str) -> list[Problem]:
    return list(check_document(parse_yaml(HEAD + text, "small.yaml"), catalogue(None), []).problems)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        (LONG, "E202"),
        ('string join(for i in 1..99999 return "some words here")', "E203"),
        ("count(for a in 1..2000 return count(for b in 1..2000 return b))", "E204"),
        ("(function(f) f(f))(function(f) f(f))", "E205"),
        ('matches("a", "([a-z]+)+")', "E206"),
        ("for i in 1..400 return if i = 1 then [1] else [partial[-1]]", "E208"),
    ],
)
def test_a_formula_that_reads_nothing_and_meets_a_limit_is_refused_with_a_mend(formula: str, code: str) -> None:
    [problem] = found(STEPS.replace("question: q", f"question: q, because: ['={formula}']"))

    assert (problem.code, problem.place.line, problem.severity) == (code, 5, "error")
    assert problem.help


@pytest.mark.parametrize(
    ("step", "column"),
    [
        (f"when: ={LONG} > 3, with: {{kind: task, desk: d, question: q}}", 27),
        (f'with: {{kind: task, desk: d, question: "n {{{LONG}}}"}}', 62),
        (f"with: {{kind: task, desk: d, question: q, because: [={LONG}]}}", 72),
    ],
)
def test_every_formula_of_a_step_is_tried(step: str, column: int) -> None:
    [problem] = problems(f"steps:\n  capture: {{use: capture}}\n  look: {{use: ask, {step}, after: [capture]}}\n")

    assert problem == ("E202", 5, column)


def test_a_part_that_reads_nothing_is_tried_by_itself() -> None:
    when = f"when: '=capture.order.order_number != null and {LONG} > 3'"

    assert problems(STEPS.replace("use: ask", f"use: ask, {when}")) == [("E202", 5, 67)]


@pytest.mark.parametrize(
    "call",
    [
        'matches(capture.order.order_number, "([a-z]+)+")',
        'matches(input: capture.order.order_number, pattern: "([a-z]+)+")',
        'replace(capture.order.order_number, "([a-z]+)+", "") = "x"',
        'count(split(capture.order.order_number, "([a-z]+)+")) > 1',
    ],
)
def test_a_pattern_that_could_take_for_ever_is_refused_whatever_it_is_asked_of(call: str) -> None:
    [(code, line, _)] = problems(STEPS.replace("use: ask", f"use: ask, when: '={call}'"))

    assert (code, line) == ("E206", 5)


def test_a_let_that_meets_a_limit_is_told_once_however_many_read_it() -> None:
    lets = f"let:\n  many: ={LONG}\n  more: =many + 1\n"
    steps = STEPS.replace("question: q", 'question: "{many} {more} {many + more}"')

    assert problems(lets + steps) == [("E202", 4, 10)]


def test_a_condition_that_meets_a_limit_is_not_called_the_same_in_every_run() -> None:
    assert [one[0] for one in problems(STEPS.replace("use: ask", f"use: ask, when: ={LONG} > 3"))] == ["E202"]


def test_what_is_long_and_within_the_limits_is_no_finding() -> None:
    lets = 'let:\n  many: "=count(for i in 1..99999 return i)"\n'

    assert problems(lets + ASKING) == []
