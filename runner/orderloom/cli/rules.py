"""`orderloom rules eval|show|check`: ask a table, draw it, find its mistakes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from orderloom.rules import DecisionTable

_TABLE = click.argument("table", metavar="TABLE")


@click.group("rules", short_help="evaluate, show and check rule tables")
def command() -> None:
    """Rule tables: TABLE is a file, or the name of a table of the project or of those shipped."""


@command.command("eval")
@_TABLE
@click.option("--input", "columns", metavar="COLUMNS.json", help="Column values by name; `-` reads standard input.")
@click.option("--facts", metavar="FACTS.json", help="The documents that the columns read; `-` reads standard input.")
@click.option("--why", is_flag=True, help="Also say for every other row which cell failed.")
@click.option("--json", "as_json", is_flag=True, help="The decision as one JSON object.")
def evaluate(table: str, columns: str | None, facts: str | None, why: bool, as_json: bool) -> None:
    """Decide by TABLE for given column values, documents, or both."""
    if columns is None and facts is None:
        raise click.UsageError("say what to decide on: --input COLUMNS.json, --facts FACTS.json, or both")
    if columns == facts == "-":
        raise click.UsageError("standard input can hold the columns or the facts, not both")
    from datetime import UTC, datetime  # noqa: PLC0415

    from orderloom.declare import NodeError  # noqa: PLC0415
    from orderloom.model.written import read_figures  # noqa: PLC0415

    asked = _read(table).at(datetime.now(UTC))
    given, documents = _mapping(columns), read_figures(_mapping(facts))
    _refuse_unknown(asked, given, columns)
    try:
        decision = asked.decide(documents, given)
    except NodeError as error:
        _refused(asked, error, as_json)
    if as_json:
        click.echo(json.dumps(decision.as_json(why), ensure_ascii=False))
    else:
        click.echo(_in_words(decision.as_json(why), [str(one) for one in decision.rejected] if why else []))


@command.command("show")
@_TABLE
def show(table: str) -> None:
    """Draw TABLE."""
    from orderloom.rules.show import draw_lines, draw_plain, draw_rich, fits, grid_of  # noqa: PLC0415

    read = _read(table)
    grid = grid_of(read)
    if not sys.stdout.isatty():
        click.echo(draw_plain(grid), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 (slow to import)

    console = Console()
    if fits(grid, console.width):
        console.print(draw_rich(grid))
    else:
        click.echo(draw_lines(read), nl=False)


@command.command("check")
@_TABLE
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(table: str, format_: str) -> None:
    """Find every mistake in TABLE and run its cases."""
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.rules import check_table, read_table  # noqa: PLC0415

    path = _find(table)
    try:
        read = read_table(path)
        problems = tuple(check_table(read))
    except ProblemsError as error:
        read, problems = None, error.problems
    render.show(problems, "json" if format_ == "json" else "text")
    if read is not None and not problems and format_ == "text":
        cases = "1 case" if len(read.cases) == 1 else f"{len(read.cases)} cases"
        rows = "1 row" if len(read.rows) == 1 else f"{len(read.rows)} rows"
        click.echo(f"{read.name}: {rows}, {cases}, no findings", err=True)
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def _read(name: str) -> DecisionTable:
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.rules import read_table  # noqa: PLC0415

    try:
        return read_table(_find(name))
    except ProblemsError as error:
        render.show(error.problems)
        raise click.exceptions.Exit(1) from None


def _find(name: str) -> Path:
    """The file of that name, or the table of that name in the project, or a shipped one."""
    from orderloom.project import find_project, shipped  # noqa: PLC0415

    if Path(name).is_file():
        return Path(name)
    project = find_project()
    folders = [folder for folder in (project.rules if project else None, Path("rules"), shipped() / "rules") if folder]
    wanted = name.removesuffix(".table.yaml") + ".table.yaml"
    found = next((folder / wanted for folder in folders if (folder / wanted).is_file()), None)
    if found is None:
        _not_found(name, folders)
    return found


def _not_found(name: str, folders: list[Path]) -> NoReturn:
    from orderloom.problems import did_you_mean  # noqa: PLC0415

    known = sorted(
        {file.name.removesuffix(".table.yaml") for folder in folders for file in folder.glob("*.table.yaml")}
    )
    hint = did_you_mean(name, known) or (f"there are: {', '.join(known)}" if known else "give the path of its file")
    raise click.UsageError(f"there is no table `{name}`; {hint}")


def _mapping(file: str | None) -> Mapping[str, Any]:
    """The JSON object (or YAML mapping) in a file or on standard input."""
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import Place, Problem, ProblemsError  # noqa: PLC0415
    from orderloom.source import parse_json, read_document  # noqa: PLC0415

    if file is None:
        return {}
    text = sys.stdin.read() if file == "-" else None
    try:
        document = parse_json(text, "-") if text is not None else read_document(Path(file))
    except ProblemsError as error:
        problems = error.problems
    else:
        if isinstance(document.data, dict):
            return document.data
        problems = (
            Problem("D035", "an object of names and values is needed", Place(file, 1, 1), 'for example {"total": 5}'),
        )
    render.show(problems, sources={"-": text} if text is not None else None)
    raise click.exceptions.Exit(1)


def _refuse_unknown(table: DecisionTable, given: Mapping[str, Any], file: str | None) -> None:
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import Place, Problem, did_you_mean  # noqa: PLC0415

    known = [column.name for column in table.inputs]
    problems = [
        Problem(
            "D035",
            f"table {table.name} has no input `{name}`",
            Place(file or "-"),
            did_you_mean(name, known) or f"its inputs are: {', '.join(known)}",
        )
        for name in given
        if name not in known
    ]
    if problems:
        render.show(problems)
        raise click.exceptions.Exit(1)


def _refused(table: DecisionTable, error: Any, as_json: bool) -> NoReturn:
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import Problem  # noqa: PLC0415

    codes = {"no_match": "D030", "conflict": "D031", "missing_fact": "D032", "wrong_type": "D033"}
    if as_json:
        click.echo(json.dumps({"table": table.name, "error": error.error_class, "message": error.message}))
    render.show([Problem(codes.get(error.error_class, "D034"), error.message, table.place)])
    raise click.exceptions.Exit(1)


def _in_words(told: Mapping[str, Any], rejected: list[str]) -> str:
    results = told["outputs"] if isinstance(told["outputs"], list) else [told["outputs"]]
    lines = [f"{told['table']}: {told['outcome']}"]
    spelt = [{name: json.dumps(value, ensure_ascii=False) for name, value in outputs.items()} for outputs in results]
    lines += ["  " + ", ".join(f"{name} = {value}" for name, value in outputs.items()) for outputs in spelt]
    lines += [f"because  {told['why']}", *(f"not      {reason}" for reason in rejected)]
    return "\n".join(lines)
