"""A run's account as text: a drawn row a step, and below it what went in and out, why, and who had a say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from orderloom.cli.render import visible
from orderloom.cli.runs.details import about_call, about_undo, sayings
from orderloom.cli.runs.drawing import drawing
from orderloom.cli.runs.words import between, fitted, moment, span
from orderloom.cli.telling import MARKS
from orderloom.export.lanes import Drawn
from orderloom.journal import Run
from orderloom.run.telling.account import Account, Step

_COLOURS = {"done": "green", "failed": "red", "parked": "red", "waiting": "yellow", "tried again": "yellow"}
MOST_ITEMS = 3


def told(account: Account) -> Iterator[str]:
    """The lines, with colour codes."""
    cut = (lambda line: line) if account.veil.full else fitted
    yield from map(cut, _head(account))
    yield ""
    rows = drawing(account)
    widths = _widths(account.steps, rows)
    for step, row in zip(account.steps, rows, strict=True):
        yield from row.above
        yield _row(step, row, widths, _began(account))
        yield from row.below
        yield from (cut(f"{row.beside:<{widths[0]}}    {line}") for line in _about(step, account))
    yield from map(cut, _tail(account))


def _head(account: Account) -> Iterator[str]:
    run = account.run
    yield click.style(f"{run.flow}  {account.veil.text(run.key)}", bold=True)
    status = click.style(run.status, fg=MARKS.get(run.status, "cyan"))
    yield f"{run.id}  version {account.version or 'not known'}  {status}"
    ended = f", ended {moment(run.ended)} ({span(between(run.began, run.ended))})" if run.ended else ""
    yield f"began {moment(run.began)}{ended}"
    if account.unplayed:
        yield click.style(f"told from the events alone: {account.unplayed}", fg="yellow")


def _widths(steps: Sequence[Step], rows: Sequence[Drawn]) -> tuple[int, int, int]:
    drawn, names, words = [len(row.dot) for row in rows], [len(one.name) for one in steps], map(len, map(_words, steps))
    return max(drawn, default=1), max(names, default=0), max(words, default=0)


def _row(step: Step, row: Drawn, widths: tuple[int, int, int], began: datetime) -> str:
    drawn, name, words = widths
    colour = _COLOURS.get(step.state, "cyan")
    word = click.style(f"{_words(step):<{words}}", fg=colour, bold=True)
    took = span(step.took_s) if step.took_s is not None else ""
    tries = max(len(call.tries) for call in step.calls)
    items = len([call for call in step.calls if call.item is not None])
    more = [took, f"{items} items" if items else "", f"{tries} attempts" if tries > 1 else ""]
    line = f"{row.dot:<{drawn}}  {step.name:<{name}}  {word}  {moment(step.last or step.first, began)}"
    return f"{line}  {'  '.join(one for one in more if one)}".rstrip()


def _words(step: Step) -> str:
    word = ", ".join(step.words)
    return f"{word} ({step.state})" if word and step.state in {"parked", "tried again"} else word or _state(step)


def _state(step: Step) -> str:
    return "" if step.state == "done" else "waits" if step.state == "waiting" else step.state


def _about(step: Step, account: Account) -> Iterator[str]:
    calls = step.calls if account.veil.full else step.calls[:MOST_ITEMS]
    for call in calls:
        mark = f"[{call.item + 1}] " if call.item is not None else ""
        yield from (f"{mark}{visible(line)}" for line in about_call(call, account))
    if len(step.calls) > len(calls):
        yield f"and {len(step.calls) - len(calls)} items more: --full shows them"


def _tail(account: Account) -> Iterator[str]:
    began = _began(account)
    for undo in account.undos:
        yield ""
        yield from (visible(line) for line in about_undo(undo, account, began))
    people = [*sayings(account.history.said, account, began), *_tasks(account, began)]
    if people:
        yield ""
        yield from (visible(line) for line in people)


def _tasks(account: Account, began: datetime) -> Iterator[str]:
    for task in account.taken:
        yield f"{moment(task['at'], began)}  task {task['task']}: {task['act']}, by {task['by']}"


def _began(account: Account) -> datetime:
    return datetime.fromisoformat(account.run.began)


def in_a_line(run: Run) -> str:
    """A run by its status, its key and its id."""
    return f"{click.style(run.status, fg=MARKS.get(run.status, 'cyan'))}  {run.key}  {run.id}"
