"""The work behind the acts of `orderloom inbox`: do it, go on with the run, and tell what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from orderloom.cli.inbox.finding import Found, found
from orderloom.cli.inbox.saying import person, read, readings, said
from orderloom.cli.telling import tell_briefly
from orderloom.declare import AnswerRefused
from orderloom.journal import LostLeaseError
from orderloom.run.drivers.crew import BusyError, NotDoneError
from orderloom.run.kept.pins import PinError
from orderloom.run.kept.records import RecordError
from orderloom.run.people import acts
from orderloom.run.people.doing import do
from orderloom.run.telling.tasks import Task

ENVIRONMENT = 4
_NO = {"approve": "declined", "edit": "discarded"}


def approve(name: str, **about: Any) -> None:
    """Say yes."""
    with found(name) as here:
        _only({"approve"}, here.task, "approve")
        _do(here, acts.answer("approved"), **about)


def reject(name: str, **about: Any) -> None:
    """Say no."""
    with found(name) as here:
        _only(_NO, here.task, "reject")
        _do(here, acts.answer(_NO[here.task.kind]), **about)


def answer(name: str, text: str, **about: Any) -> None:
    """Answer with a word or a document."""
    told = said(text)
    with found(name) as here:
        _do(here, acts.answer(told), **about)


def edit(name: str, sets: Sequence[str], file: str | None, **about: Any) -> None:
    """Correct the document."""
    if bool(sets) == bool(file):
        raise click.UsageError("give what is to be changed: --set PATH=VALUE, or the whole document by --file")
    changes = [{"document": read(file)}] if file else [{"patch": one} for one in readings(sets)]
    with found(name) as here:
        _only({"edit"}, here.task, "edit")
        _do(here, acts.answer_first([{"outcome": "edited", **one} for one in changes]), **about)


def retry(name: str, sets: Sequence[str], file: str | None, **about: Any) -> None:
    """Have a step called again."""
    if sets and file:
        raise click.UsageError("give new inputs by --set or by --file")
    inputs = read(file) if file else None
    if file and not isinstance(inputs, dict):
        raise click.UsageError(f"`{file}` must hold an object: the inputs by their names")
    with found(name) as here:
        _do(here, acts.retry(*([inputs] if inputs else readings(sets))), **about)


def cancel(name: str, **about: Any) -> None:
    """End the run."""
    with found(name) as here:
        _do(here, acts.cancel, **about)


def _only(kinds: Any, task: Task, what: str) -> None:
    if task.kind not in kinds:
        raise click.UsageError(_not_so(task, f"there is nothing to {what}"))


def _not_so(task: Task, why: str) -> str:
    return f"task {task.number} ({task.step or task.run}): {why}. It takes: {'; '.join(task.ways) or 'nothing'}"


def _do(here: Found, act: acts.Act, *, by: str | None, reason: str | None, as_json: bool) -> None:
    task, who = here.task, acts.Person(person(by), reason)
    with here.place.crew() as crew:
        try:
            report = asyncio.run(do(crew, task.number, act, who))
        except AnswerRefused as refusal:
            _refused(task, refusal.problems, as_json)
        except acts.NotSoError as error:
            raise click.UsageError(_not_so(task, str(error))) from None
        except (NotDoneError, LostLeaseError) as error:
            _refused(task, [str(error)], as_json)
        except (BusyError, PinError, RecordError) as error:
            _refused(task, [str(error)], as_json, ENVIRONMENT)
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        tell_briefly(report)
    raise click.exceptions.Exit(report.exit_code)


def _refused(task: Task, why: Sequence[str], as_json: bool, code: int = 1) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"task": task.number, "refused": list(why)}, ensure_ascii=False))
    for sentence in why:
        click.echo(f"not accepted: {sentence}", err=True)
    raise click.exceptions.Exit(code)
