"""`orderloom event send`: tell waiting runs what has happened."""

from __future__ import annotations

import click

from orderloom.cli import completing


@click.group("event", short_help="tell waiting runs what has happened")
def command() -> None:
    """What happens outside: a parcel is delivered, a return inspected, a customer has answered."""


@command.command("send", short_help="send an event to the runs that wait for it")
@click.argument("name")
@click.option("--match", default="", metavar="VALUE", help="What it is about: the value by which runs wait for it.")
@click.option(
    "--data", metavar="FILE", shell_complete=completing.files, help="JSON of what it brings; - is standard input."
)
@click.option("--link", metavar="LINK", help="The link that a customer was sent, or its token, in place of --match.")
@click.option("--id", "id_", metavar="ID", help="By what it is known: the same id counts once.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def send(name: str, match: str, data: str | None, link: str | None, id_: str | None, as_json: bool) -> None:
    """Send the event NAME. It is on the disk before any run hears of it; nobody may be waiting yet, then it is kept.

    With --link the event counts only if the link was made here for it, and has not expired.

    Without --id the same event is one that says the same of the same: a webhook that comes again changes nothing.

    Exit code: 0 it is kept, 1 a run refuses its data or came to an exception, 4 a connection is missing.
    """
    from orderloom.cli.events import matched, sent  # noqa: PLC0415 (so that --help stays quick)

    match = matched(name, link) if link else match
    raise click.exceptions.Exit(sent(name, match, data, id_, as_json=as_json))


@command.command("track", short_help="note what a carrier tells of parcels")
@click.argument("source", metavar="FILE", shell_complete=completing.files)
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a parcel.")
def track(source: str, as_json: bool) -> None:
    """Note what FILE (JSON; - is standard input) tells of parcels, and tell the runs what has ended.

    Known are EasyPost's trackers and webhooks, and {"tracking_number", "carrier", "events": [{"status", "at"}]}. A
    parcel that is delivered is the event parcel.delivered, one that is lost or goes back is parcel.failed, and a step
    that waits for its delivery fails as `refused`.

    Exit code: 0 all are noted, 1 a parcel was not sent from here.
    """
    from orderloom.cli.track import track as work  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(work(source, as_json=as_json))
