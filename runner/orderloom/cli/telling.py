"""A run in words: a line a step with what was decided and why; a line an order and a summary for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click

from orderloom.cli.digest import Digest
from orderloom.journal import CHANGED, Revised
from orderloom.model.plain import plain
from orderloom.run.machine.program import Program
from orderloom.run.telling.report import RunReport
from orderloom.run.telling.sentences import flat, sentence
from orderloom.run.telling.tasks import kind_of, ways
from orderloom.run.telling.veil import unsecret

MARKS = {"completed": "green", "waiting": "yellow", "exception": "red"}
MOST_REASONS = 6


@dataclass
class Summary:
    """What many orders came to."""

    statuses: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    unreadable: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    kept: int = 0  # came before the order that they revise
    stuck: int = 0  # could not be gone on with
    elsewhere: int = 0  # in the hands of another process
    digest: Digest = field(default_factory=Digest)

    def count(self, told: RunReport) -> None:
        self.statuses[told.status] += 1
        self.digest.count(told)

    @property
    def total(self) -> int:
        others = self.repeated + self.unreadable + self.kept + self.stuck + self.elsewhere
        return sum(self.statuses.values()) + others

    def tell(self, *, aside: bool = False) -> None:
        """Print the summary where there was more than one order; `aside`, where the output is for machines."""
        total = self.total
        parts = [f"{number:,} {status}" for status, number in sorted(self.statuses.items())]
        parts += [f"{self.repeated:,} met again and run once"] if self.repeated else []
        parts += [f"{self.unreadable:,} could not be read"] if self.unreadable else []
        parts += [f"{self.kept:,} kept for orders to come"] if self.kept else []
        parts += [f"{self.stuck:,} could not be gone on with"] if self.stuck else []
        parts += [f"{self.elsewhere:,} worked on by another process"] if self.elsewhere else []
        if total != 1:
            click.echo(f"\n{total:,} orders: {', '.join(parts) or 'none'}", err=aside)
            for line in self.digest.lines():
                click.echo(unsecret(line), err=aside)
        if self.left_out:
            click.echo(f"left out by rule: {sum(self.left_out.values()):,} rows", err=aside)
            for reason, number in sorted(self.left_out.items()):
                click.echo(f"{number:>8,}  {reason}", err=aside)


def revised_said(key: str, revised: Revised) -> str:
    """What another word on an order that has a run came to, in a sentence."""
    if revised.state == "other":
        return f"{key} came again with other content: the first one was run, this one was not"
    if revised.state == "stale":
        return f"{key}: revision {revised.revision} is older than {revised.known}, which is known: ignored"
    if revised.revision == revised.known:
        return f"{key}: revision {revised.revision} is known: its run has been told of it"
    told = f"task {revised.task} of the inbox shows the difference" if revised.task else f"its run has it as {CHANGED}"
    return f"{key} has changed (revision {revised.known} → {revised.revision}): {told}"


def tell(told: RunReport, program: Program) -> None:
    """Print one run."""
    click.secho(f"{told.flow}  {told.key}", bold=True)
    for entry in told.path:
        name, _, outcome = entry.partition(":")
        name, _, failed = name.partition("!")
        mark = click.style("✗", fg="red") if failed else click.style("✓", fg="green")
        click.echo(f" {mark} {name:<14} {click.style(failed or outcome, bold=True)}")
        for line in _about(told, name):
            click.echo(f"      {unsecret(line)}")
    for line in _open_ends(told):
        click.echo(unsecret(line))
    click.secho(
        f"{told.status}  {told.run}  ({program.plan.flow.name} v{told.version})", fg=MARKS.get(told.status, "cyan")
    )


def tell_briefly(told: RunReport) -> None:
    """Print one run of many: status, key, how far it came, and what it waits for or failed with."""
    word = click.style(f"{told.status:<10}", fg=MARKS.get(told.status, "cyan"))
    open_ends = [f"{w['step']} waits for {_whom(w)}" for w in told.waiting]
    open_ends += [f"{p['step']} {p['error']}: {p['message']}" for p in told.problems]
    click.echo(f"{word} {told.key}  {' → '.join(told.path[1:])}")
    for line in open_ends:
        click.echo(f"           {unsecret(line)}")


def _about(told: RunReport, step: str) -> Iterator[str]:
    outputs = told.output(step)
    for output in outputs if isinstance(outputs, list) else [outputs]:
        yield from _why(plain(output))
    yield from decided([decision for decision in told.decisions if decision["step"] == step])
    for sent in told.sent:
        if sent["step"] == step:
            yield f"{sent['template']} → {sent['to']}"
    for would in told.would:
        if would["step"] == step:
            yield f"would call {would['node']} (dry run: nothing was changed)"


def decided(decisions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line per row that decided; a table that was asked many times says how often each row did."""
    often = Counter((decision["table"], decision["why"]) for decision in decisions)
    for (table, why), times in often.items():
        yield f"{table}: {why}" + (f"   ({times} times)" if times > 1 else "")


