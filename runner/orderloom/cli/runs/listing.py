"""`orderloom runs list`: which runs there are, newest first."""

from __future__ import annotations

from typing import Any

import click

from orderloom.cli import completing
from orderloom.cli.runs.options import AS_JSON, MOMENT


@click.command("list", short_help="list runs, newest first")
@click.option("--flow", shell_complete=completing.flows, help="Of this flow.")
@click.option("--status", help="A status, the word of an end, `open` or `ended`.")
@click.option("--key", help="With this business key.")
@click.option("--customer", metavar="WHO", help="Begun by an order of this e-mail address or customer's id.")
@click.option("--step", help="Those that came to this step.")
@click.option("--outcome", help="A step (--step, or any) had this outcome.")
@click.option("--error", metavar="CLASS", help="A step (--step, or any) failed so.")
@click.option("--since", type=MOMENT, help="Begun then or later: 2026-11-23, 2026-11-23T10:00, or 7d ago.")
@click.option("--until", type=MOMENT, help="Begun before then.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="So many.")
@click.option("--before", metavar="RUN", help="Those that follow this one in the list: the next page.")
@AS_JSON
def command(limit: int, before: str | None, customer: str | None, as_json: bool, **wanted: Any) -> None:
    """List the runs of the project, newest first; all that is said must be true of a run."""
    from orderloom.cli.runs.lines import listed  # noqa: PLC0415 (so that --help stays quick)

    given = {name: value for name, value in wanted.items() if value is not None}
    listed(given, limit=limit, before=before, customer=customer, as_json=as_json)
