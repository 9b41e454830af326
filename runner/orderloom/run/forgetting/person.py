"""Forgetting a person: everywhere in the journal, in what was quarantined, and where connections keep things here.

First all of it is looked up; then it is done, place by place. What was done once is found no more, so that after a
stop in between the same again does the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from orderloom.journal import FILE, Journal, Run, erasing
from orderloom.run.arrivals import quarantine
from orderloom.run.forgetting.erasing import Theirs, theirs
from orderloom.run.kept.pins import PinError, Pins
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.forgetting import Forgetful, Person, known_as

QUARANTINE = Path(FILE).parent / "quarantine"
_MOST_BYTES = 5_000_000  # larger files are not looked into for the person's name
_NOT_OURS = {".git", ".venv", "node_modules", "__pycache__"}


class OpenRunsError(Exception):
    """Runs that are not at their end hold the person's data, and need it."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        super().__init__(", ".join(f"{run.id} ({run.flow} {run.key}, {run.status})" for run in runs))


@dataclass(frozen=True)
class Held:
    """What is kept of a person; `counts` says how much of what. `unreached` are connections that keep their own."""

    person: Person
    runs: Sequence[Theirs]
    signals: Sequence[str]
    revisions: Sequence[tuple[Any, ...]]
    counts: Mapping[str, int]
    unreached: Sequence[str]
    also: Sequence[str] = ()  # other addresses and ids that their runs know them by
    before: str | None = None  # when it was erased the last time

    @property
    def is_nothing(self) -> bool:
        return not any(self.counts.values())


@dataclass
class Forgetting:
    """One person, and where they may stand: `names` are an address or an id by which they are known."""

    journal: Journal
    pins: Pins
    connections: Mapping[str, object]
    base: Path
    names: Sequence[str]
    _opened: dict[str, object] = field(default_factory=dict)

    def look(self) -> Held:
        """Find all of it. Raises `OpenRunsError`."""
        person = known_as(*self.names)
        runs = list(self._runs(person))
        person = replace(
            person,
            orders=frozenset().union(*(one.orders for one in runs)),
            messages=frozenset().union(*(one.messages for one in runs)),
            papers=frozenset().union(*(one.papers for one in runs)),
        )
        numbers, texts = [one.rewritten.run for one in runs if one.rewritten.whole], sorted(person.addresses)
        signals = self.journal.read(lambda db: erasing.signals_of(db, numbers, texts))
        revisions = self.journal.read(lambda db: erasing.revisions_of(db, texts))
        unreached = list(self._open())
        counts = self._counts(runs, signals, revisions) | self._around(person, doing=False)
        before = self.journal.read(lambda db: erasing.erased_before(db, self._hashes))
        also = sorted(frozenset().union(*(one.also for one in runs)) - person.names)
        return Held(person, runs, signals, revisions, counts, unreached, also, before)

    def erase(self, held: Held) -> None:
        """Do it. Each run is rewritten whole or not at all."""
        self._around(held.person, doing=True)  # what leads there stands in the runs: those come last
        texts = sorted(held.person.addresses)
        self.journal.change(lambda db: erasing.empty_signals(db, held.signals, texts))
        self.journal.change(lambda db: erasing.drop_revisions(db, held.revisions))
        for one in held.runs:
            self.journal.change(partial(erasing.rewrite, change=one.rewritten))
        at = self.journal.clock.now().isoformat()
        self.journal.change(lambda db: erasing.note_erasure(db, self._hashes, at, held.counts))

    def scrub(self) -> list[str]:
        """Write the files anew, so that no trace is left in them; those in which that was not possible just now."""
        left = [] if erasing.scrub(self.journal.file) else [str(self.journal.file)]
        keepers = [(name, one) for name, one in self._opened.items() if isinstance(one, Forgetful)]
        return left + [f"what the connection `{name}` keeps" for name, one in keepers if not one.scrub()]

    def still_named_in(self, person: Person) -> list[Path]:
        """Files of the project that name the person and are not ours to change."""
        return [file for file in self._files() if _names(file, person)]

    @property
    def _hashes(self) -> list[str]:
        return [self.journal.hash_of(name) for name in self.names]

    def _runs(self, person: Person) -> Iterator[Theirs]:
        texts = sorted(person.addresses)
        numbers = self.journal.read(lambda db: erasing.runs_of(db, self._hashes, texts))
        found = [(run, told) for number in numbers if (told := self._theirs(run := self.journal.run(number), person))]
        open_ = [run for run, _ in found if run.ended is None]
        if open_:
            raise OpenRunsError(open_)
        yield from (told for _, told in found)

    def _theirs(self, run: Run, person: Person) -> Theirs | None:
        with suppress(PinError):  # the classes of its documents come with its nodes
            self.pins.program(run.pin)
        return theirs(run, self.journal.events(run.number), self.journal.pending("run = ?", (run.number,)), person)

    def _open(self) -> Iterator[str]:
        """Open what keeps things here; gives the names of what does not, or cannot be opened."""
        for name in self.connections:
            try:
                self._opened[name] = self.connections[name]
            except ConnectionFailedError:
                yield name
                continue
            if getattr(self._opened[name], "remote", False):
                yield name

    def _around(self, person: Person, *, doing: bool) -> dict[str, int]:
        """Beside the journal."""
        found: Counter[str] = Counter()
        for one in self._opened.values():
            if isinstance(one, Forgetful):
                found.update(one.forget(person, doing=doing))
        found["documents in quarantine"] = quarantine.forget(self.base / QUARANTINE, person, doing=doing)
        return dict(found)

    def _counts(self, runs: Sequence[Theirs], signals: Sequence[str], revisions: Sequence[Any]) -> dict[str, int]:
        whole = sum(one.rewritten.whole for one in runs)
        return {
            "runs of theirs": whole,
            "runs that name them": len(runs) - whole,
            "events from outside": len(signals),
            "later words on documents": len(revisions),
        }

    def _files(self) -> Iterator[Path]:
        for file in sorted(self.base.rglob("*")):
            parts = set(file.relative_to(self.base).parts)
            if file.is_file() and not file.is_symlink() and not parts & _NOT_OURS and parts.isdisjoint({".orderloom"}):
                yield file


def _names(file: Path, person: Person) -> bool:
    try:
        return file.stat().st_size <= _MOST_BYTES and person.is_named_in(file.read_text("utf-8", errors="replace"))
    except OSError:
        return False
