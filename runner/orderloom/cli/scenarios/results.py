"""What came of all scenarios, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orderloom.change.scenario.coverage import FlowCoverage
from orderloom.change.scenario.suite import CaseResult, FileResult
from orderloom.problems import Problem, in_order


@dataclass(frozen=True)
class Results:
    """`untested` are flows that no case has run; `selected` tells that not all cases were played."""

    files: Sequence[FileResult]
    coverage: Sequence[FlowCoverage]
    untested: Sequence[Path]
    least: float | None
    selected: bool
    seconds: float

    @cached_property
    def cases(self) -> list[CaseResult]:
        return [case for file in self.files for case in file.cases]

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong with the files, each thing once."""
        return in_order(problem for file in self.files for problem in file.problems)

    @property
    def broken(self) -> int:
        """How many cases have failed."""
        return sum(not case.passed for case in self.cases)

    @property
    def passed(self) -> int:
        return len(self.cases) - self.broken

    @property
    def below(self) -> list[str]:
        """What says of each flow that has too few branches taken; of none where nobody asked."""
        if self.least is None:
            return []
        under = [one for one in self.coverage if one.percent < self.least]
        told = [f"{one.flow}: {one.percent:.4g} % of the branches are taken" for one in under]
        return told + ([f"{file}: no case runs it" for file in self.untested] if self.least else [])

    @property
    def failed(self) -> bool:
        errors = any(problem.severity == "error" for problem in self.problems)
        return errors or bool(self.broken or self.below)
