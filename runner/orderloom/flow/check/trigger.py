"""Findings about the trigger and the key: both are evaluated before there is a run (rules 4 and 27)."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.flow.check.outcomes import has_sources
from orderloom.flow.check.subject import Subject
from orderloom.flow.edges import reads, step_values
from orderloom.flow.formulas import formulas_in, narrow
from orderloom.problems import Problem


def one_trigger(subject: Subject) -> Iterator[Problem]:
    """G007: a flow has exactly one trigger step."""
    found = subject.triggers()
    if not found and subject.flow.steps and all(bound.node for bound in subject.bound.values()):
        place = subject.key_place("steps")
        yield Problem(
            "G007", "the flow has no trigger", place, "a flow begins with one step such as `capture: {use: capture}`"
        )
    for name in found[1:]:
        yield Problem(
            "G007",
            f"`{name}` is a second trigger, `{found[0]}` is the first",
            subject.place("steps", name, "use"),
            "a flow has one trigger; give it several sources, or write a second flow",
        )


def key_for_sources(subject: Subject) -> Iterator[Problem]:
    """S004: without a key the same document twice would be two runs."""
    for name in subject.triggers()[:1]:
        if subject.flow.key is None and has_sources(subject.bound[name]):
            yield Problem(
                "S004",
                "the flow has sources and no `key`",
                subject.key_place("steps", name, "with", "sources"),
                f"say what makes a document the same: `key: =…`, read from `{name}`",
            )


def key_reads_the_trigger(subject: Subject) -> Iterator[Problem]:
    """S005: when the key is evaluated only the trigger has run."""
    triggers = subject.triggers()
    if len(triggers) != 1:
        return
    for read in reads(subject.flow, subject.flow.key):
        if read.step != triggers[0]:
            yield Problem(
                "S005",
                f"`key` reads `{read.let or read.step}`, but only the trigger `{triggers[0]}` has run then",
                read.place(subject.flow),
                f"read it from `{triggers[0]}`",
            )


def trigger_reads_nothing(subject: Subject) -> Iterator[Problem]:
    """S006: nothing has run before the trigger, and it waits for nothing."""
    for name in subject.triggers()[:1]:
        step = subject.flow.steps[name]
        for formula in formulas_in([*step_values(step, subject.bound[name].written)]):
            if any(True for _ in reads(subject.flow, formula)):
                place = narrow(subject.flow.source, formula, 0, len(formula.expression.text))
                message = f"`{name}` is the trigger: nothing has run before it that it could read"
                yield Problem("S006", message, place, "write the value itself, or let a later step read it")
        for key in ("when", "for_each", "after", "end", "undo", "on_error"):
            if getattr(step, key):
                yield Problem(
                    "S007",
                    f"`{key}` has no meaning here: `{name}` is the trigger",
                    subject.key_place("steps", name, key),
                    "put it on the steps behind it",
                )
