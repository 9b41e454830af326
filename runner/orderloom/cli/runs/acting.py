"""The work behind the acts on runs: find what is meant, do it, go on with the run, and tell what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from orderloom.cli.inbox.saying import person, read, readings
from orderloom.cli.place import Place, place_of
from orderloom.cli.runs.options import confirmed
from orderloom.cli.telling import tell_briefly
from orderloom.declare import AnswerRefused
from orderloom.flow.open import open_flow
from orderloom.journal import KEPT, LostLeaseError, Pending, Run
from orderloom.problems import COMMAND_LINE, Problem, ProblemsError, did_you_mean, refuse
from orderloom.run.drivers.crew import BusyError, Crew, NotDoneError
from orderloom.run.kept.pins import PinError
from orderloom.run.kept.records import RecordError
from orderloom.run.machine.program import compile_plan
from orderloom.run.people import acts
from orderloom.run.people.again import Again, NotAgainError, begin_again
from orderloom.run.people.again import again as make_again
from orderloom.run.people.cancelling import cancel_run, cancel_without_undo
from orderloom.run.people.doing import do
from orderloom.run.telling.report import RunReport

ENVIRONMENT = 4
_BEGIN = "`orderloom runs show` tells what was done, and what was taken back"
_FAILED = "run = ? AND kind IN ('parked', 'undo') AND step != ''"


def retry(
    name: str, step: str | None, sets: Sequence[str], file: str | None, *, by: str | None, reason: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Have a step called again."""
    edits = _edits(sets, file)
    with place_of(name) as (here, run):
        task = _task(here, run, step)
        who = acts.Person(person(by), reason)
        _go_on(here, lambda crew: do(crew, task.number, acts.retry(*edits), who), as_json)


def again(
    name: str, step: str | None, sets: Sequence[str], file: str | None, *, yes: bool, by: str | None,
    reason: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Do an order again whose run has ended. Raises `ProblemsError` (J009: it is open, J010: it cannot be done)."""
    edits = _edits(sets, file)
    with place_of(name) as (here, run):
        if run.ended is None:
            mend = f"orderloom runs retry {run.id}, or cancel it first"
            raise refuse("J009", f"{run.id} has not ended: it is {run.status}", COMMAND_LINE, mend)
        if run.payload != KEPT:
            raise refuse("J010", f"the values of {run.id} have been {run.payload}", COMMAND_LINE, "give the order anew")
        made = _again(here, run, step, edits)
        if made.repeats:
            confirmed(f"{', '.join(summed(made.repeats))}: done before, and done once more. Go on?", yes)
        _go_on(here, lambda crew: begin_again(crew, made, acts.Person(person(by), reason)), as_json)


def summed(calls: Sequence[str]) -> list[str]:
    """Calls by name, those of many items by their step: `tell (300 items)`."""
    steps: dict[str, list[str]] = {}
    for call in calls:
        steps.setdefault(call.rpartition("[")[0] if call.endswith("]") else call, []).append(call)
    return [found[0] if len(found) == 1 else f"{step} ({len(found)} items)" for step, found in steps.items()]


def _again(here: Place, run: Run, step: str | None, edits: Sequence[dict[str, Any]]) -> Again:
    opened = open_flow(run.flow)
    if opened.checked.plan is None:
        raise ProblemsError(opened.checked.problems)
    try:
        return make_again(here.journal, here.pins, run, (opened, compile_plan(opened.checked.plan)), step, edits)
    except AnswerRefused as refusal:
        _refused(refusal.problems)
    except NotAgainError as error:
        raise ProblemsError(Problem("J010", why, COMMAND_LINE, _BEGIN) for why in error.why) from None
    except (PinError, RecordError) as error:
        _refused([str(error)], ENVIRONMENT)


def resume(name: str, *, as_json: bool) -> None:
    """Go on with the run."""
    with place_of(name) as (here, run):
        if run.ended is not None:
            _tell(here.look(run), as_json)
        _go_on(here, lambda crew: crew.resume(run), as_json)


def cancel(name: str, *, no_undo: bool, by: str | None, reason: str | None, as_json: bool) -> None:
    """End the run."""
    with place_of(name) as (here, run):
        if run.ended is not None:
            _ended(here, run, as_json)
        who = acts.Person(person(by), reason)
        if no_undo:
            _go_on(here, lambda crew: cancel_without_undo(crew, run, who), as_json)
        _go_on(here, lambda crew: crew.resume(run, cancel_run(who)), as_json)


def _edits(sets: Sequence[str], file: str | None) -> list[dict[str, Any]]:
    if sets and file:
        raise click.UsageError("give new inputs by --set or by --input")
    inputs = read(file) if file else None
    if file and not isinstance(inputs, dict):
        raise click.UsageError(f"`{file}` must hold an object: the inputs by their names")
    return [inputs] if inputs else readings(sets)


def _task(here: Place, run: Run, step: str | None) -> Pending:
    """The failed step that is meant. Raises `ProblemsError` (J005: it has not failed, J006: several have)."""
    failed = here.journal.pending(_FAILED, (run.number,))
    meant = [one for one in failed if step in {None, one.step}]
    if len(meant) == 1:
        return meant[0]
    names = list(dict.fromkeys(one.step for one in failed))
    if meant:
        raise refuse("J006", f"several steps of {run.id} have failed", COMMAND_LINE, f"--step {' | '.join(names)}")
    near = (did_you_mean(step, names) if step else None) or (f"it has: {', '.join(names)}" if names else _past(run))
    what = f"`{step}` has not failed" if step else "no step has failed"
    raise refuse("J005", f"{what} in {run.id} ({run.status}): there is nothing to call again", COMMAND_LINE, near)


def _past(run: Run) -> str:
    if run.ended is None:
        return "what later steps have read is not done again; to do the order anew, `orderloom runs cancel` it first"
    return "it has ended: `orderloom runs again` begins another run of the same order at a step"


def _ended(here: Place, run: Run, as_json: bool) -> NoReturn:
    """Once is as good as twice; a run that ended otherwise can no longer be cancelled."""
    if run.status == "cancelled":
        _tell(here.look(run), as_json)
    mend = "what it did is undone by hand, or by a flow for that"
    raise refuse("J007", f"{run.id} has ended: {run.status}", COMMAND_LINE, mend)


def _go_on(here: Place, doing: Callable[[Crew], Any], as_json: bool) -> NoReturn:
    with here.crew() as crew:
        try:
            report = asyncio.run(doing(crew))
        except AnswerRefused as refusal:
            _refused(refusal.problems)
        except (NotDoneError, LostLeaseError) as error:
            _refused([str(error)])
        except (BusyError, PinError, RecordError) as error:
            _refused([str(error)], ENVIRONMENT)
        _tell(report, as_json)


def _tell(report: RunReport, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        tell_briefly(report)
    raise click.exceptions.Exit(report.exit_code)


def _refused(why: Sequence[str], code: int = 1) -> NoReturn:
    for sentence in why:
        click.echo(f"not done: {sentence}", err=True)
    raise click.exceptions.Exit(code)
