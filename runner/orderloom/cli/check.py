"""`orderloom check [PATHS]`: every mistake in flows, tables and connections, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orderloom.cli import completing
from orderloom.cli.findings import format_option

if TYPE_CHECKING:
    from orderloom.cli.render import Format


@click.command("check", short_help="find every mistake in flows, tables and connections")
@click.argument("paths", nargs=-1, shell_complete=completing.flows)
@click.option("--fix", is_flag=True, help="Mend what has one certain mend, in the files; then check what is left.")
@click.option("--watch", is_flag=True, help="Check again whenever a file of the project changes, until Ctrl-C.")
@format_option
def command(paths: tuple[str, ...], fix: bool, watch: bool, form: Format) -> None:
    """Check PATHS: files, folders, or flows by name. Without PATHS the project, or, outside of one, the shipped flows.

    Exit code: 0 no error (warnings do not count), 1 errors, 2 a path is not there, 130 interrupted.
    """
    if watch and fix:
        raise click.UsageError("--watch and --fix do not go together: it would write into a file that you are editing")
    if watch:
        from orderloom.cli.checking.watching import watch as again_and_again  # noqa: PLC0415

        again_and_again(paths, form)
    from orderloom.cli.checking import check_paths  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(check_paths(paths, form, fix))
