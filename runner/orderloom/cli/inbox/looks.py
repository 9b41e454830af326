"""`orderloom inbox list` and `show`."""

from __future__ import annotations

import click

KINDS = (  # as run/telling/tasks.py has them
    "approve", "edit", "choose", "task", "question", "parked", "in_doubt", "undo", "stuck", "changed", "event", "time",
)  # fmt: skip
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.command("list", short_help="list what waits for people")
@click.option("--desk", metavar="NAME", help="Of this desk alone.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind alone; `event` and `time` are nobody's task.")
@click.option("--flow", metavar="NAME", help="Of this flow alone.")
@AS_JSON
def list_(desk: str | None, kind: str | None, flow: str | None, as_json: bool) -> None:
    """List what waits for people, the oldest first; with --json one object a task."""
    from orderloom.cli.inbox.telling import listed  # noqa: PLC0415 (so that --help stays quick)

    listed(desk=desk, kind=kind, flow=flow, as_json=as_json)


@click.command("show", short_help="show a task with its data")
@click.argument("task")
@AS_JSON
def show(task: str, as_json: bool) -> None:
    """Show TASK: the question or the error, why, the document or the inputs, and the commands that deal with it."""
    from orderloom.cli.inbox.telling import shown  # noqa: PLC0415

    shown(task, as_json=as_json)
