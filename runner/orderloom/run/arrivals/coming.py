"""A document that has been read and has no run yet, as far as this process knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orderloom.journal import RUNNING, Revision, Run
from orderloom.run.arrivals.keys import digest_of, run_id
from orderloom.run.arrivals.revising import revision_of
from orderloom.run.kept.recording import Writer
from orderloom.run.machine.program import Program


@dataclass(frozen=True)
class Coming:
    """`name` is the id of the run that it begins or belongs to; `writer` has recorded it, as `recorded`."""

    program: Program
    name: str
    key: str
    trigger: Any
    writer: Writer
    recorded: str
    digest: str

    @classmethod
    def of(cls, program: Program, key: str, trigger: Any) -> Coming:
        writer = Writer()
        recorded = writer.recorder.text(trigger)
        name = run_id(program.plan.flow.name, key)
        return cls(program, name, key, trigger, writer, recorded, digest_of(recorded))

    def run(self, now: datetime) -> Run:
        """The run that it begins."""
        flow, hash_, at = self.program.plan.flow.name, self.program.plan.hash, now.isoformat()
        return Run(0, self.name, flow, self.key, hash_, RUNNING, at, at, None, self.digest, 0, None, None, 1, None)

    def revision(self, now: datetime) -> Revision:
        """What it is where it says more of a document that came before, or is to come."""
        flow, number = self.program.plan.flow.name, revision_of(self.trigger) or 0
        return Revision(flow, self.key, number, self.digest, now.isoformat(), "kept", self.recorded)
