"""The option `--format` of commands that tell findings. Apart from `render`, so that --help stays quick."""

from __future__ import annotations

import click

FORMATS = ("text", "json", "sarif", "github")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How findings are told: in words, as JSON, as SARIF 2.1.0, or as commands that GitHub makes annotations of.",
)
