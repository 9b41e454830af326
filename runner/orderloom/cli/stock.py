"""`orderloom stock`: whether what is reserved adds up."""

from __future__ import annotations

import click


@click.group("stock", short_help="check that reserved stock adds up")
def command() -> None:
    """What stands as reserved against the reservations that hold it."""


@command.command("audit")
@click.option("--connection", default="stock", show_default=True, metavar="NAME", help="Whose stock.")
@click.option("--mend", is_flag=True, help="Count the sums anew from the open reservations.")
def audit(connection: str, mend: bool) -> None:
    """Compare each sum of reserved units with the open reservations, once those whose time is over are given up.

    Exit code: 0 they add up, or are mended; 1 they do not.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 (so that --help stays quick)
    from pathlib import Path  # noqa: PLC0415

    from orderloom.project import find_project  # noqa: PLC0415
    from orderloom.world.located import connections_of  # noqa: PLC0415
    from orderloom.world.protocols import AuditedStock  # noqa: PLC0415

    stock = connections_of(find_project(), Path.cwd() / "connections.yaml")[connection]
    if not isinstance(stock, AuditedStock):
        raise click.UsageError(f"the connection `{connection}` keeps no reservations that could be audited")
    stock.expire(datetime.now(UTC))
    wrong = stock.mend() if mend else stock.audit()
    for found in wrong:
        click.echo(f"{found}{': mended' if mend else ''}")
    if not wrong:
        click.echo("reserved stock adds up")
    raise click.exceptions.Exit(1 if wrong and not mend else 0)
