"""Running the cases that a node's folder carries: `cases.yaml`, input and settings → outcome.

- case: a sentence that is true
  with: {order: {...}, table: rules/x.table.yaml}
  world: {now: 2026-03-02T10:00:00Z, stock: {locations: [...], levels: [...]}}
  then: {outcome: routed}            # a part of what must come out; or {error: empty}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderloom.declare import Derived, Node, NodeError, Outcome, Payload, Revising, Unreadable, Wait
from orderloom.model.plain import plain
from orderloom.problems import Place
from orderloom.source import read_document
from orderloom.testing.stand_ins import HttpSaid, MailKept, PapersKept, StockOf
from orderloom.testing.worlds import NOW, make_world
from orderloom.world import World
from orderloom.world.errors import ConnectionFailedError

__all__ = [
    "NOW", "Case", "HttpSaid", "MailKept", "PapersKept", "StockOf", "arguments", "make_world", "misses", "read_cases",
    "run_case",
]


@dataclass(frozen=True)
class Case:
    """One case of a node, as it stands in its `cases.yaml`."""

    case: str
    given: Mapping[str, Any]
    world: Mapping[str, Any]
    then: Mapping[str, Any]


def read_cases(file: Path) -> list[Case]:
    """The cases of a node's folder. Raises `ProblemsError` where the file cannot be read."""
    data = read_document(file).data or []
    return [Case(case["case"], case.get("with") or {}, case.get("world") or {}, case["then"]) for case in data]


def run_case(node: Node, case: Case, folder: Path) -> Any:
    """What the node gives for a case, as plain data; a failure as `{"error": class, "message": …}`."""
    world = make_world(case.world)
    try:
        return _told(node.call(**arguments(node, case.given, folder, world)))
    except (NodeError, ConnectionFailedError) as error:
        return {"error": error.error_class, "message": error.message}


def arguments(node: Node, given: Mapping[str, Any], folder: Path, world: World) -> dict[str, Any]:
    """The keyword arguments of a call, each value made into the parameter's own type."""
    made: dict[str, Any] = {}
    for parameter in node.parameters:
        if parameter.role == "world":
            made[parameter.name] = world
        elif parameter.role == "payload":
            made[parameter.name] = _payload(given[parameter.name], folder)
        elif parameter.name not in given:
            continue
        elif parameter.role == "resource":
            place = Place(str(folder / "cases.yaml"))
            made[parameter.name] = parameter.resource.load_setting(given[parameter.name], place, [folder])
        else:
            made[parameter.name] = parameter.adapter.validate_python(given[parameter.name])
    return made


def misses(expected: Any, got: Any, path: str = "") -> list[str]:
    """Where `got` lacks what `expected` says; objects may hold more, lists may not."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return [miss for name, value in expected.items() for miss in misses(value, got.get(name), f"{path}.{name}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [
            miss for number, value in enumerate(expected) for miss in misses(value, got[number], f"{path}[{number}]")
        ]
    return [] if _same(expected, got) else [f"{path or 'it'}: expected {expected!r}, got {got!r}"]


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(got, (int, float, str)) and not isinstance(got, bool):
        return str(expected) == str(got) or Decimal(str(got)) == expected
    return bool(expected == got)


def _payload(given: Any, folder: Path) -> Payload:
    if isinstance(given, str):
        return Payload((folder / given).read_bytes(), given)
    text, file = given.get("text"), given.get("file")
    data = text.encode() if text is not None else (folder / file).read_bytes()
    return Payload(data, file or "case.json", given.get("format"), given.get("account"))


def _told(result: Any) -> Any:
    if isinstance(result, Derived):
        return plain({"outcome": result.outcome, **result.fields})
    if isinstance(result, (Outcome, Mapping)):
        return plain(result)
    if isinstance(result, Wait):
        return plain({"waits": result.kind, **result.about})
    if isinstance(result, Revising):
        return {"revises": _told(result.outcome)}
    if isinstance(result, Unreadable):
        return {"unreadable": [problem.code for problem in result.problems]}
    return [_told(item) for item in result] if hasattr(result, "__iter__") else plain(vars(result))
