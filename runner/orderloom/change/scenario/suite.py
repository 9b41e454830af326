"""Scenario files in; each case played and judged, and the branches that all of them took, out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orderloom.change.scenario.coverage import Coverage
from orderloom.change.scenario.judge import Miss, judge, status_of
from orderloom.change.scenario.model import Case
from orderloom.change.scenario.opening import Opened, Opener
from orderloom.change.scenario.play import play
from orderloom.problems import Problem


@dataclass(frozen=True)
class CaseResult:
    """A case, as what its run came to, and where that is not what was expected."""

    case: Case
    status: str
    path: tuple[str, ...]
    misses: tuple[Miss, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.misses


@dataclass(frozen=True)
class FileResult:
    """One scenario file. Where it has findings that are errors, no case of it was played."""

    opened: Opened
    cases: tuple[CaseResult, ...]
    left_out: int = 0  # cases that were not selected

    @property
    def file(self) -> Path:
        return self.opened.file

    @property
    def flow(self) -> str:
        return self.opened.scenario.flow if self.opened.scenario else ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Findings of the file, and those of a flow that cannot be run."""
        flow = self.opened.flow
        wrong = flow.opened.checked.problems if flow and flow.program is None else ()
        return (*self.opened.problems, *wrong)


@dataclass
class Suite:
    """Plays many files; `coverage` grows with each."""

    selects: Callable[[Case], bool] = lambda _: True
    coverage: Coverage = field(default_factory=Coverage)
    opener: Opener = field(default_factory=Opener)

    def run(self, files: Iterable[Path]) -> Iterator[FileResult]:
        """The results of each file, as soon as they are there."""
        for file in files:
            yield self.played(self.opener.open(file))

    def played(self, opened: Opened) -> FileResult:
        """The results of a file that has been opened."""
        if not opened.sound or opened.scenario is None or opened.flow is None or opened.flow.program is None:
            return FileResult(opened, ())
        self.coverage.flow(opened.flow.program)
        chosen = [case for case in opened.scenario.cases if self.selects(case)]
        results = tuple(self._case(opened, case) for case in chosen)
        return FileResult(opened, results, len(opened.scenario.cases) - len(chosen))

    def _case(self, opened: Opened, case: Case) -> CaseResult:
        assert opened.flow is not None
        started = time.perf_counter()
        played = play(opened.flow, case, opened.folders)
        self.coverage.add(played.runs)
        path = tuple(played.report.path) if played.report else ()
        return CaseResult(case, status_of(played), path, tuple(judge(played)), time.perf_counter() - started)
