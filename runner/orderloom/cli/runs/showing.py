"""`orderloom runs show RUN`: how one run went."""

from __future__ import annotations

import click

from orderloom.cli.runs.options import AS_JSON

FORMATS = click.Choice(["text", "mermaid", "dot"])


@click.command("show", short_help="show how a run went")
@click.argument("run")
@click.option("--step", help="This step alone.")
@click.option("--full", is_flag=True, help="Values whole, personal data too; secrets and card numbers never.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True, help="Or as a graph to draw.")
@AS_JSON
def command(run: str, step: str | None, full: bool, form: str, as_json: bool) -> None:
    """Show the way that RUN went: each step with when, how long, how often, what went in and came out, and why.

    Without --full values are shortened, and personal data is hidden.
    """
    from orderloom.cli.runs.shown import show  # noqa: PLC0415 (so that --help stays quick)

    show(run, step=step, full=full, form=form, as_json=as_json)
