"""A decision in, the lines and the JSON that tell it with its reasons out; for one row, all of its cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from orderloom.rules import Decision


def in_words(told: Mapping[str, Any]) -> list[str]:
    """What was decided and why, a line each; `told` is the decision as JSON."""
    results = told["outputs"] if isinstance(told["outputs"], list) else [told["outputs"]]
    spelt = [{name: json.dumps(value, ensure_ascii=False) for name, value in outputs.items()} for outputs in results]
    lines = [f"{told['table']}: {told['outcome']}"]
    lines += ["  " + ", ".join(f"{name} = {value}" for name, value in outputs.items()) for outputs in spelt]
    return [*lines, f"because  {told['why']}", *_needs_in_words(told)]


def _needs_in_words(told: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, fed in told.get("needs", {}).items():
        first, *rest = in_words(fed)
        lines += [f"  {line}" for line in (f"{name} is from {first}", *rest)]
    return lines


def reasons(decision: Decision, row: str | None) -> list[str]:
    """Why the other rows did not answer: `near` are those that failed by one cell. Or all cells of one row."""
    if row is not None:
        return _cells_in_words(decision, row)
    near = {one.row for one in decision.explanation.near_misses}
    return [f"{'near' if one.row in near else 'not '}     {one}" for one in decision.rejected]


def as_reasons(decision: Decision, row: str | None) -> dict[str, Any]:
    """The decision as JSON, with its reasons."""
    if row is None:
        return decision.as_json(why=True)
    return decision.as_json() | {"row": {"row": row, "answered": row in decision.rows, "cells": _cells(decision, row)}}


def _cells(decision: Decision, row: str) -> list[dict[str, Any]]:
    from orderloom.problems import did_you_mean  # noqa: PLC0415
    from orderloom.rules.explain import json_value  # noqa: PLC0415

    explained = decision.explanation
    if row not in explained.ids:
        hint = did_you_mean(row, explained.ids) or f"there are {len(explained.ids)}"
        raise click.UsageError(f"table {decision.table} has no row `{row}`; {hint}")
    cells = explained.cells(explained.ids.index(row))
    return [
        {"column": name, "cell": text, "value": json_value(fact), "holds": held} for name, text, fact, held in cells
    ]


def _cells_in_words(decision: Decision, row: str) -> list[str]:
    signs = {True: "holds", False: "fails", None: "cannot be decided"}
    cells = [
        f"  {one['column']} {one['cell']}: {json.dumps(one['value'])} {signs[one['holds']]}"
        for one in _cells(decision, row)
    ]
    rejected = decision.explain(row)
    verdict = f"{row}: answered" if rejected is None else str(rejected)
    return [f"row      {verdict}", *cells]
