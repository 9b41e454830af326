"""Runs another flow as a step: its ends are the outcomes, its steps are part of the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom import Derived, NodeError, SubFlow, node


def _outcomes(settings: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    subflow: SubFlow = settings["flow"]
    return {word: dict(schema) for word, schema in subflow.outcomes.items()}


@node(
    "flow",
    effects="keyed",
    outcomes=_outcomes,
    derived_from="the ends of the flow: `completed`, and each `end` in it; its steps' results by their names",
)
def flow(flow: SubFlow, given: dict[str, Any] | None = None) -> Derived:
    """Run another flow as part of this one; `given` is what its trigger would have given, such as `order`.

    Its steps are told as `step/inner`. Cancelled inside, it takes its own steps back; cancelled outside, they are
    taken back with the others.
    """
    del given  # a runner enters the flow instead: each of its steps is a call with a key of its own
    raise NodeError("refused", f"the flow `{flow.name}` runs as part of a run: use it in a flow's step")
