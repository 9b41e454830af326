"""Playing a flow against the bare interpreter: what each step answers is said, nothing is called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.declare import Wait
from orderloom.flow.check import check_flow
from orderloom.flow.read import read_flow
from orderloom.packs import Catalogue
from orderloom.run.machine.events import Call, Failure, Retry
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program, compile_plan
from orderloom.source import parse_yaml


def program_of(text: str, catalogue: Catalogue, folders: tuple[Path, ...] = (), name: str = "flow.yaml") -> Program:
    """The program of a flow's text; a finding of the check fails the test."""
    checked = check_flow(read_flow(parse_yaml(text, name)), catalogue, list(folders))
    errors = [problem for problem in checked.problems if problem.severity == "error"]
    assert errors == [], [(str(p.place), p.message, p.help) for p in errors]
    assert checked.plan is not None
    return compile_plan(checked.plan)


def play(program: Program, answers: Mapping[str, Any], trigger: Any = None) -> Interpreter:
    """Run to where nothing is due. An answer: an outcome, a record, `!class`, `~` (waits), or a list by item."""
    run = Interpreter(program, trigger if trigger is not None else {})
    while calls := run.take() or [retry.call.owner.again(retry) for retry in _retries(run)[:1]]:
        for call in calls:
            if call.is_late:
                call.owner.withdraw(call)
            elif call.program.inner and call.name not in answers and not call.undo:
                call.owner.enter(call)
            else:
                _tell(call.owner, call, answers.get(call.name))
    return run


def _retries(run: Interpreter) -> list[Retry]:
    return [retry for part in run.live() for retry in part.retries]


def _tell(run: Interpreter, call: Call, said: Any) -> None:
    planned = call.program.planned
    if isinstance(said, list):
        said = said[(call.item if call.item is not None else call.attempt - 1) % len(said)]
    if call.undo:
        undo = call.program.undo
        said = undo.outcomes[0] if undo else said
    if said == "~":
        run.waits(call, Wait("person", {}))
    elif isinstance(said, str) and said.startswith("!") and not call.undo:
        run.failed(call, Failure(said[1:], "as the test says"))
    else:
        record = said if isinstance(said, Mapping) else {"outcome": said or planned.outcomes[0]}
        outcome = record.get("outcome", planned.outcomes[0])
        run.done(call, outcome, {"outcome": outcome, **record})


def path_of(run: Interpreter) -> list[str]:
    return [str(entry) for entry in run.path]
