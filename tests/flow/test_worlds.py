"""The pass over possible worlds says exactly what trying every combination of outcomes says."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.flow.check.worlds import MOST_WORLDS, Looked, StepShape, explore


@st.composite
def shapes(draw: st.DrawFn) -> list[StepShape]:
    """Up to seven steps that end as `a`, `b` or `!c`, each led to by routes, by steps that must be done, or both."""
    made = [StepShape("s0", ("a",), (), (), (), many=False, may_skip=False)]
    for number in range(1, draw(st.integers(2, 6)) + 1):
        above = st.sampled_from([shape.name for shape in made])
        hard = draw(st.lists(above, max_size=2, unique=True))
        routes = draw(st.lists(st.tuples(above, st.sampled_from(["a", "b", "!c"])), max_size=3, unique=True))
        made.append(
            StepShape(
                f"s{number}",
                ("a", "b"),
                draw(st.sampled_from([(), ("!c",)])),
                tuple(hard or ([] if routes else ["s0"])),
                tuple(routes),
                many=False,
                may_skip=draw(st.booleans()) and number % 3 == 0,
            )
        )
    return made


def above(made: list[StepShape]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for shape in made:
        direct = {*shape.hard, *(source for source, _ in shape.routes_in)}
        found[shape.name] = frozenset(direct).union(*(found[name] for name in direct))
    return found


def tried(made: list[StepShape]) -> dict[str, Looked]:
    """Rules 6 and 7, for every combination of endings."""
    looked = {shape.name: Looked() for shape in made}
    choices = [[*shape.outcomes, *shape.failures, *([""] if shape.may_skip else [])] for shape in made]
    for endings in product(*choices):
        settled: dict[str, str] = {}
        for shape, ending in zip(made, endings, strict=True):
            undone = {name for name in shape.hard if settled[name] == "" or settled[name].startswith("!")}
            routed = not shape.routes_in or any(settled[name] == word for name, word in shape.routes_in)
            if shape.routes_in and routed:
                looked[shape.name].routed_without |= undone
            runs = routed and not undone
            settled[shape.name] = ending if runs else ""
            if runs:
                looked[shape.name].runs = True
                for name in shape.hard:
                    looked[shape.name].seen.setdefault(name, set()).add(settled[name])
    return looked


@settings(max_examples=250, deadline=None)
@given(shapes())
def test_what_the_pass_says_is_what_trying_all_outcomes_says(made: list[StepShape]) -> None:
    found, truth = explore(made, above(made)), tried(made)

    for shape in made:
        name = shape.name
        assert found[name].runs == truth[name].runs
        assert found[name].seen == truth[name].seen
        assert found[name].routed_without == truth[name].routed_without


def test_many_branches_side_by_side_are_walked_in_bounded_space() -> None:
    branches = [StepShape(f"b{n}", ("a", "b", "c"), (), ("s0",), (), many=False, may_skip=False) for n in range(40)]
    targets = [
        StepShape(f"t{n}", ("a",), (), (f"b{n}",), ((f"b{n}", "a"),), many=False, may_skip=False) for n in range(40)
    ]
    made = [StepShape("s0", ("a",), (), (), (), many=False, may_skip=False), *branches, *targets]

    found = explore(made, above(made))

    assert MOST_WORLDS < 3**40
    assert all(looked.runs for looked in found.values())
    assert not any(looked.routed_without or looked.clashes for looked in found.values())
