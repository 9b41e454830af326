"""`orderloom doctor`: what of this machine, this project and its connections would fail a run, and how to mend it."""

from __future__ import annotations

import click


@click.command("doctor", short_help="try the environment, the project and every connection")
@click.option("--offline", is_flag=True, help="Try no connection that asks another machine.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--timeout", "timeout_s", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, metavar="SECONDS",
    help="How long a connection may take to answer.",
)
def command(offline: bool, as_json: bool, timeout_s: float) -> None:
    """Look at Python, disk and packages, load every node, and try each connection of the project.

    A connection is opened, and asked something harmless where it can be: nothing is sent, bought or changed. Only what
    connections.yaml names is asked. Exit code: 0 no fault (warnings do not count), 4 a fault.
    """
    from orderloom.cli.doctor.telling import tell, tell_as_json  # noqa: PLC0415 (so that --help stays quick)
    from orderloom.cli.doctor.visit import visit  # noqa: PLC0415

    findings = visit(offline=offline, timeout_s=timeout_s)
    (tell_as_json if as_json else tell)(findings)
    raise click.exceptions.Exit(4 if any(finding.verdict == "fault" for finding in findings) else 0)
