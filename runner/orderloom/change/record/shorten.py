"""What a call came to in; the answer that says so in a scenario, as short as it reads, out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from orderloom.change.record.past import NO_TIME, Attempt, Items
from orderloom.change.record.redact import Redaction
from orderloom.change.scenario.reads import Readers
from orderloom.change.scenario.targets import Target
from orderloom.flow.durations import LONGEST, format_duration

_SECOND = timedelta(seconds=1)
_DEEPEST = 2  # `=given.order.payment`


@dataclass(frozen=True)
class Shortener:
    """`readers` are who reads which fields of a step; `whole` the steps whose result is handed on as it is."""

    redaction: Redaction
    readers: Readers
    whole: Collection[str]

    def answer(self, target: Target, items: Items, count: int) -> Any:
        """What stands under the step's name in `world:`; `count` is how many items it went through."""
        if set(items) == {None}:
            return self._series(target, items[None])
        series = [self._series(target, items[at]) if at in items else None for at in range(max(count, len(items)))]
        return series[0] if all(one == series[0] for one in series) else {"each": series}

    def _series(self, target: Target, attempts: Sequence[Attempt]) -> Any:
        said = [self._said(target, attempt) for attempt in attempts]
        if len(said) == 1 or all(isinstance(one, str) and one == said[0] for one in said):
            return said[0]
        return said

    def _said(self, target: Target, attempt: Attempt) -> Any:
        if attempt.raises is not None:
            return f"raises {attempt.raises}"
        record = self._record(target, attempt)
        after = {"after": format_duration(min(_whole(attempt.after), LONGEST))} if attempt.after >= _SECOND else {}
        word = record.get("outcome")
        if not after and set(record) == {"outcome"}:
            return word
        only = len(target.outcomes) == 1 and len(record) > 1
        return {**after, **{name: value for name, value in record.items() if not (only and name == "outcome")}}

    def _record(self, target: Target, attempt: Attempt) -> dict[str, Any]:
        value = self.redaction.plain(attempt.value)
        record = dict(value) if isinstance(value, Mapping) else {}
        given = {name: self.redaction.plain(one) for name, one in attempt.inputs.items()}
        kept = {name: one for name, one in record.items() if self._is_wanted(target, name, one, given)}
        return {name: one if name == "outcome" else _short(one, given) for name, one in kept.items()}

    def _is_wanted(self, target: Target, name: str, value: Any, given: Mapping[str, Any]) -> bool:
        if name == "outcome":
            return True
        if value is None or value == []:
            return False
        if target.node.answer is not None:
            return name not in given or given[name] != value  # the event and its match are the call's own
        if target.undo:
            return name == "reason"
        return target.name in self.whole or name in self.readers.get(target.name, {})


def _whole(after: timedelta) -> timedelta:
    return timedelta(seconds=round(after.total_seconds())) or NO_TIME


def _short(value: Any, given: Mapping[str, Any]) -> Any:
    """A document that was handed in is pointed to; texts that begin with `=` are made formulas that give them."""
    if isinstance(value, (Mapping, list)) and value:
        path = next((path for path, one in _parts(given, "given", 0) if one == value), None)
        if path is not None:
            return f"={path}"
    if isinstance(value, Mapping):
        return {name: _short(member, given) for name, member in value.items()}
    if isinstance(value, list):
        return [_short(item, given) for item in value]
    return f"={json.dumps(value, ensure_ascii=False)}" if isinstance(value, str) and value.startswith("=") else value


def _parts(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """What formulas can reach of it, the nearest first."""
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        return
    named = [(f"{path}.{name}", one) for name, one in value.items() if str(name).isidentifier()]
    yield from named
    for name, one in named:
        yield from _parts(one, name, depth + 1)
