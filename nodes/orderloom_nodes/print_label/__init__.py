"""Sends a label to the printer in the packing room; while it is off, the label waits."""

from __future__ import annotations

from datetime import timedelta

from orderloom import ConnectionFailedError, LabelPrinting, Later, Outcome, Setting, World, node
from orderloom.model import Label

LONGEST_MIN = 15


class Printed(Outcome, name="printed"):
    """The printer has it. `duplicate`: it may have had it before, and the label says so."""

    label: Label
    duplicate: bool


@node("print-label", effects="keyed")
def print_label(label: Label, world: World, connection: Setting[str] = "printer") -> Printed | Later:
    """Print a label that was made or bought; nothing is bought here, however often it is tried.

    A printer that does not answer is tried again after 1, 2, 4, 8 and then every 15 minutes: the run waits. A step's
    `timeout` ends that. Printed again, by another step or another run, the label is marked DUPLICATE.
    """
    try:
        job = world.connection(connection, LabelPrinting).print(label, world.key)
    except ConnectionFailedError as failed:
        if failed.error_class != "unavailable":
            raise
        tries = int((world.state or {}).get("tries", 0)) + 1
        pause = timedelta(minutes=min(2 ** (tries - 1), LONGEST_MIN))
        return Later(world.now() + pause, {"tries": tries, "because": failed.message})
    return Printed(label=label, duplicate=job.duplicate)
