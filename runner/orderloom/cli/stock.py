"""`orderloom stock`: counts taken over from files, and whether what is reserved adds up."""

from __future__ import annotations

import click


@click.group("stock", short_help="import stock, check that what is reserved adds up")
def command() -> None:
    """Counts from files, and what stands as reserved against the reservations that hold it."""


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


@command.command("import")
@click.argument("folder", metavar="FOLDER")
@click.option("--connection", default="stock", show_default=True, metavar="NAME", help="Whose stock.")
def import_(folder: str, connection: str) -> None:
    """Take over the counts of FOLDER (locations.yaml, levels.csv) into a connection that keeps its own, a database.

    Every row is read before any is taken over. What is reserved there stays reserved. Negative counts are taken over
    and told: nothing of them is on offer. Exit code: 1 a file is wrong and nothing was changed.
    """
    from pathlib import Path  # noqa: PLC0415 (so that --help stays quick)

    from orderloom.project import find_project  # noqa: PLC0415
    from orderloom.world.located import connections_of  # noqa: PLC0415
    from orderloom.world.protocols import LoadedStock  # noqa: PLC0415
    from orderloom.world.stock import StockFiles  # noqa: PLC0415

    places, by_sku = StockFiles(Path(folder)).load()
    levels = [level for sku in sorted(by_sku) for level in by_sku[sku]]
    stock = connections_of(find_project(), Path.cwd() / "connections.yaml")[connection]
    if not isinstance(stock, LoadedStock):
        raise click.UsageError(f"the connection `{connection}` reads its files itself: put them there")
    stock.load(places, levels)
    for level in levels:
        if level.on_hand < 0:
            click.echo(f"stock alert: {level.sku} at {level.location_id} is {level.on_hand}: count it", err=True)
    click.echo(f"imported: {len(places)} locations, {len(levels)} levels")
