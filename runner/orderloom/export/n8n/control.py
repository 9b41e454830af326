"""What of a plan n8n can follow: single steps and exclusive branches; every join, wait and loop is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from orderloom.declare import RETRYABLE
from orderloom.problems import Problem, ProblemsError

if TYPE_CHECKING:
    from orderloom.flow.plan import Plan, PlannedStep

_INSTEAD = "run this flow with orderloom, and let n8n start it"
_MOST_PATHS = 512       # beyond that, branches count as not told apart

Path = dict[int, str]   # step → the word by which it was left, on one way through the flow


@dataclass(frozen=True)
class Hop:
    """One step comes after another: always (`word` empty), by an outcome, or by `!class`."""

    source: int
    target: int
    word: str = ""


def hops(plan: Plan) -> tuple[Hop, ...]:
    """How control passes through the plan. Raises `ProblemsError` with every reason why n8n cannot follow it."""
    problems = [problem for step in plan.steps for problem in _foreign(step)]
    found: list[Hop] = []
    for step in plan.steps:
        inward, problem = _inward(plan, step, found)
        found += inward
        problems += [problem] if problem else []
    problems += _meetings(plan, found)
    if problems:
        raise ProblemsError(problems)
    return tuple(found)


def _foreign(step: PlannedStep) -> Iterator[Problem]:
    place = step.step.place
    if step.node.kind == "wait":
        yield Problem("G201", f"`{step.name}` waits for {_waits_for(step)}, and an export to n8n cannot wait", place,
                      _INSTEAD)
    if step.step.for_each:
        yield Problem("G202", f"`{step.name}` runs once for each item, and an export to n8n runs a step once", place,
                      _INSTEAD)
    if step.undo:
        yield Problem("G204", f"`{step.name}` has an undo, and n8n takes nothing back when a run is cancelled", place,
                      "run this flow with orderloom, or do without `undo`")
    if step.step.when:
        yield Problem("G205", f"`{step.name}` may be skipped by its `when`, and n8n would go on behind it", place,
                      "let an outcome of the step before lead past it instead of `when`")
    retried = {target for word, target in step.step.on_error.items() if word in RETRYABLE}
    if len(retried) > 1:
        words = ", ".join(word for word in step.step.on_error if word in RETRYABLE)
        yield Problem("G206", f"`{step.name}` sends {words} to different steps, and n8n has one error output", place,
                      "send them to the same step")


def _waits_for(step: PlannedStep) -> str:
    return "a person" if step.node.name == "ask" else "something from outside"


def _inward(plan: Plan, step: PlannedStep, known: Sequence[Hop]) -> tuple[list[Hop], Problem | None]:
    if step.routes_in:
        sources = [source for source, _ in step.routes_in]
        settled = {source for one in sources for source in (one, *_above(known, one))}
        found = [Hop(source, step.index, word) for source, word in step.routes_in]
        missed = [source for source in step.upstream if source not in settled]
        return found, _join(plan, step, [*sources[:1], *missed]) if missed else None
    above = {source: _above(known, source) for source in step.upstream}
    last = [source for source in step.upstream if not any(source in above[other] for other in step.upstream)]
    if len(last) > 1 or not set(last) <= set(step.hard):
        return [], _join(plan, step, last)
    return [Hop(source, step.index) for source in last], None


def _above(known: Sequence[Hop], target: int) -> set[int]:
    found: set[int] = set()
    todo = [target]
    while todo:
        here = todo.pop()
        new = [hop.source for hop in known if hop.target == here and hop.source not in found]
        found.update(new)
        todo += new
    return found


def _join(plan: Plan, step: PlannedStep, sources: Sequence[int]) -> Problem:
    names = [f"`{plan.steps[source].name}`" for source in dict.fromkeys(sources)]
    waits = f"waits for {' and '.join(names)}" if len(names) > 1 else f"runs even where {names[0]} is skipped"
    return Problem("G203", f"`{step.name}` {waits}, and n8n has no join that waits for branches to settle",
                   step.step.place, _INSTEAD)


def _meetings(plan: Plan, found: Sequence[Hop]) -> Iterator[Problem]:
    """Steps that two branches reach which may both be taken: n8n would run such a step twice."""
    ways: list[list[Path]] = [[] for _ in plan.steps]
    for step in plan.steps:
        inward = [(hop, _left(ways[hop.source], hop)) for hop in found if hop.target == step.index]
        ways[step.index] = [path for _, paths in inward for path in paths][: _MOST_PATHS + 1] if inward else [{}]
        for (one, paths), (other, others) in combinations(inward, 2):
            if not _exclusive(paths, others):
                yield _join(plan, step, [one.source, other.source])
                break


def _left(paths: Sequence[Path], hop: Hop) -> list[Path]:
    return [{**path, hop.source: hop.word} for path in paths] if hop.word else list(paths)


def _exclusive(paths: Sequence[Path], others: Sequence[Path]) -> bool:
    if len(paths) > _MOST_PATHS or len(others) > _MOST_PATHS:
        return False
    return all(any(other.get(step, word) != word for step, word in path.items()) for path in paths for other in others)
