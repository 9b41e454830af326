"""A scenario file in; what it says, the flow that it tests, ready to run, and every finding about it, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from orderloom.change.scenario.check_expect import expect_findings
from orderloom.change.scenario.check_world import answer_findings
from orderloom.change.scenario.model import Answer, Scenario
from orderloom.change.scenario.payload import read_payload
from orderloom.change.scenario.read import is_scenario, scan_scenario
from orderloom.change.scenario.reads import Readers, fields_read
from orderloom.change.scenario.targets import Targets
from orderloom.flow.formulas import is_formula
from orderloom.flow.open import Opened as OpenedFlow
from orderloom.flow.open import flow_file, open_flow
from orderloom.problems import COMMAND_LINE, Place, Problem, ProblemsError, in_order
from orderloom.project import find_project
from orderloom.run.machine.program import Program, compile_plan
from orderloom.source import Document, read_document


@dataclass(frozen=True)
class TestedFlow:
    """A flow, checked and compiled. `program` is None where it has errors."""

    opened: OpenedFlow
    program: Program | None

    @cached_property
    def targets(self) -> Targets | None:
        return Targets(self.program) if self.program else None

    @cached_property
    def readers(self) -> Readers:
        return fields_read(self.targets) if self.targets else {}


@dataclass(frozen=True)
class Opened:
    """A scenario file with all that its cases need. `scenario` and `flow` are None where they cannot be known."""

    file: Path
    scenario: Scenario | None
    flow: TestedFlow | None
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether its cases can be played."""
        return self.scenario is not None and not any(problem.severity == "error" for problem in self.problems)

    @property
    def folders(self) -> list[Path]:
        """The folders to which the files of `input` are relative: the project's, else the one above the scenarios."""
        return folders_of(self.file)


@dataclass
class Opener:
    """Opens many files; a flow that several of them test is read and compiled once.

    `known` are flows that have been opened already, by their files.
    """

    known: Mapping[Path, OpenedFlow] = field(default_factory=dict)
    _flows: dict[Path, TestedFlow] = field(default_factory=dict)

    def open(self, file: Path, document: Document | None = None) -> Opened:
        """All findings come along; none are raised."""
        try:
            document = document or read_document(file)
        except ProblemsError as error:
            return Opened(file, None, None, error.problems)
        flow, problems = self._flow(document, file)
        names = flow.program.plan.flow if flow and flow.program else None
        scenario, shape = scan_scenario(document, (*names.steps, *names.let) if names else ())
        problems += shape
        if scenario and flow and flow.targets:
            problems += _findings(scenario, flow, folders_of(file))
        return Opened(file, scenario, flow, tuple(in_order(problems)))

    def _flow(self, document: Document, file: Path) -> tuple[TestedFlow | None, list[Problem]]:
        name = document.data.get("scenario") if is_scenario(document.data) else None
        if not isinstance(name, str) or is_formula(name):
            return None, []
        place = document.place(("scenario",))
        try:
            flow = self._tested(name, file)
        except ProblemsError as error:
            return None, [_of_this_file(problem, place) for problem in error.problems]
        return flow, [] if flow.program else [_wrong(name, flow.opened, place)]

    def _tested(self, name: str, file: Path) -> TestedFlow:
        key = flow_file(name, file.parent).resolve()
        if key not in self._flows:
            opened = self.known.get(key) or open_flow(name, file.parent)
            plan = opened.checked.plan
            self._flows[key] = TestedFlow(opened, compile_plan(plan) if plan else None)
        return self._flows[key]


def folders_of(file: Path) -> list[Path]:
    """Where the files of `input` are looked for: in the project; outside of one, above the folder of the scenarios."""
    project = find_project(file.parent)
    return [project.root if project else file.resolve().parent.parent]


def _of_this_file(problem: Problem, place: Place) -> Problem:
    """That a flow is not there is told where it is named; what is wrong inside of it stays at its own place."""
    return replace(problem, code="W007", place=place) if problem.place == COMMAND_LINE else problem


def _wrong(name: str, opened: OpenedFlow, place: Place) -> Problem:
    message = f"the flow {name} has errors, so nothing can be said of its scenarios"
    return Problem("W008", message, place, f"orderloom check {opened.file}")


def _findings(scenario: Scenario, flow: TestedFlow, folders: Sequence[Path]) -> Iterator[Problem]:
    """What is wrong with the file by what the flow is. An answer that many cases share is looked at once."""
    assert flow.targets is not None
    document = scenario.document
    answers: dict[Place, Answer] = {one.place: one for case in scenario.cases for one in case.world.values()}
    for answer in answers.values():
        yield from answer_findings(answer, flow.targets, flow.readers, document)
    for case in scenario.cases:
        yield from expect_findings(case.expect, flow.targets, document)
        if case.input.file:
            try:
                read_payload(case.input, folders)
            except ProblemsError as error:
                yield from error.problems
