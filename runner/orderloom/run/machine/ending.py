"""How a run comes to its end, and what happens when nothing runs any more (rules 24, 25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderloom.run.machine import subflows, undoing
from orderloom.run.machine.doubt import withdrawn

if TYPE_CHECKING:
    from orderloom.run.machine.interpreter import Interpreter


def may_end_as(run: Interpreter, word: str) -> bool:
    """The first end stands, but `cancelled` overrides it."""
    return run.end is None or (word == "cancelled" and run.end != subflows.STOPPED)


def come_to(run: Interpreter, word: str) -> None:
    """Nothing new starts; what waits is withdrawn, what may have taken effect already is left to a person."""
    run.end = word
    in_doubt = [one.call for one in run.retries if one.call.in_doubt and not one.call.undo]
    run.running -= len(run.open) + len(run.retries)
    run.ready, run.retries = [], []
    run.open.clear()
    for call in in_doubt:
        run.fail(call, withdrawn(call))
    for child in list(run.children.values()):
        stop(child)


def stop(run: Interpreter) -> None:
    """The run around this subflow has come to an end."""
    if run.end is None:
        come_to(run, subflows.STOPPED)
        wind_up(run)


def wind_up(run: Interpreter) -> None:
    """Where nothing runs any more: take back what was done, and leave the flow around this one."""
    if run.running or (run.ready and run.undos is None):  # a person has had a call made again after the end
        return
    if run.end == "cancelled" and not run.parked and run.undos is None:
        undoing.begin(run)
    if run.parent and not run.ready and not run.parked:
        subflows.leave(run, run.parent)
