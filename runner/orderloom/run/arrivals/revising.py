"""A later word on a document whose key has a run: what it is to that run, and how it differs (rule 28)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from orderloom.journal import CHANGED, Change, Event, Pending, Revision, Run, Signal
from orderloom.model.plain import plain
from orderloom.run.kept.records import Recorder
from orderloom.run.machine.values import field_of

DESK = "changes"
_FIELD = "revision"
_NO_NEWS = {_FIELD, "updated_at", "received_at", "raw"}  # of every revision another


def document_of(trigger: Any) -> Any:
    """The document that a trigger gave and that tells its revision; None where it gave none."""
    fields = trigger.values() if isinstance(trigger, Mapping) else vars(trigger).values()
    return next((value for value in fields if isinstance(field_of(value, _FIELD), int)), None)


def revision_of(trigger: Any) -> int | None:
    """How often it had been changed when it was sent, or when; None where nothing tells."""
    document = document_of(trigger)
    return None if document is None else int(field_of(document, _FIELD))


def began_with(events: Sequence[Event]) -> Any:
    """What the trigger gave when the run began."""
    return Recorder().value(events[0].body)["value"]


def told(run: Run, kept: Sequence[Revision], first: Any, now: datetime) -> list[tuple[int, Change]]:
    """What a run that begins with `first` is to be told of what was kept for it."""
    began = revision_of(first) or 0
    return [(began, change(run, first, Recorder().value(one.body), one, now)) for one in kept if one.body]


def change(run: Run, first: Any, later: Any, one: Revision, now: datetime) -> Change:
    """The later document as an event to the run, and as a task that shows the difference."""
    at = now.isoformat()
    document = document_of(later)
    differs = list(difference(plain(document_of(first)), plain(document)))
    body = {"revision": one.revision, "was": revision_of(first), "difference": differs}
    happened = {"outcome": "happened", "at": at, "data": {**body, "document": plain(document)}}
    name = f"{CHANGED}/{run.id}/{one.revision:020d}/{one.digest}"  # told in this order
    shown = {**body, "message": _in_words(one, differs)}
    task = Pending("changed", "", None, at, _text(shown), desk=DESK, match=name)
    return Change(one, Signal(name, CHANGED, run.key, at, _text(happened)), task)


def difference(was: Any, now: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Each place where two plain documents differ: `{path, was, now}`. Entries of a list are told apart by their id."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys([*was, *now]):
            if path or name not in _NO_NEWS:
                yield from difference(was.get(name), now.get(name), f"{path}.{name}" if path else name)
    elif isinstance(was, list) and isinstance(now, list):
        before, after = _by_id(was), _by_id(now)
        for name in dict.fromkeys([*before, *after]):
            yield from difference(before.get(name), after.get(name), f"{path}[{name}]")
    elif was != now:
        yield {"path": path, "was": was, "now": now}


def _by_id(entries: Sequence[Any]) -> dict[str, Any]:
    """The entries by the field that ends in `_id` and tells them apart, else by their place, counted from 1."""
    for name in next((list(one) for one in entries if isinstance(one, Mapping)), ()):
        if name.endswith("_id") and all(isinstance(one, Mapping) and one.get(name) for one in entries):
            found = {str(one[name]): one for one in entries}
            if len(found) == len(entries):
                return found
    return {str(number): one for number, one in enumerate(entries, 1)}


def _in_words(one: Revision, differs: Sequence[Mapping[str, Any]]) -> str:
    paths = ", ".join(entry["path"] for entry in differs[:5])
    more = f" and {len(differs) - 5} more" if len(differs) > 5 else ""
    return f"revision {one.revision} of {one.key} changes {paths or 'nothing that a flow reads'}{more}"


def _text(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
