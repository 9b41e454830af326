"""What is said of literals that the shipped nodes do not take."""

from __future__ import annotations

import pytest

from orderloom.flow.check import check_document
from orderloom.packs import catalogue
from orderloom.problems import Problem
from orderloom.source import parse_yaml

SMALL = "flow: small\nkey: =capture.order.order_id\nsteps:\n"


def problem_of(steps: str) -> Problem:
    [problem] = check_document(parse_yaml(SMALL + steps, "small.yaml"), catalogue(None), []).problems
    return problem


def test_a_misspelt_key_of_a_source_is_told_with_the_nearest() -> None:
    problem = problem_of("  capture: {use: capture, with: {sources: [{fils: inbox/*.json}]}}\n")

    assert (problem.message, problem.help) == ("`sources[0]` has no key `fils`", "did you mean `files`?")


@pytest.mark.parametrize(("key", "mend"), [("per_shipmnt", "did you mean `per_shipment`?"), ("zzz", "its keys are: ")])
def test_a_key_that_a_setting_does_not_have_is_told_with_those_that_it_has(key: str, mend: str) -> None:
    problem = problem_of(
        "  capture: {use: capture}\n"
        f"  r: {{use: route, with: {{order: =capture.order, costs: {{{key}: 3}}}}, next: {{routed: ~, short: ~}}}}\n"
    )

    assert problem.message == f"`costs` has no key `{key}`"
    assert str(problem.help).startswith(mend)


@pytest.mark.parametrize("text", ["capture.order", "{{ $json.order }}"])
def test_a_text_where_a_document_is_wanted_names_the_document_and_the_formula(text: str) -> None:
    problem = problem_of(
        "  capture: {use: capture}\n"
        f'  v: {{use: validate, with: {{order: "{text}"}}, after: capture, '
        "next: {valid: ~, fixable: ~, rejected: ~}}\n"
    )

    assert problem.message == f"`order` wants an Order, but is the text `{text}`"
    assert "=capture.order`" in str(problem.help)
