"""What always holds: orders respect edges, and no text brings anything but findings with places."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.flow.check import Checked, check_document
from orderloom.flow.read import read_flow, scan_flow
from orderloom.problems import ProblemsError
from orderloom.source import parse_yaml
from tests.flow.stubs import HERE, whole_catalogue

QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from(
    ["use", "with", "when", "for_each", "next", "after", "on_error", "retry", "timeout", "undo", "end", "x"]
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 50),
        st.sampled_from(
            ["validate", "capture", "=capture.order", "=a", "=", "={", "ask", "2d", "4x 1s..2s", "a", "{x}", "~"]
        ),
        st.text("abc=.{}[]()\"' ", max_size=8),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def layered(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A flow whose steps, in any order in the file, wait for steps of lower number; and those pairs."""
    count = draw(st.integers(2, 9))
    pairs: list[tuple[str, str]] = []
    steps: list[str] = []
    for number in range(1, count):
        above = draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=3, unique=True))
        names = ["capture" if other == 0 else f"s{other}" for other in above]
        pairs += [(name, f"s{number}") for name in names]
        kind = draw(st.sampled_from(["after", "read", "soft"]))
        given = {
            "after": "[a]",
            "read": f"'=[{', '.join(f'{name}.outcome' for name in names)}]'",
            "soft": f"'=[{', '.join(f'has({name}.outcome)' for name in names)}]'",
        }[kind]
        behind = f", after: [{', '.join(names)}]" if kind == "after" else ""
        steps.append(f"  s{number}: {{use: restock, with: {{lines: {given}}}{behind}}}\n")
    shuffled = draw(st.permutations(["  capture: {use: capture}\n", *steps]))
    return "flow: small\nsteps:\n" + "".join(shuffled), pairs


def checked(text: str) -> Checked:
    return check_document(parse_yaml(text, "flow.yaml"), whole_catalogue(), [HERE / "tables"])


def findings(text: str) -> None:
    """The check of any text: clean, or findings that stand in a file; anything else is raised and fails the test."""
    try:
        found = checked(text)
    except ProblemsError as error:  # the text is no YAML
        found = Checked(error.problems, None)
        if not all(problem.place.file for problem in found.problems):
            raise
    assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in found.problems), found.problems
    assert (found.plan is None) == any(problem.severity == "error" for problem in found.problems)


@QUIET
@given(layered())
def test_a_plan_always_has_a_step_behind_all_that_it_waits_for(made: tuple[str, list[tuple[str, str]]]) -> None:
    text, pairs = made

    plan = checked(text).plan

    assert plan is not None
    index = {step.name: step.index for step in plan.steps}
    assert plan.trigger.name == "capture"
    assert all(index[source] < index[target] for source, target in pairs)
    assert all(index[source] in plan.steps[index[target]].upstream for source, target in pairs)


@QUIET
@given(layered())
def test_a_plan_always_keeps_the_order_of_the_file_where_it_may(made: tuple[str, list[tuple[str, str]]]) -> None:
    text, pairs = made
    in_file = re.findall(r"^  (\w+):", text, re.MULTILINE)

    plan = checked(text).plan

    assert plan is not None
    left, order = list(in_file), []
    while left:  # the first in the file of those that wait for nothing open
        order.append(
            next(name for name in left if not any(target == name and source in left for source, target in pairs))
        )
        left.remove(order[-1])
    assert [step.name for step in plan.steps] == order


@QUIET
@given(
    st.dictionaries(
        st.sampled_from(["flow", "version", "key", "let", "defaults", "limits", "steps", "y"]), VALUES, max_size=5
    )
)
def test_any_data_is_read_or_refused_with_places(data: dict[str, object]) -> None:
    document = parse_yaml(_written(data), "flow.yaml")

    flow, problems = scan_flow(document)

    assert problems or flow is not None
    if problems:
        with pytest.raises(ProblemsError) as refused:
            read_flow(document)
        assert set(refused.value.problems) == set(problems)


@QUIET
@given(st.dictionaries(st.sampled_from(["capture", "a", "b"]), st.dictionaries(KEYS, VALUES, max_size=4), max_size=3))
def test_any_steps_are_checked_without_breaking(steps: dict[str, object]) -> None:
    findings(_written({"flow": "small", "steps": steps}))


@pytest.mark.parametrize("name", ["order-to-delivery", "returns"])
def test_a_spoilt_flow_is_clean_or_refused_with_places(shared: Path, name: str) -> None:
    whole = (shared / "flows" / f"{name}.yaml").read_text(encoding="utf-8")
    chance = random.Random(20261122)

    for _ in range(30):
        findings(_spoilt(whole, chance))


def _spoilt(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    way = chance.randrange(4)
    if way == 0:
        del lines[at]
    elif way == 1:
        words = re.findall(r"\w+", text)
        lines[at] = re.sub(r"\w+", lambda _: chance.choice(words), lines[at], count=1)
    elif way == 2:
        lines[at] = " " * chance.randrange(6) + lines[at].lstrip(" ")
    else:
        place = chance.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:place] + chance.choice("{}[]=\"':,#& ") + lines[at][place:]
    return "".join(lines)


def _written(value: object) -> str:
    """As JSON, which is YAML too."""
    return json.dumps(value, indent=1)