def _why(output: Any) -> Iterator[str]:
    if not isinstance(output, Mapping):
        return
    yield from (output[name] for name in ("why", "reason", "undelivered") if isinstance(output.get(name), str))
    reasons = output.get("reasons")
    listed = reasons if isinstance(reasons, list) else [reasons] if reasons else []
    yield from (
        f"not {line}" if _is_choice(reason) else line
        for reason, line in zip(listed, map(sentence, listed), strict=True)
    )


def _is_choice(reason: Any) -> bool:
    return isinstance(reason, Mapping) and ("location_id" in reason or "carrier_code" in reason)


def _open_ends(told: RunReport) -> Iterator[str]:
    for waiting in told.waiting:
        yield click.style(f" ■ {waiting['step']:<14} waits for {_whom(waiting)}", fg="yellow")
        yield from (f"      {line}" for line in _question(waiting))
    for problem in told.problems:
        yield click.style(f" ✗ {problem['step']:<14} {problem['error']}: {problem['message']}", fg="red")
        yield f"      {problem['help']}"
    if told.undone:
        yield f" ↶ taken back: {', '.join(told.undone)}"


def _whom(waiting: Mapping[str, Any]) -> str:
    return {
        "person": f"a person at the desk `{waiting.get('desk')}`",
        "event": f"the event {waiting.get('event')}",
        "time": _time(waiting),
        "dry_run": f"the result of {waiting.get('would_call')}, which a dry run does not call",
    }[waiting["for"]]


def _time(waiting: Mapping[str, Any]) -> str:
    until = waiting.get("until")
    at = f"{until.astimezone():%Y-%m-%d %H:%M:%S}" if isinstance(until, datetime) else until
    return f"its time: {at}" if "attempt" not in waiting else f"another attempt, at {at}"


def _question(waiting: Mapping[str, Any]) -> Iterator[str]:
    if waiting.get("error"):
        yield f"{waiting['error']}: {waiting['message']}"
    if waiting.get("question"):
        yield str(waiting["question"])
    for problem in (plain(waiting.get("problems")) or [])[:MOST_REASONS]:
        yield sentence(problem)
    for refusal in (waiting.get("refused") or [])[:MOST_REASONS]:
        yield f"the answer was not accepted: {sentence(refusal)}"
    for reason in flat(plain(waiting.get("because"))):
        yield f"because: {sentence(reason)}"
    if waiting.get("suggest"):
        yield f"suggested: {waiting['suggest']}"
    yield from _answered_by(waiting)


def _answered_by(waiting: Mapping[str, Any]) -> Iterator[str]:
    """The commands that give the answer; of a run that is not kept, what to give this command besides."""
    if "task" in waiting:
        yield from ways(waiting["task"], kind_of(waiting["for"], waiting), waiting)
        return
    if waiting.get("until") and "attempt" in waiting:
        yield "orderloom work goes on with it then"
        return
    words = " | ".join(waiting.get("outcomes", ()))
    yield f"answer with: --answer {waiting['step']}=FILE" + (f"   ({words})" if words else "")
