"""`--answer STEP=FILE`: what people, events and the outside are said to answer, read before anything runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from orderloom.flow.plan import PlannedStep
from orderloom.problems import did_you_mean
from orderloom.run.machine.answers import Answers, failure_said
from orderloom.run.machine.program import Program, StepProgram
from orderloom.source import parse_yaml, read_document, spell

_ITEM = re.compile(r"\[[0-9]+\](?=/)")  # which item of a for_each: `parcels[2]/label`


def read_answers(given: Sequence[str], program: Program) -> Answers:
    """STEP=FILE, or STEP=WORD for an outcome or `!class`. A mistake is wrong usage (exit 2)."""
    steps = dict(_steps(program))
    names = list(steps)
    by_step: dict[str, Any] = {}
    for text in given:
        step, sign, value = text.partition("=")
        if not sign:
            raise click.UsageError(f"--answer takes STEP=FILE, not `{text}`")
        found = steps.get(_ITEM.sub("", step))
        if found is None:
            raise click.UsageError(
                f"--answer: the flow has no step `{step}`; {did_you_mean(step, names) or 'it has: ' + ', '.join(names)}"
            )
        by_step[step] = _answer(step, value, found.planned)
    return Answers(by_step)


def _steps(program: Program, prefix: str = "") -> Iterator[tuple[str, StepProgram]]:
    """Every step by its whole name, those of the flows within too: `express/quote`."""
    for step in program.steps:
        yield f"{prefix}{step.name}", step
        if step.inner:
            yield from _steps(step.inner, f"{prefix}{step.name}/")


def _answer(step: str, value: str, planned: PlannedStep) -> Any:
    if Path(value).is_file():
        said = read_document(Path(value)).data
        for one in said if isinstance(said, list) else [said]:
            _check_words(step, one, planned)
        return said
    if value in planned.outcomes or failure_said(value):
        _check_words(step, value, planned)
        return value
    if value.startswith(("{", "[")):
        said = parse_yaml(value, f"--answer {step}").data
        _check_words(step, said, planned)
        return said
    words = ", ".join(planned.outcomes)
    raise click.UsageError(
        f"--answer {step}: there is no file `{value}`, and `{step}` knows no such outcome (it has: {words or 'none'})"
    )


def _check_words(step: str, said: Any, planned: PlannedStep) -> None:
    """A misspelt outcome or error class is wrong usage, wherever it stands."""
    failure = failure_said(said)
    word = failure.error_class if failure else said.get("outcome") if isinstance(said, Mapping) else None
    known = planned.node.error_classes if failure else planned.outcomes
    if failure is None and word in planned.outcomes and planned.node.kind != "wait":
        _say_what_is_partial(step, said, planned)
    if isinstance(word, str) and word not in known:
        kind = "class of errors" if failure else "outcome"
        mend = did_you_mean(word, known) or f"it has: {', '.join(known)}"
        raise click.UsageError(f"--answer {step}: `{step}` has no {kind} `{word}`; {mend}")


def _say_what_is_partial(step: str, said: Mapping[str, Any], planned: PlannedStep) -> None:
    """A record that does not fit what its outcome gives is taken as it is, so that a path can be walked; and told."""
    for kind in planned.node.outcome_types:
        if kind.outcome_name == said["outcome"]:
            try:
                kind.model_validate(said)
            except ValidationError as error:
                paths = sorted({spell(found["loc"]) for found in error.errors()})
                fields = f"`{kind.outcome_name}` gives {', '.join(kind.model_fields)}"
                click.echo(
                    f"--answer `{step}`: {fields}; not so here: {', '.join(paths)}. It is taken as it is", err=True
                )
