"""`orderloom explain CODE`: what a code means, with a before and after; without CODE the list of all."""

from __future__ import annotations

import click

from orderloom.cli import completing


@click.command("explain", short_help="say what an error code means")
@click.argument("code", required=False, shell_complete=completing.error_codes)
def command(code: str | None) -> None:
    """Say what CODE means, as in error[Y024]; without CODE, list all codes."""
    from orderloom.codes import codes  # noqa: PLC0415 (so that --help stays quick)
    from orderloom.problems import did_you_mean  # noqa: PLC0415

    known = codes()
    if code is None:
        for name, meaning in known.items():
            click.echo(f"{name}  {meaning.title}")
        return
    name = code.strip("[] ").upper()
    if name not in known:
        near = did_you_mean(name, known) or "`orderloom explain` lists all codes"
        raise click.UsageError(f"there is no code `{code}`; {near}")
    meaning = known[name]
    click.secho(f"{name}: {meaning.title}", bold=True)
    click.echo(f"\n{meaning.why}\n\nbefore\n{_indented(meaning.before)}\n\nafter\n{_indented(meaning.after)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
