"""Whoever lets go of things in a simulated world: erases people, prunes history; and what was there before.

Each is a command of its own, which may be killed at any of its writes, or find the disk full. What runs were like
before is remembered here: all that is promised of them is checked at the end as if nothing had been let go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from orderloom.journal import KEPT, Event, Journal, JournalUnusableError, Run, erasing
from orderloom.run.forgetting.person import Forgetting, OpenRunsError
from orderloom.run.forgetting.pruning import Pruning
from orderloom.run.kept.pins import Pins
from orderloom.settings import Keep
from tests.simulation import flows
from tests.simulation.hands import HandLane
from tests.simulation.outside import lines
from tests.simulation.process import Place


@dataclass(frozen=True)
class Past:
    """A run that had ended, before anything of it was let go."""

    run: Run
    events: list[Event]
    steps: str


@dataclass
class Clerk:
    """`past` has the runs by their id, `messages` all that has lain in the outbox."""

    place: Place
    past: dict[str, Past] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)

    def erase(self, buyer: str, writes: int | None = None) -> bool:
        """`runs erase` of that buyer, killed after so many writes; whether it came to its end."""
        return self._command(partial(self._erase, buyer), writes)

    def prune(self, keep: Keep, writes: int | None = None) -> bool:
        """`runs prune`, killed after so many writes."""
        return self._command(partial(self._prune, keep), writes)

    def _erase(self, buyer: str, journal: Journal) -> bool:
        place, names = self.place, (flows.address_of(buyer),)
        connections = lines(place.outside, place.loop, place.stock, place.mail)
        pins = Pins(journal, None, flows.Reopening(other=False))
        forgetting = Forgetting(journal, pins, connections, place.folder, names)
        try:
            forgetting.erase(forgetting.look())
        except OpenRunsError as refusal:
            place.tell(f"not erased: {refusal}")
            return False
        if not erasing.scrub(place.file, 0.0):
            return False
        self._look_for(flows.words_of(buyer))
        place.tell(f"nothing of {buyer} is left")
        return True

    def _prune(self, keep: Keep, journal: Journal) -> bool:
        for _ in Pruning(journal, keep).prune():
            pass
        return True

    def _remember(self, journal: Journal) -> None:
        for run in journal.select_runs("ended IS NOT NULL AND payload = ?", (KEPT,)):
            self.past[run.id] = Past(run, journal.events(run.number), journal.steps(run))
        outbox = self.place.folder / "outbox"
        self.messages |= {file.name: file.read_text("utf-8") for file in outbox.glob("*.eml")}

    def _look_for(self, words: Iterable[str]) -> None:
        """No byte of any file says them any more."""
        for file in _files(self.place.folder):
            content = file.read_bytes().lower()
            for word in words:
                if word.lower().encode() in content:
                    self.place.complain(f"{word} was erased, and stands in {file.name}")

    def _command(self, work: Callable[[Journal], bool], writes: int | None) -> bool:
        made: list[HandLane] = []

        def lane(file: Path, db: sqlite3.Connection, _committing: object) -> HandLane:
            made.append(HandLane(file, db, self.place.disk, writes))
            return made[0]

        try:
            with closing(Journal(self.place.file, self.place.clock, "clerk", lane=lane)) as journal:
                self._remember(journal)
                return work(journal)
        except JournalUnusableError as stopped:
            self.place.tell(f"it is stopped: {stopped}")
            if not made[0].dead:
                made[0].die(0)
            if not (self.place.disk.has_failed or writes is not None):
                self.place.complain(f"what is let go of: {stopped}")
            return False


def spans(hours: tuple[int | None, int | None]) -> Keep:
    payloads, runs = (None if one is None else timedelta(hours=one) for one in hours)
    return Keep(payloads, runs)


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.endswith("-shm")]
