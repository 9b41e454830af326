"""Findings about undos: at the end they read `result`, `item`, and what had settled before their step."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.flow.check.subject import Subject
from orderloom.flow.edges import reads
from orderloom.flow.plan import ancestors
from orderloom.problems import Problem


def undos_read_what_is_there(subject: Subject) -> Iterator[Problem]:
    """R005: a hard read of a step that need not have run when the undo does."""
    if not subject.undos:
        return
    above = ancestors(list(subject.flow.steps), subject.edges)
    for name, bound in subject.undos.items():
        for read in reads(subject.flow, bound.written):
            if not read.soft and read.step != name and read.step not in above[name]:
                yield Problem(
                    "R005",
                    f"the undo of `{name}` reads `{read.step}`, which need not have run",
                    read.place(subject.flow),
                    "an undo reads `result`, `item`, and steps before its own",
                )
