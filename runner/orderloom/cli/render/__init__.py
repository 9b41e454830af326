"""Findings in, what people or machines read out: text to standard error, all else to standard output."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Literal

import click

from orderloom.cli.render.machine import as_json
from orderloom.cli.render.text import as_text, count, visible
from orderloom.problems import Problem, in_order

Format = Literal["text", "json", "sarif", "github"]


def show(problems: Iterable[Problem], format: Format = "text", sources: Mapping[str, str] | None = None) -> None:  # noqa: A002
    """Print the findings; `sources` gives the text of files that cannot be read again (standard input)."""
    found = in_order(problems)
    if format != "text":
        click.echo(_as_data(found, format), nl=bool(found) or format != "github")
    elif found:
        click.echo(as_text(found, sources), err=True, color=False if os.environ.get("NO_COLOR") else None)


def _as_data(found: list[Problem], format: Format) -> str:  # noqa: A002
    if format == "json":
        return as_json(found)
    if format == "sarif":
        from orderloom.cli.render.sarif import as_sarif  # noqa: PLC0415 (reads what every code means)

        return as_sarif(found)
    from orderloom.cli.render.github import as_commands  # noqa: PLC0415

    return as_commands(found)


__all__ = ["Format", "as_json", "as_text", "count", "show", "visible"]
