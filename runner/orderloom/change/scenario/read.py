"""A `Document` in; the `Scenario` that it says, or every finding about its shape, out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from orderloom.change.scenario.model import Answer, Case, Input, Patch, Scenario
from orderloom.change.scenario.paths import read_path
from orderloom.change.scenario.read_expect import read_expect
from orderloom.change.scenario.read_world import read_world
from orderloom.flow.words import Words
from orderloom.model.base import moment
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.source import Document, Path

KEYS = ("scenario", "clock", "input", "world", "cases")
CASE_KEYS = ("case", "clock", "input", "world", "expect")
INPUT_KEYS = ("file", "format", "account", "patch")
NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)  # stands where a clock is missing, which is told


def is_scenario(data: Any) -> bool:
    """Whether a file says that it is one: folders hold other things too."""
    return isinstance(data, Mapping) and "scenario" in data


def scan_scenario(document: Document, names: Collection[str] = ()) -> tuple[Scenario | None, list[Problem]]:
    """What the file says as far as it can be read, and what cannot; None where it is no scenario.

    `names` are those that formulas may read: the flow's steps and its `let`.
    """
    reader = _Reader(document, names=tuple(names))
    return reader.scenario(), reader.problems


def read_scenario(document: Document, names: Collection[str] = ()) -> Scenario:
    """What the file says. Raises `ProblemsError` with all findings about its shape."""
    scenario, problems = scan_scenario(document, names)
    if scenario is None or problems:
        raise ProblemsError(problems)
    return scenario


@dataclass(frozen=True)
class _Part:
    """What the scenario, or one of its cases, says of clock, input and world."""

    clock: datetime | None = None
    file: str | None = None
    file_place: Place = field(default=Place("-"))
    format: str | None = None
    account: str | None = None
    patch: Mapping[str, Patch] = field(default_factory=dict)
    world: Mapping[str, Answer] = field(default_factory=dict)

    def over(self, around: _Part) -> _Part:
        """This laid over what stands around it: patches and answers by their names, another file with its own."""
        file = self if self.file is not None else around
        return replace(
            file,
            clock=self.clock or around.clock,
            format=self.format or file.format,
            account=self.account or file.account,
            patch=self.patch if file is self else {**around.patch, **self.patch},
            world={**around.world, **self.world},
        )


class _Reader(Words):
    """One pass over the document; what is not right is reported, left out, and reading goes on."""

    def scenario(self) -> Scenario | None:
        if not is_scenario(self.document.data):
            place = Place(self.document.file, 1, 1)
            help_ = "it begins with the flow that it tests: `scenario: returns`"
            self.report("W001", "this is no scenario", place, help_)
            return None
        self.keys((), KEYS, ("scenario", "cases"), "a scenario")
        flow = self.text(("scenario",), "`scenario`", "the name of a flow")
        return Scenario(flow or "", self.document, tuple(self._cases(self._part(()))))

    def _cases(self, around: _Part) -> Iterator[Case]:
        path: Path = ("cases",)
        if not self.has(path):
            return
        cases = self.at(path)
        if not isinstance(cases, list) or not cases:
            help_ = "one or more: `- case: …` with its `expect: {…}`"
            self.report("W002", "`cases` must be a list of cases", self.document.key_place(path), help_)
            return
        told: dict[str, Place] = {}
        for number in range(len(cases)):
            case = self._case((*path, number), around)
            if case is not None:
                self._twice(case, told)
                yield case

    def _twice(self, case: Case, told: dict[str, Place]) -> None:
        first = told.setdefault(case.name, case.place)
        if first is not case.place:
            message = f"two cases are called `{case.name}`; the first stands on line {first.line}"
            self.report("W003", message, case.place, "say what this one shows")

    def _case(self, path: Path, around: _Part) -> Case | None:
        if self.mapping(path, "a case", "`case:`, what it shows, and `expect:`, what must come out") is None:
            return None
        self.keys(path, CASE_KEYS, ("case", "expect"), "a case")
        if not self.has((*path, "case")) or not self.has((*path, "expect")):
            return None
        name = self.text((*path, "case"), "`case`", "what it shows, as a sentence that is true")
        part, place = self._part(path).over(around), self.document.place((*path, "case"))
        expect = read_expect(self, (*path, "expect"))
        if part.clock is None and not self._has_clock(path):
            help_ = "add `clock: 2026-03-02T10:00:00Z` to the scenario: what comes out must not depend on the day"
            self.report("W004", "nothing says what time it is", place, help_)
        if part.file is None and not self._has_file(path):
            help_ = "add `input: {file: samples/…}` to the case or to the scenario"
            self.report("W005", "nothing says what comes in", place, help_)
        if name is None or expect is None:
            return None
        file = Input(part.file or "", part.file_place, part.format, part.account, part.patch)
        return Case(name, place, part.clock or NO_CLOCK, file, part.world, expect)

    def _has_clock(self, path: Path) -> bool:
        """Whether one stands there, right or wrong."""
        return self.has((*path, "clock")) or self.has(("clock",))

    def _has_file(self, path: Path) -> bool:
        found = [self.at((*base, "input")) for base in (path, ()) if self.has((*base, "input"))]
        return any(not isinstance(one, Mapping) or "file" in one or set(one) - set(INPUT_KEYS) for one in found)

    def _part(self, path: Path) -> _Part:
        part = self._input((*path, "input")) if self.has((*path, "input")) else _Part()
        clock = self._clock((*path, "clock")) if self.has((*path, "clock")) else None
        world = read_world(self, (*path, "world")) if self.has((*path, "world")) else {}
        return replace(part, clock=clock, world=world)

    def _clock(self, path: Path) -> datetime | None:
        try:
            return moment(self.at(path))
        except ValueError as error:
            self.report("W004", f"`clock`: {error}", self.document.place(path), "write `2026-03-02T10:00:00Z`")
            return None

    def _input(self, path: Path) -> _Part:
        if self.mapping(path, "`input`", "for example: {file: samples/order.json, format: shopify}") is None:
            return _Part()
        self.keys(path, INPUT_KEYS, what="`input`")
        said = {
            key: self.text((*path, key), f"`{key}`") for key in ("file", "format", "account") if self.has((*path, key))
        }
        patch = dict(self._patch((*path, "patch"))) if self.has((*path, "patch")) else {}
        place = self.document.place((*path, "file"))
        return _Part(None, said.get("file"), place, said.get("format"), said.get("account"), patch)

    def _patch(self, path: Path) -> Iterator[tuple[str, Patch]]:
        found = self.mapping(path, "`patch`", "fields by their path: {customer.orders_count: 0}")
        for key, value in (found or {}).items():
            place = self.document.key_place((*path, key))
            if read_path(key) is None:
                help_ = "write it as `line_items[0].price`, the first item of a list being 0"
                self.report("W006", f"`{key}` is no path", place, help_)
            else:
                yield key, Patch(value, place)
