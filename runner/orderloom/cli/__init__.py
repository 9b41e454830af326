"""The command `orderloom`: one module per command, loaded when that command is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

COMMANDS = {
    "capture": "print the canonical orders of a payload",
    "check": "find every mistake in flows, tables and connections",
    "completion": "print what makes the shell complete names",
    "dmn": "evaluate and check models of the DMN standard",
    "doctor": "try the environment, the project and every connection",
    "event": "tell waiting runs what has happened",
    "explain": "say what an error code means",
    "export": "write a flow or a node for n8n",
    "graph": "draw a flow",
    "inbox": "see what waits for people, and answer it",
    "init": "make a project that passes check and runs",
    "nodes": "list, show and call nodes",
    "route": "plan many orders over shared stock",
    "rules": "evaluate, show, check and convert rule tables",
    "run": "run a flow on orders",
    "runs": "list, show, retry and cancel runs, and forget people",
    "schema": "write JSON Schemas for editors",
    "stats": "count what came in and what became of it",
    "stock": "import stock, check that what is reserved adds up",
    "test": "play the scenarios of flows",
    "work": "go on with whatever is due",
}
COMPLETE = "_ORDERLOOM_COMPLETE"  # set by the script of `orderloom completion`, as click reads it


class _Lazy(click.Group):
    """Knows its commands by name; imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"orderloom.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing:
            from orderloom.problems import did_you_mean  # noqa: PLC0415

            ctx.fail(
                f"there is no command `{args[0]}`; {did_you_mean(args[0], COMMANDS) or 'orderloom --help lists them'}"
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="orderloom", message="orderloom %(version)s")
def cli() -> None:
    """Order-management flows: checked before they run, every decision explained."""


def main() -> None:
    """The command's entry."""
    gc.set_threshold(50_000, 20, 20)  # modules and models stay: looking through them for garbage is time for nothing
    if COMPLETE in os.environ:
        from orderloom.cli import completing  # noqa: F401, PLC0415 (registers how bash is answered)
    sys.exit(invoke(sys.argv[1:]))


def invoke(arguments: list[str]) -> int:
    """Run one command; gives its exit code: 1 to 4 for a mistake of the user's, 70 for a bug of ours."""
    try:
        code = cli.main(arguments, prog_name="orderloom", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as usage:
        usage.show()
        return usage.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has enough
        return 0
    except Exception as error:
        from orderloom.cli.failure import told  # noqa: PLC0415

        return told(error)
