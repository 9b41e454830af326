"""Problems, reasons and refusals as nodes give them in; a sentence each out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def sentence(record: Any) -> str:
    """A problem or a reason, plain data, in one line."""
    if not isinstance(record, Mapping):
        return str(record)
    names = [str(record[name]) for name in ("path", "location_id", "carrier_code", "service_code") if record.get(name)]
    text = record.get("message") or record.get("reason") or ", ".join(f"{k} {v}" for k, v in record.items())
    return f"{' '.join(names)}: {text}" if names else str(text)


def flat(reasons: Any) -> Iterator[Any]:
    """Reasons one by one: the items of a for_each bring a list each."""
    for reason in reasons if isinstance(reasons, list) else [reasons] if reasons else []:
        yield from flat(reason) if isinstance(reason, list) else [reason]
