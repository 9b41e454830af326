"""`--answer STEP=FILE`: what people, events and the outside are said to answer, read before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from orderloom.problems import did_you_mean
from orderloom.run.answers import Answers, failure_said
from orderloom.run.program import Program
from orderloom.source import parse_yaml, read_document


def read_answers(given: Sequence[str], program: Program) -> Answers:
    """STEP=FILE, or STEP=WORD for an outcome or `!class`. A mistake is wrong usage (exit 2)."""
    names = [step.name for step in program.steps]
    by_step: dict[str, Any] = {}
    for text in given:
        step, sign, value = text.partition("=")
        if not sign:
            raise click.UsageError(f"--answer takes STEP=FILE, not `{text}`")
        if step not in names:
            raise click.UsageError(
                f"--answer: the flow has no step `{step}`; {did_you_mean(step, names) or 'it has: ' + ', '.join(names)}"
            )
        by_step[step] = _answer(step, value, program)
    return Answers(by_step)


def _answer(step: str, value: str, program: Program) -> Any:
    if Path(value).is_file():
        return read_document(Path(value)).data
    planned = next(p for p in program.steps if p.name == step).planned
    if value in planned.outcomes or failure_said(value):
        return value
    if value.startswith(("{", "[")):
        return parse_yaml(value, f"--answer {step}").data
    words = ", ".join(planned.outcomes)
    raise click.UsageError(
        f"--answer {step}: there is no file `{value}`, and `{step}` knows no such outcome (it has: {words or 'none'})"
    )
