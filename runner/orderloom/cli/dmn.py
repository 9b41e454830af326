"""`orderloom dmn …`: models of the DMN standard are evaluated and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from orderloom.dmn import Answer, Model

_FILE = click.argument("file", metavar="FILE.dmn", type=click.Path(path_type=Path))


@click.group("dmn", short_help="evaluate and check models of the DMN standard")
def command() -> None:
    """Models of the DMN standard (1.1 to 1.6): decisions with what they require, whatever boxes they are made of.

    One that is a decision table is also a rule table: `orderloom rules show FILE.dmn#DECISION`.
    """


@command.command("eval")
@_FILE
@click.option("--decision", metavar="NAME", help="A decision, service or function; else the one that none requires.")
@click.option("--input", "facts", metavar="FACTS.json", help="Inputs by name; `-` reads standard input.")
@click.option("--why", is_flag=True, help="Also say for every other rule which test failed.")
@click.option("--json", "as_json", is_flag=True, help="The answer as one JSON object.")
def evaluate(file: Path, decision: str | None, facts: str | None, why: bool, as_json: bool) -> None:
    """Make a decision of FILE.dmn from facts; what cannot be decided is null, and the reason is told."""
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.cli.failure import DECISIONS, refused  # noqa: PLC0415
    from orderloom.cli.rules.evaluate import mapping  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415

    model, given = _checked(file), mapping(facts)
    try:
        answer = _asked(model, decision or _only(model), given)
    except ProblemsError as error:
        refused(error.problems, DECISIONS)
    render.show(answer.problems)
    told = _told(answer, why)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told))


@command.command("check")
@_FILE
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(file: Path, format_: str) -> None:
    """Find every mistake in FILE.dmn and in what it imports."""
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.cli.failure import exit_code  # noqa: PLC0415
    from orderloom.dmn import Decision, Model  # noqa: PLC0415
    from orderloom.problems import Problem, ProblemsError  # noqa: PLC0415

    try:
        model: Model | None = Model.load(_of_the_standard(file))
        problems: list[Problem] = model.check() if model else []
    except ProblemsError as error:
        model, problems = None, list(error.problems)
    render.show(problems, "json" if format_ == "json" else "text")
    if model is not None and not problems and format_ == "text":
        count = len(model.names(Decision))
        click.echo(f"{model.name}: {count} decision{'s' * (count != 1)}, no findings", err=True)
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise click.exceptions.Exit(exit_code(errors))


def _of_the_standard(file: Path) -> Path:
    """The file; one that is a table of ours is named with the command that it is for."""
    if file.name.endswith((".table.yaml", ".table.yml")) and file.is_file():
        words = click.get_current_context().info_name
        raise click.UsageError(f"{file} is a rule table: orderloom rules {words} {file}")
    return file


def _checked(file: Path) -> Model:
    """The model; one with mistakes is not asked anything."""
    from orderloom.cli.failure import refused  # noqa: PLC0415
    from orderloom.dmn import Model  # noqa: PLC0415

    model = Model.load(_of_the_standard(file))
    if errors := [problem for problem in model.check() if problem.severity == "error"]:
        refused(errors)
    return model


def _only(model: Model) -> str:
    from orderloom.dmn import Decision  # noqa: PLC0415

    if len(model.results) == 1:
        return model.results[0]
    names = ", ".join(f"`{name}`" for name in model.names(Decision)) or "none"
    raise click.UsageError(f"say which decision with --decision NAME; there are: {names}")


def _asked(model: Model, name: str, given: Mapping[str, Any]) -> Answer:
    from orderloom.dmn import KnowledgeModel, Service  # noqa: PLC0415

    if name in model.names(KnowledgeModel):
        return model.call(name, model.arguments(name, given))
    facts = model.facts(given)
    return model.call(name, facts) if name in model.names(Service) else model.decide(name, facts)


def _told(answer: Answer, why: bool) -> dict[str, Any]:
    from orderloom.dmn.facts import fact_out  # noqa: PLC0415

    return {
        "decision": answer.of,
        "value": fact_out(answer.value),
        "tables": [table.as_json(why) for table in answer.tables],
        "problems": [f"{problem.code} {problem.message}" for problem in answer.problems],
    }


def _in_words(told: dict[str, Any]) -> str:
    lines = [f"{told['decision']}: {json.dumps(told['value'], ensure_ascii=False)}"]
    for table in told["tables"]:
        lines.append(f"because  {table['of']}: {table['why']}")
        lines += [f"not      {reason}" for reason in table.get("rejected", ())]
    return "\n".join(lines)
