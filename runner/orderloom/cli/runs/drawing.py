"""The way that a run went, as edges between its steps: for lanes in a terminal, and for Mermaid and Graphviz."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.export.dot import dot
from orderloom.export.graph import Edge, taken, walked
from orderloom.export.lanes import Drawn, lanes
from orderloom.export.mermaid import mermaid
from orderloom.problems import COMMAND_LINE, refuse
from orderloom.run.telling.account import Account, Step

DOTS: Mapping[str, str] = {"done": "●", "failed": "✗", "parked": "✗", "waiting": "○", "tried again": "↻"}
_OTHER = "◇"


def edges_of(account: Account) -> tuple[Edge, ...]:
    """What led to what; none where the flow cannot be made again."""
    if account.plan is None:
        return ()
    return taken(account.plan, {index: words for index, (_, words) in _came_to(account).items()})


def graph_of(account: Account, form: str) -> str:
    """Mermaid or Graphviz of the steps that the run came to. Raises `ProblemsError` where there is no flow to draw."""
    if account.plan is None:
        raise refuse("J004", f"there is nothing to draw: {account.unplayed}", COMMAND_LINE, "--format text")
    draw = {"mermaid": mermaid, "dot": dot}[form]
    return draw(account.plan, walked(account.plan, {index: words for index, (_, words) in _came_to(account).items()}))


def drawing(account: Account) -> list[Drawn]:
    """A row a step, in the order of the account. Steps of flows within stand in the lane of what is before them."""
    rows = {step.name: row for row, step in enumerate(account.steps)}
    index_rows = {index: rows[step.name] for index, (step, _) in _came_to(account).items()}
    edges = [(edge.source, edge.target) for edge in edges_of(account) if edge.target is not None]
    links = [(index_rows[source], index_rows[target]) for source, target in edges]
    inner = [(row - 1, row) for name, row in rows.items() if "/" in name and row]
    downwards = [(source, target) for source, target in [*links, *inner] if source < target]
    return lanes(len(rows), downwards, {row: DOTS.get(account.steps[row].state, _OTHER) for row in rows.values()})


def _came_to(account: Account) -> dict[int, tuple[Step, list[str]]]:
    """The steps of the run's own flow by their index, each with its outcomes as edges name them."""
    plan = account.plan
    indexes = {step.name: step.index for step in plan.steps} if plan else {}
    known = {step.name: step for step in account.steps if step.name in indexes}
    return {indexes[name]: (step, _words(step)) for name, step in known.items()}


def _words(step: Step) -> list[str]:
    if step.state == "failed":
        return [f"!{word}" for word in step.words]
    return list(step.words) or [call.outcome for call in step.calls]
