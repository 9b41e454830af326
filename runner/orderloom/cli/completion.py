"""`orderloom completion SHELL`: the script by which a shell completes what is typed."""

from __future__ import annotations

import click


@click.command("completion", short_help="print what makes the shell complete names")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script for SHELL, to be read when the shell starts.

    In ~/.bashrc: eval "$(orderloom completion bash)"; in ~/.zshrc, behind compinit: eval "$(orderloom completion zsh)";
    for fish: orderloom completion fish > ~/.config/fish/completions/orderloom.fish
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    from orderloom.cli import COMPLETE, completing  # noqa: F401, PLC0415 (which registers our own for bash)

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "orderloom", COMPLETE).source(), nl=False)
