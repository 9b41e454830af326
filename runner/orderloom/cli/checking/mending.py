"""Findings with a certain mend in; files with those edits out, each verified before anything is written.

An edit holds when a check of what would stand in the files no longer has the finding, and has no new one. A mistake
that keeps other things from being looked at may uncover what was there all the time, elsewhere than in the edit.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from orderloom.cli.checking.edits import edited, overlap, spans_after, without_overlaps
from orderloom.cli.checking.report import Report
from orderloom.problems import Fix, Problem
from orderloom.project import shipped
from orderloom.source.document import Lines
from orderloom.source.files import supposing
from orderloom.source.writing import replace_file

HIDING = ("Y", "F", "D", "C", "M", "N001", "N002", "N004", "G002")  # behind these not everything was looked at


@dataclass(frozen=True)
class Edit:
    """A mend that was tried: the finding, what stood at its place, and why it was not made, if it was not."""

    problem: Problem
    before: str
    objection: str | None = None

    @property
    def fix(self) -> Fix:
        assert self.problem.fix is not None
        return self.problem.fix


class Looking(Protocol):
    """Looks at the same files again and again."""

    def report(self) -> Report: ...


@dataclass
class Mending:
    """Mends what is certain; `report` is then what is left, `edits` what was made and what was not."""

    look: Looking
    report: Report
    edits: list[Edit] = field(default_factory=list)
    _read: dict[Path, bytes] = field(default_factory=dict)  # by resolved paths
    _contents: dict[Path, bytes] = field(default_factory=dict)

    def run(self) -> None:
        """Try all mends at once, and where that does not hold one after another; then write."""
        while batch := list(without_overlaps(self._untried())):
            if len(batch) > 1 and self._tried(batch) is None:
                continue
            for problem in batch:
                objection = self._tried([problem])
                if objection is None:
                    break  # the places of the others may have moved
                self._keep([problem], objection)
        self._write()

    def _untried(self) -> Iterator[Problem]:
        tried = {_key(edit.problem) for edit in self.edits}
        for problem in self.report.problems():
            if problem.fix is None or _key(problem) in tried:
                continue
            if objection := self._not_to_be_edited(Path(problem.fix.place.file)):
                self.edits.append(Edit(problem, "", objection))
            else:
                yield problem

    def _not_to_be_edited(self, file: Path) -> str | None:
        if _is_installed(file):
            return "the file is part of an installation; `orderloom init` copies it into a project"
        if file.suffix.lower() == ".dmn":
            return "a .dmn file is edited where it was drawn"
        try:
            self._content(file).decode("utf-8-sig")
        except UnicodeDecodeError:
            return "the file is not UTF-8"
        return None

    def _tried(self, batch: Sequence[Problem]) -> str | None:
        """Why the edits do not hold; None where they do, and are kept."""
        contents = dict(self._contents)
        for file in {Path(problem.place.file) for problem in batch}:
            fixes = [one.fix for one in batch if one.fix and Path(one.place.file) == file]
            contents[file.resolve()] = edited(self._content(file), fixes)
        with supposing(contents):
            report = self.look.report()
        if objection := _objection(batch, self.report, report):
            return objection
        self._keep(batch)
        self._contents, self.report = contents, report
        return None

    def _content(self, file: Path) -> bytes:
        there = file.resolve()
        if there not in self._contents:
            self._read[there] = self._contents[there] = there.read_bytes()
        return self._contents[there]

    def _keep(self, batch: Sequence[Problem], objection: str | None = None) -> None:
        self.edits += [Edit(one, self._text_at(one), objection) for one in batch]

    def _text_at(self, problem: Problem) -> str:
        assert problem.fix is not None
        place = problem.fix.place
        lines = Lines(self._content(Path(place.file)).decode("utf-8-sig"), place.file)
        return lines.line_text(place.line)[place.column - 1 : place.end_column - 1]

    def _write(self) -> None:
        for file, content in self._contents.items():
            if content == self._read[file]:
                continue
            if file.read_bytes() != self._read[file]:
                self._give_up(file, "the file was changed meanwhile")
                continue
            try:
                replace_file(file, content)
            except OSError as error:
                self._give_up(file, f"the file cannot be written: {error.strerror}")

    def _give_up(self, file: Path, objection: str) -> None:
        def kept(edit: Edit) -> Edit:
            same = Path(edit.problem.place.file).resolve() == file
            return Edit(edit.problem, edit.before, objection) if same and edit.objection is None else edit

        self.edits = [kept(edit) for edit in self.edits]
        self.report = self.look.report()


def _objection(batch: Sequence[Problem], before: Report, after: Report) -> str | None:
    """What speaks against the edits: a finding that is still there, or a new one."""
    known, found = {_key(one) for one in before.problems()}, after.problems()
    mended = {_key(one) for one in batch}
    if left := next((one for one in found if _key(one) in mended), None):
        return f"the finding would still be there: {left.message}"
    spans = list(spans_after(one.fix for one in batch if one.fix))
    hiding = any(one.code.startswith(HIDING) for one in batch)
    for new in (one for one in found if _key(one) not in known):
        uncovered = (hiding or new.severity == "warning") and not any(overlap(span, new.place) for span in spans)
        if not uncovered:
            return f"it would bring {new.code} at {new.place}: {new.message}"
    return None


def _key(problem: Problem) -> tuple[str, str, str, int]:
    """A finding as such: edits move columns, but no lines."""
    return (problem.code, problem.message, problem.place.file, problem.place.line)


def _is_installed(file: Path) -> bool:
    installed = [shipped(), *(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib"))]
    return any(file.resolve().is_relative_to(folder.resolve()) for folder in installed)
