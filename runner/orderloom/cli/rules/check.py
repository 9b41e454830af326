"""`orderloom rules check`: every mistake in a table, its cases, and the proof of what it leaves open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orderloom.cli.findings import format_option
from orderloom.cli.rules.tables import find, table_argument
from orderloom.cli.stages import Stages

if TYPE_CHECKING:
    from datetime import date

    from orderloom.cli.render import Format
    from orderloom.problems import Problem
    from orderloom.rules import DecisionTable
    from orderloom.rules.prove import Proof


@click.command("check")
@table_argument
@click.option("--orders", metavar="FILE", help="Past orders: findings are counted and sorted by them.")
@click.option("--fix", is_flag=True, help="Make the edits that are certain; with --all, also those that tidy.")
@click.option("--all", "everything", is_flag=True, help="Also what is no mistake: overlaps the policy settles.")
@click.option("--json", "as_json", is_flag=True, help="The proof as one JSON object.")
@format_option
def command(table: str, orders: str | None, fix: bool, everything: bool, as_json: bool, form: Format) -> None:
    """Find every mistake in TABLE, run its cases, and prove what it answers.

    Exit code: 0 no errors; 1 a mistake, a gap without a default, rows that contradict one another; 2 wrong usage.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.cli.failure import DECISIONS, exit_code  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.rules.load import read_parts  # noqa: PLC0415
    from orderloom.rules.needs import with_decision  # noqa: PLC0415

    file, decision = with_decision(table)
    path, today = find(file), datetime.now(UTC).date()
    if fix and path.suffix.lower() == ".dmn":
        raise click.UsageError("--fix edits tables of ours; a .dmn file is edited where it was drawn")
    made: list[dict[str, Any]] = []
    try:
        if fix:
            from orderloom.cli.rules.mending import mend_table  # noqa: PLC0415 (who only checks does not pay for it)

            made.extend(mend_table(path, today, everything))  # one by one: those before a refusal count
        read = read_parts(path, decision).table
        proof = _proof(read, orders, today)
        problems = _problems(read, proof, form)
    except ProblemsError as error:
        read, proof, problems = None, None, error.problems
    if as_json:
        click.echo(json.dumps(_told(proof, problems, made), ensure_ascii=False))
    else:
        render.show(problems, form)
        if read is not None and proof is not None and form == "text":
            _tell(read, proof, everything)
    if proof is None:
        raise click.exceptions.Exit(exit_code(problems, DECISIONS if path.suffix.lower() == ".dmn" else ()))
    if proof.failed or any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def _proof(table: DecisionTable, orders: str | None, today: date) -> Proof:
    from dataclasses import replace  # noqa: PLC0415

    from orderloom.rules.prove import prove  # noqa: PLC0415

    if orders is None:
        with Stages(table.name) as stages:
            return prove(table, today, stage=stages.at)
    from orderloom.cli.rules.past import read_past  # noqa: PLC0415 (capturing orders takes the node packs)

    if not Path(orders).exists():
        raise click.UsageError(f"there is no file `{orders}`")
    past = read_past(orders, table, today)
    with Stages(table.name) as stages:
        proof = prove(table, today, past.orders, stage=stages.at)
    return replace(proof, orders=len(past.orders) + past.unread, unread=proof.unread + past.unread)


def _problems(table: DecisionTable, proof: Proof, form: Format) -> tuple[Problem, ...]:
    """What reading and the cases found; as text and with `--json` the proof speaks for itself."""
    from orderloom.rules import check_table  # noqa: PLC0415
    from orderloom.rules.prove.told import problems_of  # noqa: PLC0415

    found = tuple(check_table(table))
    if form != "text":
        return (*found, *(one for one in problems_of(table, proof, most=None) if one.code != "D016"))
    return tuple(one for one in found if one.code != "D016")


def _told(proof: Proof | None, problems: tuple[Problem, ...], made: list[dict[str, Any]]) -> dict[str, Any]:
    from orderloom.cli import render  # noqa: PLC0415

    told = proof.as_json() if proof is not None else {"complete": False, "findings": []}
    return {**told, "fixed": made, **json.loads(render.as_json(problems))}


def _tell(table: DecisionTable, proof: Proof, everything: bool) -> None:
    from orderloom.cli.render import visible  # noqa: PLC0415
    from orderloom.rules.prove.drawing import draw, verdict  # noqa: PLC0415

    drawn = draw(proof, everything)
    if drawn:
        click.echo("\n".join(visible(line) for line in drawn.splitlines()))
    cases = f"{len(table.cases)} case{'s' * (len(table.cases) != 1)}"
    click.echo(f"{verdict(proof)}, {cases}", err=True)
