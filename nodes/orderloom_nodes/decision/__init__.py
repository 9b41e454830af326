"""Asks a rule table; its `outcome` column is the outcome, its other columns are what the step gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom import DecisionTable, Derived, World, node


def _outcomes(settings: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    table: DecisionTable = settings["table"]
    return table.outcome_schemas()


@node(
    "decision",
    kind="decision",
    outcomes=_outcomes,
    derived_from="the `outcome` column of the table; `decided` where it has none",
    errors=("no_match", "conflict", "missing_fact", "wrong_type"),
)
def decision(table: DecisionTable, facts: dict[str, Any], world: World) -> Derived:
    """Ask a rule table about the given facts.

    A table whose hit policy gives one row gives that row's outputs; one that gives several gives them as `matches`.
    Rows that are valid by date, and `today()` in a cell, are judged by the run's own clock.
    """
    decided = table.at(world.now()).decide(facts)
    return Derived(decided.outcome, decided.fields)
