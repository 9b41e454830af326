"""`orderloom check [PATHS]`: every mistake in flows, tables and connections, all at once."""

from __future__ import annotations

from typing import Literal

import click


@click.command("check", short_help="find every mistake in flows, tables and connections")
@click.argument("paths", nargs=-1)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How findings are told.")
def command(paths: tuple[str, ...], format_: Literal["text", "json"]) -> None:
    """Check PATHS: files, folders, or flows by name. Without PATHS the project, or, outside of one, the shipped flows.

    Exit code: 0 no error (warnings do not count), 1 errors, 2 a path is not there.
    """
    from orderloom.cli.checking import check_paths  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(check_paths(paths, format_))
