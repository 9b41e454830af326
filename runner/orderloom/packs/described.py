"""A node's description alone in, a node that asks a service over HTTP out: no Python in its folder.

`node.schema.json` has the form in which nodes are published (`orderloom nodes show NAME --json`), and says by `http`
which connection is asked, and how:

    "http": {"connection": "supplier", "method": "GET", "path": "stock/{sku}", "query": ["warehouse"],
             "statuses": {"404": "unknown"}}

Holes of the path and the names under `query` are filled by inputs and settings of these names. What is left is sent as
a JSON object, or as the query where the method sends no body; `body` names one input that is sent as it is. A 2xx
answer is the outcome that its field `outcome` names, or the only one; `statuses` names others by status.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from jsonschema import Draft202012Validator
from pydantic import AfterValidator, TypeAdapter

from orderloom.declare import Derived, Node, NodeError, Parameter
from orderloom.model.plain import plain
from orderloom.packs.description import Description, read_description
from orderloom.shapes import Schema
from orderloom.world import Http, Reply, World
from orderloom.world.http.statuses import shown, status_failure

CONNECTION = "connection"  # every such node has the setting: which service is asked


def described_node(file: Path, name: str) -> Node:
    """The node that the file describes. Raises `ProblemsError` with every finding of it."""
    told = read_description(file, name)
    connection = Parameter(CONNECTION, "setting", str, False, told.target.connection)
    parameters = [_parameter(told, one, "input") for one in told.inputs]
    parameters += [_parameter(told, one, "setting") for one in told.settings]
    return Node(
        name=told.name, version=told.version, kind=told.kind, effects=told.effects, in_doubt=told.in_doubt,
        errors=told.errors, summary=told.summary,
        parameters=(*parameters, connection, Parameter("world", "world", World, True)),
        outcome_types=(), call=_caller(told), place=told.place, described=told.outcomes,
    )  # fmt: skip


@dataclass(frozen=True)
class DescribedParameter(Parameter):
    """A parameter whose values are those that a JSON Schema lets through."""

    described: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        check = Draft202012Validator(self.described)

        def fitting(value: Any) -> Any:
            for error in check.iter_errors(plain(value)):
                path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
                raise ValueError(f"`{self.name}{path}` is not what its description says")
            return value

        return TypeAdapter(Annotated[Any, AfterValidator(fitting)])

    @cached_property
    def schema(self) -> Schema:
        return dict(self.described)


def _parameter(told: Description, name: str, role: Any) -> Parameter:
    schema = told.inputs[name] if role == "input" else told.settings[name]
    required = name in told.required and "default" not in schema
    return DescribedParameter(name, role, Any, required, schema.get("default"), described=schema)


def _caller(told: Description) -> Callable[..., Derived]:
    target = told.target
    checks = {word: Draft202012Validator(schema) for word, schema in told.outcomes.items()}

    def call(world: World, connection: str = target.connection, **given: Any) -> Derived:
        values = {name: value for name, value in given.items() if value is not None}
        request = f"{target.method} {target.path or '/'}"
        reply = world.connection(connection, Http).send(
            target.method, target.path, parts=values, query=target.query_of(values), json=target.body_of(values),
            key=world.key if told.effects != "none" else "",
        )  # fmt: skip
        record = _record(request, reply)
        word = _outcome(request, reply, record, told, world)
        return _fitting(request, word, record, checks[word], told)

    return call


def _record(request: str, reply: Reply) -> Any:
    if not reply.body:
        return {}
    try:
        return json.loads(reply.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        if reply.status // 100 == 2:
            raise NodeError("invalid", f"{request}: the answer is no JSON: {shown(reply.body)}") from None
        return {}


def _outcome(request: str, reply: Reply, record: Any, told: Description, world: World) -> str:
    named = told.target.statuses.get(str(reply.status))
    if named:
        return named
    if reply.status // 100 != 2:
        raise status_failure(request, reply, world.now())
    if len(told.outcomes) == 1:
        return next(iter(told.outcomes))
    said = record.get("outcome") if isinstance(record, Mapping) else None
    if said not in told.outcomes:
        words = ", ".join(told.outcomes)
        raise NodeError("invalid", f"{request}: the answer names none of the outcomes {words}: {shown(reply.body)}")
    return str(said)


def _fitting(request: str, word: str, record: Any, check: Draft202012Validator, told: Description) -> Derived:
    """Of the answer what the outcome gives; a field that is needed and missing, or of another type, is a failure."""
    fields = [name for name in told.outcomes[word].get("properties", {}) if name != "outcome"]
    given = record if isinstance(record, Mapping) else {fields[0]: record} if len(fields) == 1 else {}
    kept = {name: given[name] for name in fields if name in given}
    for error in check.iter_errors(plain({"outcome": word, **kept})):
        at = ".".join(str(part) for part in error.absolute_path)
        raise NodeError("invalid", f"{request}: the answer does not fit `{word}`{f' at {at}' if at else ''}")
    return Derived(word, kept)


