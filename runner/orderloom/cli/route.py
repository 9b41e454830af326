"""`orderloom route`: many orders over the stock there is, planned together, or one policy tried against another."""

from __future__ import annotations

import click

from orderloom.cli import completing


@click.command("route", short_help="plan many orders over shared stock")
@click.option(
    "--batch", "source", required=True, metavar="ORDERS", shell_complete=completing.files,
    help="A file or folder of orders, JSON lines (.jsonl), or - for standard input.",
)  # fmt: skip
@click.option("--policy", metavar="FILE", help="The settings of the node `route`, in YAML: strategy, costs, promise.")
@click.option("--against", metavar="FILE", help="Another policy: both are tried on these orders, one after another.")
@click.option("--time-limit", type=click.FloatRange(1, 86_400), default=60.0, show_default=True, metavar="SECONDS")
@click.option("--output", metavar="FILE", help="The allocations, one JSON object a line.")
@click.option("--reserve", is_flag=True, help="Promise the units that are planned to their orders.")
@click.option("--connection", default="stock", show_default=True, metavar="NAME", help="Whose stock.")
@click.option("--json", "as_json", is_flag=True, help="The totals, and the proof, as JSON.")
def command(
    source: str,
    policy: str | None,
    against: str | None,
    time_limit: float,
    output: str | None,
    reserve: bool,
    connection: str,
    as_json: bool,
) -> None:
    """Plan all orders of ORDERS together: exact one by one, then better until the time is over or the gap is closed.

    Nothing is reserved without --reserve. With --against nothing is planned: past orders are routed one by one by both
    policies, each at the time at which it came, and the difference is told.

    Exit code: 0 every order is planned, 1 one is short, was left out or could not be read, or another order was faster.
    """
    from orderloom.cli.routing import Wanted, route_all  # noqa: PLC0415 (so that --help stays quick)

    if against and reserve:
        raise click.UsageError("--against only compares: leave --reserve out")
    wanted = Wanted(source, policy, against, time_limit, output, reserve, connection, as_json)
    raise click.exceptions.Exit(route_all(wanted))
