"""A document before and after an edit in, sentences out: who it is and what its lines are called must stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

_NAMES = ("order_id", "return_id", "shipment_id")
_CHANNEL = ("type", "account_id")


def identity_changes(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """A sentence for each way in which the edit makes it another document. Lines may come and go."""
    for name in _NAMES:
        yield from _kept(before, after, name, f"{where}{name}")
    for name in _CHANNEL:
        yield from _kept(_get(before, "channel"), _get(after, "channel"), name, f"{where}channel.{name}")
    yield from _renamed_lines(_lines(before), _lines(after), where)
    if _get(before, "order") is not None and _get(after, "order") is not None:
        yield from identity_changes(_get(before, "order"), _get(after, "order"), f"{where}order.")


def _kept(before: Any, after: Any, name: str, path: str) -> Iterator[str]:
    old, new = _get(before, name), _get(after, name)
    if old is not None and old != new:
        yield (
            f"{path}: stays `{old}`, for runs, shipments and returns know the document by it; to work on another one, "
            "discard this and send that"
        )


def _renamed_lines(before: Mapping[str, Any], after: Mapping[str, Any], where: str) -> Iterator[str]:
    gone = {line_id: line for line_id, line in before.items() if line_id not in after}
    for line_id, line in after.items():
        if line_id not in before:
            old = next((one for one, was in gone.items() if _same_article(was, line)), None)
        else:
            old = next((one for one in before if one != line_id and _moved(one, line_id, before, after)), None)
        if old is not None:
            gone.pop(old, None)
            yield (
                f"{where}lines: `{old}` must not be called `{line_id}`, for shipments and returns know the line by it; "
                "change what is in the line, or remove it and add another article"
            )


def _same_article(was: Any, line: Any) -> bool:
    return _without_id(was) == _without_id(line) or (bool(_get(was, "sku")) and _get(was, "sku") == _get(line, "sku"))


def _moved(old: str, new: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether what `old` was is now called `new`, and `old` is something else."""
    if old not in after:
        return False
    was, now = _without_id(before[old]), _without_id(after[new])
    return was == now and _without_id(before[new]) != now and _without_id(after[old]) != was


def _lines(document: Any) -> dict[str, Any]:
    lines = _get(document, "lines")
    known = lines if isinstance(lines, list | tuple) else ()
    return {str(_get(line, "line_id")): line for line in known if _get(line, "line_id") is not None}


def _without_id(line: Any) -> dict[str, Any]:
    fields = line if isinstance(line, Mapping) else {name: getattr(line, name) for name in type(line).model_fields}
    return {name: value for name, value in fields.items() if name != "line_id"}


def _get(record: Any, name: str) -> Any:
    if isinstance(record, Mapping):
        return record.get(name)
    return getattr(record, name, None) if isinstance(record, BaseModel) else None
