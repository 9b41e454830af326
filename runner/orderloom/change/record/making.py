"""A run of the journal in; a scenario file and its input, tried, out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderloom.change.record.past import Past, UnrecordableError, past_of
from orderloom.change.record.redact import Redaction
from orderloom.change.record.shorten import Shortener
from orderloom.change.record.text import written
from orderloom.change.scenario.opening import Opener, folders_of
from orderloom.change.scenario.reads import fields_read, handed_on_whole
from orderloom.change.scenario.suite import CaseResult, FileResult, Suite
from orderloom.change.scenario.targets import UNDO, Target, Targets, unnumbered
from orderloom.journal import KEPT, Journal, Run
from orderloom.problems import COMMAND_LINE, Place, refuse
from orderloom.project import Project
from orderloom.run.kept.pins import PinError, Pins
from orderloom.run.kept.records import RecordError
from orderloom.source import parse_yaml
from orderloom.source.writing import replace_file

MODELINE = "# yaml-language-server: $schema=../.schemas/scenario.json\n"


@dataclass(frozen=True)
class Recorded:
    """What was written, and what came of playing it."""

    file: Path
    input: Path
    result: FileResult


def record(journal: Journal, run: Run, project: Project | None, file: Path) -> Recorded:
    """Write the scenario of a run to `file`, and what came in to `samples/`; then play it.

    Raises `ProblemsError` where no scenario can say what the run did, or the files cannot be written.
    """
    if run.payload != KEPT:
        raise _refused(run, "its values are no longer kept", "choose a run whose values are still there")
    try:
        program = Pins(journal, project).program(run.pin)
        past = past_of(run.id, run.key, program, journal.events(run.number))
    except (PinError, RecordError) as error:
        raise _refused(run, str(error), None) from error
    except UnrecordableError as error:
        raise _refused(run, str(error), "choose another run") from error
    return _Recording(run, past, Targets(program), file).made()


@dataclass
class _Recording:
    run: Run
    past: Past
    targets: Targets
    file: Path
    redaction: Redaction = field(default_factory=Redaction)

    def made(self) -> Recorded:
        self.redaction.learn(self.past.trigger)
        for items in self.past.attempts.values():
            self.redaction.learn([attempt.value for attempts in items.values() for attempt in attempts])
        [base] = folders_of(self.file)
        self.redaction.made_up[f"{base}/"] = ""  # where it lies on this machine
        sample = base / "samples" / f"{self.file.stem}.json"
        _write(sample, json.dumps(self.redaction.plain(self._document()), indent=2, ensure_ascii=False) + "\n")
        text, result = self._tried(f"samples/{sample.name}")
        _write(self.file, text)
        return Recorded(self.file, sample, result)

    def _document(self) -> BaseModel:
        """What the trigger gave, of which it can be made again: its one document."""
        trigger = self.past.trigger
        names = type(trigger).model_fields if isinstance(trigger, BaseModel) else ()
        found = [one for name in names if isinstance(one := getattr(trigger, name), BaseModel)]
        if len(found) != 1:
            raise _refused(self.run, "its trigger gave no single document from which it could begin again", None)
        return found[0]

    def _tried(self, sample: str) -> tuple[str, FileResult]:
        """Play it; what a real node answers otherwise in the closed world is then answered as it was."""
        answers = {label: self._answer(label) for label in self.past.attempts if self._is_outside(label)}
        opener = Opener()
        while True:
            text = MODELINE + self._about() + written(self._scenario(sample, answers))
            suite = Suite(opener=opener)
            result = suite.played(opener.open(self.file, parse_yaml(text, str(self.file))))
            missing = next((name for case in result.cases if (name := self._missing(case, answers))), None)
            if missing is None:
                return text, result
            answers[missing] = self._answer(missing)

    def _scenario(self, sample: str, answers: Mapping[str, Any]) -> dict[str, Any]:
        report = self.past.report
        expect: dict[str, Any] = {"status": report.status, "path": list(report.path)}
        rows = {
            step: [row for one in report.decisions if one["step"] == step for row in one["rows"]]
            for step in dict.fromkeys(one["step"] for one in report.decisions)
            if step in self.targets.steps and self.targets.steps[step].step.for_each is None and step not in answers
        }
        more = {
            "rows": {step: found[0] if len(found) == 1 else found for step, found in rows.items() if found},
            "sent": [sent["template"] for sent in report.sent],
            "undone": list(report.undone),
            "parked": list(report.parked),
            "waiting": list(dict.fromkeys(wait["step"] for wait in report.waiting)),
        }
        case = {"case": f"as the run {self.run.id} went", "expect": expect | {k: v for k, v in more.items() if v}}
        return {
            "scenario": self.run.flow,
            "clock": self.past.began.isoformat().replace("+00:00", "Z"),
            "input": {"file": sample},
            **({"world": dict(answers)} if answers else {}),
            "cases": [case],
        }

    def _about(self) -> str:
        return f"# Recorded from the run {self.run.id}. Personal data is made up; look through it before you keep it.\n"

    def _answer(self, label: str) -> Any:
        shortener = Shortener(self.redaction, fields_read(self.targets), handed_on_whole(self.targets))
        target = self._target(label)
        assert target is not None
        items = self.past.attempts[label]
        return shortener.answer(target, items, self._count(target))

    def _count(self, target: Target) -> int:
        run = self.past.report.state
        return run.items_of(target.step) if target.program is run.program else 0

    def _target(self, label: str) -> Target | None:
        name = unnumbered(label.removeprefix(UNDO))
        return self.targets.undos.get(name) if label.startswith(UNDO) else self.targets.steps.get(name)

    def _is_outside(self, label: str) -> bool:
        """Whether a scenario always says what it answers: effects, questions, events."""
        target = self._target(label)
        return target is not None and (target.node.effects != "none" or target.node.answer is not None)

    def _missing(self, case: CaseResult, answers: Mapping[str, Any]) -> str | None:
        """The step that went otherwise than it had, where the journal says how it went."""
        found = [miss.unanswered for miss in case.misses if miss.unanswered]
        found += [
            entry.partition(":")[0].partition("!")[0]
            for miss in case.misses
            if miss.what == "path" and miss.first is not None
            for entry in [*miss.expected[miss.first : miss.first + 1], *miss.actual[miss.first : miss.first + 1]]
        ]
        return next((name for name in found if name in self.past.attempts and name not in answers), None)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text.encode())
    except OSError as error:
        why = error.strerror or "the system refused"
        raise refuse("W031", f"the file cannot be written: {why}", Place(str(file)), "name another by -o") from error


def _refused(run: Run, why: str, mend: str | None) -> Exception:
    return refuse("W041", f"the run {run.id} cannot be recorded: {why}", COMMAND_LINE, mend)
