"""Plain data in, YAML as a person writes it out: on one line where it fits, else a line a member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from orderloom.source.written import flow, key

WIDTH = 110


def written(data: Mapping[str, Any]) -> str:
    """A whole file."""
    return "\n".join(line for name, value in data.items() for line in _member(f"{key(name)}:", value, 0)) + "\n"


def _member(head: str, value: Any, indent: int) -> Iterator[str]:
    line = f"{' ' * indent}{head} {_flow(value)}"
    if not isinstance(value, (Mapping, list)) or not value or len(line) <= WIDTH:
        yield line
        return
    yield f"{' ' * indent}{head}"
    yield from _members(value, indent + 2)


def _members(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _member(f"{key(str(name))}:", member, indent)
        return
    for item in value:
        yield from _item(item, indent)


def _item(item: Any, indent: int) -> Iterator[str]:
    line = f"{' ' * indent}- {_flow(item)}"
    if not isinstance(item, (Mapping, list)) or not item or len(line) <= WIDTH:
        yield line
        return
    first, *rest = _members(item, indent + 2)
    yield f"{' ' * indent}- {first.lstrip()}"
    yield from rest


def _flow(value: Any) -> str:
    return flow(_exact(value))


def _exact(value: Any) -> Any:
    """Numbers with a fraction by their digits: the writer knows no other."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {name: _exact(member) for name, member in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value
