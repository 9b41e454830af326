"""Times, spans and values as a line of text: local time, the two largest units, documents by their name and id."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from orderloom.model.plain import plain
from orderloom.run.telling.personal import HIDDEN, changed
from orderloom.run.telling.plainly import Document

Clean = Callable[[str], str]

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))
_MOST_LETTERS, _MOST_ITEMS = 40, 3


def moment(value: datetime | str, beside: datetime | None = None) -> str:
    """`2026-11-23 10:00:01` by the clock of this machine; the day is left out where it is that of `beside`."""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone()
    if beside is not None and beside.astimezone().date() == at.date():
        return f"{at:%H:%M:%S}"
    return f"{at:%Y-%m-%d %H:%M:%S}"


def span(seconds: float) -> str:
    """`240 ms`, `3.2 s`, `4 m 2 s`, `3 d 4 h`."""
    if seconds < 1:
        return f"{max(seconds, 0) * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    for place, (size, unit) in enumerate(_UNITS):
        if whole >= size:
            rest, (least, word) = whole % size, (_UNITS[place + 1] if place < 2 else (1, "s"))
            return f"{whole // size} {unit}" + (f" {rest // least} {word}" if rest // least else "")
    return f"{whole} s"


def between(began: str, ended: str) -> float:
    """Seconds."""
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()


def short(value: Any, clean: Clean = str) -> str:
    """A value in a few words, documents by their kind and id; every text goes through `clean` before it is cut."""
    if isinstance(value, (Document, BaseModel)):
        return _document(value if isinstance(value, Document) else Document.of(value), clean)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {short(member, clean)}" for name, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        more = f", … {len(value)} in all" if len(value) > _MOST_ITEMS else ""
        return "[" + ", ".join(short(one, clean) for one in value[:_MOST_ITEMS]) + more + "]"
    if isinstance(value, str):
        text = clean(value)
        return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
    return json.dumps(plain(value), ensure_ascii=False)


def members(values: Mapping[str, Any], clean: Clean = str) -> str:
    """`order=Order shopify:main:1, weights=hold`."""
    return ", ".join(f"{name}={short(value, clean)}" for name, value in values.items() if value is not None)


def whole(value: Any) -> Iterator[str]:
    """All of it, a line each."""
    yield from json.dumps(value, ensure_ascii=False, indent=2, default=str).splitlines()


def fitted(line: str) -> str:
    """Cut to the width of the terminal."""
    most = max(shutil.get_terminal_size((120, 24)).columns, 60)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _document(value: Document, clean: Clean) -> str:
    if "outcome" in value:
        return members({name: member for name, member in value.items() if name != "outcome"}, clean)
    if value.name == "Money":
        return f"{value.get('amount')} {value.get('currency')}"
    shown = changed(value, HIDDEN, lambda _: None)
    texts = {name: member for name, member in shown.items() if isinstance(member, str) and member}
    name = next((member for name, member in texts.items() if name.endswith("_id")), None)
    return f"{value.name} {clean(name or next(iter(texts.values()), ''))}".strip()
