"""`orderloom rules eval`: ask a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from orderloom.cli.rules.reasons import as_reasons, in_words, reasons
from orderloom.cli.rules.tables import read, table_argument

if TYPE_CHECKING:
    from orderloom.rules import DecisionTable


@click.command("eval")
@table_argument
@click.option(
    "--input",
    "columns",
    metavar="FILE",
    help="Column values by name, as JSON; `-` reads standard input. With --out, orders: .csv, .jsonl or .parquet.",
)
@click.option("--facts", metavar="FACTS.json", help="The documents that the columns read; `-` reads standard input.")
@click.option("--why", is_flag=True, help="Also say for every other row which cell failed, and which missed by one.")
@click.option("--row", metavar="ID", help="With --why: every cell of this row.")
@click.option("--out", type=click.Path(path_type=Path), help="Decide on all orders of --input and write them here.")
@click.option("--json", "as_json", is_flag=True, help="The decision as one JSON object.")
def command(
    table: str, columns: str | None, facts: str | None, why: bool, row: str | None, out: Path | None, as_json: bool
) -> None:
    """Decide by TABLE for given column values, documents, or both; or for all orders of a file."""
    _check_options(columns, facts, why, row, out)
    from datetime import UTC, datetime  # noqa: PLC0415

    from orderloom.declare import NodeError  # noqa: PLC0415
    from orderloom.model.written import read_figures  # noqa: PLC0415

    asked = read(table).at(datetime.now(UTC))
    if out is not None and columns is not None:
        _evaluate_file(asked, Path(columns), out)
        return
    given, documents = mapping(columns), read_figures(mapping(facts))
    _refuse_unknown(asked, given, columns)
    try:
        decision = asked.decide(documents, given)
    except NodeError as error:
        _refused(asked, error, as_json)
    if as_json:
        click.echo(json.dumps(as_reasons(decision, row) if why else decision.as_json(), ensure_ascii=False))
    else:
        click.echo("\n".join([*in_words(decision.as_json()), *(reasons(decision, row) if why else [])]))


def _check_options(columns: str | None, facts: str | None, why: bool, row: str | None, out: Path | None) -> None:
    if columns is None and facts is None:
        raise click.UsageError("say what to decide on: --input COLUMNS.json, --facts FACTS.json, or both")
    if columns == facts == "-":
        raise click.UsageError("standard input can hold the columns or the facts, not both")
    if row is not None and not why:
        raise click.UsageError("--row says which row --why is to tell about: give --why too")
    if out is not None and (columns in {None, "-"} or facts is not None or why):
        raise click.UsageError(
            "--out takes the orders of a file: --input ORDERS.csv, .jsonl or .parquet, and nothing else"
        )
    if (
        out is None
        and columns is not None
        and Path(columns).suffix.lower() in {".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"}
    ):
        raise click.UsageError(f"{columns} holds many orders: say with --out where the decided ones go")


def _evaluate_file(table: DecisionTable, given: Path, out: Path) -> None:
    try:
        from orderloom.cli.rules.eval_file import evaluate_file  # noqa: PLC0415 (numpy is an extra)

        evaluate_file(table, given, out)
    except ModuleNotFoundError as error:
        extra = {"numpy": "batch", "pyarrow": "files,batch"}.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        raise click.UsageError(f"this needs {error.name}: pip install 'orderloom[{extra}]'") from None


def mapping(file: str | None) -> Mapping[str, Any]:
    """The JSON object (or YAML mapping) in a file or on standard input."""
    from orderloom.cli.failure import refused  # noqa: PLC0415
    from orderloom.problems import Place, Problem, ProblemsError  # noqa: PLC0415
    from orderloom.source import parse_json, read_document  # noqa: PLC0415

    if file is None:
        return {}
    text = sys.stdin.read() if file == "-" else None
    sources = {"-": text} if text is not None else None
    try:
        document = parse_json(text, "-") if text is not None else read_document(Path(file))
    except ProblemsError as error:
        refused(error.problems, sources=sources)
    if not isinstance(document.data, dict):
        message, example = "an object of names and values is needed", 'for example {"total": 5}'
        refused([Problem("D035", message, Place(file, 1, 1), example)], sources=sources)
    return document.data


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
