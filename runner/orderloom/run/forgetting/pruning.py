"""History that is older than the project keeps it: how much there is, and letting go of it, some runs at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from orderloom.journal import Journal, pruning
from orderloom.settings import Keep

TOGETHER = 200  # runs in one transaction: those who work on the file get their turn


@dataclass(frozen=True)
class Old:
    """How many runs are to lose their values, how many are to go, and how many events nobody waited for."""

    payloads: int
    runs: int
    signals: int

    @property
    def is_nothing(self) -> bool:
        return not (self.payloads or self.runs or self.signals)


@dataclass(frozen=True)
class Pruning:
    """One journal, and how long things are kept in it."""

    journal: Journal
    keep: Keep

    def look(self) -> Old:
        """How much there is. What is to go as a whole is not counted twice."""
        runs, payloads = self._before(self.keep.runs), self._values_before()
        gone = set(self.journal.read(partial(pruning.old, before=runs)))
        stripped = set(self.journal.read(partial(pruning.with_old_payloads, before=payloads)))
        signals = self.journal.read(partial(pruning.old_signals, before=self._before(self.keep.payloads)))
        return Old(len(stripped - gone), len(gone), signals)

    def prune(self) -> Iterator[int]:
        """Do it; gives how many runs are done, again and again. What was interrupted is gone on with by the same."""
        self.journal.change(lambda db: db.execute("PRAGMA secure_delete=ON").fetchall())
        runs, payloads = self._before(self.keep.runs), self._values_before()
        yield from self._by_the_hundred(partial(pruning.old, before=runs, most=TOGETHER), pruning.remove)
        old = partial(pruning.with_old_payloads, before=payloads, most=TOGETHER)
        yield from self._by_the_hundred(old, pruning.strip)
        self.journal.change(partial(pruning.empty_old_signals, before=self._before(self.keep.payloads)))

    def _by_the_hundred(self, find: Callable[..., list[int]], do: Callable[..., None]) -> Iterator[int]:
        while runs := self.journal.read(find):
            self.journal.change(partial(_do, do=do, runs=runs))
            yield len(runs)

    def _values_before(self) -> str:
        """What has no history any more has no values either, should it stay as the newest of all."""
        return max(self._before(self.keep.payloads), self._before(self.keep.runs))

    def _before(self, span: timedelta | None) -> str:
        """What ended before then is too old; nothing did where all is kept."""
        return "" if span is None else (self.journal.clock.now() - span).isoformat()


def _do(db: object, do: Callable[..., None], runs: Sequence[int]) -> None:
    do(db, runs)
