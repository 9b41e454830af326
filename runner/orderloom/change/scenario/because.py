"""A run that went otherwise than expected in; sentences on why it did, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orderloom.change.scenario.play import Played
from orderloom.model.plain import plain
from orderloom.run.telling.report import RunReport

MOST = 6
_REASONS = ("why", "reason", "undelivered")


def why_so(played: Played) -> Iterator[str]:
    """Why the run ended as it did: what could not be read, what is parked, what waits."""
    if played.unreadable is not None:
        yield from (problem.message for problem in played.unreadable.problems[:MOST])
    if played.report is not None:
        yield from _open_ends(played.report)


def why_there(played: Played, path: Sequence[str], at: int | None) -> Iterator[str]:
    """Why the path went on as it did at that entry; where it ends there, why it does."""
    if played.report is None or at is None or at >= len(path):
        yield from why_so(played)
        return
    step = path[at].partition(":")[0].partition("!")[0]
    yield from dict.fromkeys(_about(played.report, step))


def _about(report: RunReport, step: str) -> Iterator[str]:
    for decision in report.decisions:
        if decision["step"] == step:
            yield f"{step}, by {decision['table']}: {decision['why']}"
    for entry in report.state.path:
        if entry.name == step and entry.failure:
            yield f"{step} failed: {entry.failure.message}"
    output = plain(report.output(step))
    for one in output if isinstance(output, list) else [output]:
        yield from (f"{step}: {line}" for line in _reasons(one))


def _reasons(output: Any) -> Iterator[str]:
    if not isinstance(output, Mapping):
        return
    yield from (output[name] for name in _REASONS if isinstance(output.get(name), str))
    for problem in [*_listed(output, "reasons"), *_listed(output, "problems")][:MOST]:
        yield problem if isinstance(problem, str) else _sentence(problem)


def _listed(output: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = output.get(name)
    return found if isinstance(found, list) else []


def _sentence(problem: Any) -> str:
    if not isinstance(problem, Mapping):
        return str(problem)
    text = problem.get("message") or problem.get("reason") or ", ".join(f"{k} {v}" for k, v in problem.items())
    names = [str(problem[key]) for key in ("path", "location_id", "carrier_code", "service_code") if problem.get(key)]
    return f"{' '.join(names)}: {text}" if names else str(text)


def _open_ends(report: RunReport) -> Iterator[str]:
    for problem in report.problems:
        undo = "the undo of " if problem.get("undo") else ""
        yield f"{undo}{problem['step']} {problem['error']}: {problem['message']}"
    for waiting in report.waiting:
        yield f"{waiting['step']} waits for {_whom(waiting)}: say in `world:` what it answers{_words(waiting)}"
        yield from (f"its answer was not accepted: {_sentence(one)}" for one in (waiting.get("refused") or [])[:MOST])


def _whom(waiting: Mapping[str, Any]) -> str:
    if waiting["for"] == "person":
        return f"a person at the desk `{waiting.get('desk')}`"
    return f"the event {waiting.get('event')}" if waiting["for"] == "event" else f"its time: {waiting.get('until')}"


def _words(waiting: Mapping[str, Any]) -> str:
    words = waiting.get("outcomes")
    return f" ({', '.join(words)})" if words else ""
