"""What has happened in a run and is not in the journal yet: handed over in one write, waited for where it matters."""

from __future__ import annotations

import time

from orderloom.journal import Event, Journal, Landing, Lease, Standing, Taken

HELD_S = 0.005  # results of pure nodes, before they are handed to the journal


class Notes:
    """The notes of one run. `task` is the one by which a person did what is noted now."""

    def __init__(self, journal: Journal, lease: Lease) -> None:
        self._journal, self._lease = journal, lease
        self._events: list[Event] = []
        self._since: float | None = None  # when something was first held back
        self._signals: list[str] = []
        self.task: Taken | None = None
        self._written: list[Landing[bool]] = []

    def add(self, event: Event) -> None:
        """Something has happened."""
        self._events.append(event)

    def had(self, signal: str) -> None:
        """The run has had that event from outside: written with what is noted of it, and not told again."""
        self._signals.append(signal)

    def take_task(self, taken: Taken) -> None:
        """What is noted now is what a person did about a task: nobody else can take it."""
        self.task = taken

    @property
    def has_events(self) -> bool:
        """Whether something has happened that was not handed over."""
        return bool(self._events)

    def submit(self, standing: Standing | None = None) -> None:
        """Hand all of it to the journal in one write, with how the run stands if it is let go."""
        if not (self._events or self._signals or self.task or standing):
            return
        landing: Landing[bool] = Landing()
        self._journal.append(self._lease, self._events, standing, self._signals, self.task, landing)
        self._events, self._signals, self.task, self._since = [], [], None, None
        self._written.append(landing)

    def submit_if_late(self) -> None:
        """What costs nothing to have again may wait for the next write, but not for long."""
        if self._since is None:
            self._since = time.monotonic()
        elif time.monotonic() - self._since > HELD_S:
            self.submit()

    async def flush(self) -> bool:
        """Wait until all that has happened is on the disk; what the last write told."""
        self.submit()
        written, self._written = self._written, []
        told = False
        for one in written:
            told = await one
        return told
