"""A run's account as JSON data: the object that `orderloom runs show --json` prints (docs/history.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from orderloom.cli.runs.lines import as_data as run_as_data
from orderloom.export.graph import Edge
from orderloom.run.telling.account import Account, Step
from orderloom.run.telling.history import CallHistory, Said


def as_data(account: Account, edges: Sequence[Edge]) -> dict[str, Any]:
    """Everything that is known; a key is left out where there is nothing to tell."""
    told = run_as_data(account.run, account.pending)
    told["key"] = account.veil.text(told["key"])
    told["version"] = account.version
    told["steps"] = [_step(step, account) for step in account.steps]
    told["edges"] = [_edge(edge, account) for edge in edges]
    more = {
        "undone": [_call(call, account) for call in account.undos],
        "people": [_said(one, account) for one in account.history.said],
        "tasks": [dict(task) for task in account.taken],
        "unplayed": account.unplayed,
    }
    return told | {name: value for name, value in more.items() if value}


def _edge(edge: Edge, account: Account) -> dict[str, Any]:
    steps = account.plan.steps if account.plan else ()
    told = {"from": steps[edge.source].name, "to": steps[edge.target or 0].name, "kind": edge.kind}
    return told | ({"words": list(edge.words)} if edge.words else {})


def _step(step: Step, account: Account) -> dict[str, Any]:
    told = {
        "step": step.name,
        "node": step.node,
        "state": step.state,
        "words": list(step.words),
        "began": _moment(step.first),
        "settled": _moment(step.last),
        "took_s": step.took_s,
    }
    return told | {"calls": [_call(call, account) for call in step.calls]}


def _call(call: CallHistory, account: Account) -> dict[str, Any]:
    over = account.veil.over
    attempts = [
        {"number": one.number, "began": _moment(one.began), "ended": _moment(one.ended), "error": one.error,
         "message": account.veil.text(one.message) if one.message else None, "again_at": _moment(one.again_at)}
        for one in call.tries
    ]  # fmt: skip
    waits = [{"for": one.kind, "about": over(one.about), "since": _moment(one.since)} for one in call.waits]
    told = {
        "step": call.step,
        "item": call.item,
        "state": call.state,
        "outcome": call.outcome,
        "in": over(call.inputs) if call.inputs is not None else None,
        "out": over(call.value),
        "attempts": [_told(one) for one in attempts],
        "waits": waits,
        "decisions": over(list(call.decisions)),
        "sent": over(list(call.sent)),
        "people": [_said(one, account) for one in call.said],
    }
    return _told(told)


def _said(one: Said, account: Account) -> dict[str, Any]:
    return {"at": _moment(one.at), "what": one.what, **account.veil.over(dict(one.about))}


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], {}, "")}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
