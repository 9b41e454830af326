"""`orderloom capture`: a payload in, its canonical orders (or returns) out, one JSON object a line or a short table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orderloom.cli import completing

if TYPE_CHECKING:
    from orderloom.declare import Node, Payload
    from orderloom.problems import Problem

HEADINGS = ("order", "ordered", "lines", "units", "total", "payment", "ships to", "order_id")
RETURN_HEADINGS = ("return", "requested", "lines", "units", "reasons", "order_id")


@click.command("capture", short_help="print the canonical orders of a payload")
@click.argument("file", metavar="FILE", shell_complete=completing.files)
@click.option("--format", "format_", metavar="F", help="The payload's format; recognised when not given.")
@click.option("--document", type=click.Choice(["order", "return"]), default="order", help="What FILE holds.")
@click.option("--account", default="main", metavar="NAME", help="The shop's account that the orders come from.")
@click.option(
    "--columns", metavar="MAP", shell_complete=completing.files, help="The column map of a .csv or .xlsx file."
)
@click.option("--json", "as_json", is_flag=True, help="One canonical document a line on standard output.")
def command(file: str, format_: str | None, document: str, account: str, columns: str | None, as_json: bool) -> None:
    """Print the canonical orders of FILE (a file, a folder, JSON lines, or - for standard input).

    Exit code: 0 all were read, 1 one could not be read (its problems stand on standard error), 2 FILE is not there.
    """
    from orderloom.cli import render  # noqa: PLC0415 (so that --help stays quick)
    from orderloom.declare import PassedOver, Revising, Unreadable  # noqa: PLC0415
    from orderloom.packs import catalogue  # noqa: PLC0415
    from orderloom.run.arrivals.intake import none_in, payloads  # noqa: PLC0415

    node = catalogue().find("capture")
    settings = {"document": document, "account": account, **_columns(node, columns)}
    rows: list[tuple[str, ...]] = []
    met = unread = 0
    others: Counter[str] = Counter()
    for payload in payloads(file, format=format_, account=account):
        for found in node.call(payload=payload, **settings):
            met += 1
            if isinstance(found, Unreadable):
                unread += 1
                _show(found.problems, payload)
            elif isinstance(found, PassedOver):
                others[found.reason] += found.count
            else:
                read = _document(found.outcome if isinstance(found, Revising) else found)
                if isinstance(found, Revising):
                    click.echo(f"{read.order_id}: this revises an order that came before, and begins none", err=True)
                if as_json:
                    click.echo(read.model_dump_json(exclude_none=True))
                else:
                    rows.append(_row(read))
    if rows:
        _table(rows, RETURN_HEADINGS if document == "return" else HEADINGS)
    for reason, count in sorted(others.items()):
        click.echo(f"left out {count}: {reason}", err=True)
    if not met:
        render.show([none_in(file)])
    raise click.exceptions.Exit(1 if unread else 0)


def _columns(node: Node, path: str | None) -> dict[str, Any]:
    """The column map at that path, as the node takes it."""
    if path is None:
        return {}
    from orderloom.problems import COMMAND_LINE  # noqa: PLC0415

    parameter = next(one for one in node.published if one.name == "columns")
    return {"columns": parameter.resource.load_setting(path, COMMAND_LINE, [Path.cwd()])}


def _document(found: Any) -> Any:
    return found.request if hasattr(found, "request") else found.order


def _show(problems: tuple[Problem, ...], payload: Payload) -> None:
    from orderloom.cli import render  # noqa: PLC0415

    render.show(problems, sources={payload.name: payload.data.decode("utf-8", errors="replace")})


def _row(found: Any) -> tuple[str, ...]:
    units = sum(line.quantity for line in found.lines)
    if hasattr(found, "return_id"):
        reasons = ", ".join(dict.fromkeys(line.reason for line in found.lines))
        name, day = found.rma_number or found.return_id, found.requested_at
        return (name, f"{day:%Y-%m-%d}", str(len(found.lines)), str(units), reasons, found.order_id)
    address = found.shipping_address
    where = " ".join(filter(None, (address.city, address.region_code, address.country_code))) if address else "-"
    total, paid = str(found.totals.grand_total), found.payment.status
    number, day = found.order_number or "-", f"{found.ordered_at:%Y-%m-%d}"
    return (number, day, str(len(found.lines)), str(units), total, paid, where, found.order_id)


def _table(rows: list[tuple[str, ...]], headings: tuple[str, ...]) -> None:
    from orderloom.cli.render import visible  # noqa: PLC0415

    shown = [tuple(visible(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *shown, strict=True)]
    for row in (headings, *shown):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
