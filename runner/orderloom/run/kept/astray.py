"""Whether an open run waits for what the journal lists: played back, it must come to the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orderloom.journal import Journal, Pending, Run
from orderloom.run.kept.pins import PinError, Pins
from orderloom.run.kept.records import RecordError
from orderloom.run.kept.replay import replay
from orderloom.run.kept.resting import pending_of

_APART = "changed"  # a task beside what the interpreter knows of


@dataclass(frozen=True)
class Astray:
    """What it waits for when played back, and what is listed; or why it cannot be played back at all."""

    played: Sequence[str] = ()
    listed: Sequence[str] = ()
    unplayed: str | None = None


def astray(journal: Journal, pins: Pins, run: Run) -> Astray | None:
    """None where all is as it should be."""
    try:
        played = replay(pins.program(run.pin), journal.events(run.number))
    except (PinError, RecordError) as error:
        return Astray(unplayed=str(error))
    waits = pending_of(played.interpreter, played.since, played.again_at, journal.clock.now())
    made, listed = _names(waits), _names(journal.pending("run = ?", (run.number,)))
    called = sorted(f"{place[0]} (a call that was begun)" for place in played.calls)
    return None if made == listed and not called else Astray([*made, *called], listed)


def _names(waits: Iterable[Pending]) -> list[str]:
    """Each by its step, item and kind."""
    told = [one for one in waits if one.kind != _APART]
    return sorted(f"{one.step}{'' if one.item is None else f'[{one.item + 1}]'} ({one.kind})" for one in told)
