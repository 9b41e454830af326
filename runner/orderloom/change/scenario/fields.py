"""What one outcome of a node gives: the names, which of them are always there, and whether a value fits.

A node that is Python says it by its outcome classes, others by the schema of the outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import ValidationError

from orderloom.declare import Node, Outcome, Parameter
from orderloom.feel.types import Type, accepts, describe, from_schema, text_of
from orderloom.flow.check.values import type_of
from orderloom.flow.misfit import misfits
from orderloom.flow.shape import describe as described
from orderloom.model.plain import plain
from orderloom.problems import Problem
from orderloom.run.machine.values import unfit
from orderloom.shapes import Schema
from orderloom.source import Document, Path

UNFIT = "W013"


class Fields(Protocol):
    """What an outcome gives besides its own word."""

    @property
    def names(self) -> Collection[str] | None:
        """All that there are; None where any may stand."""
        ...

    @property
    def required(self) -> Collection[str]:
        """Those that are there in every result."""
        ...

    def type(self, name: str) -> Type:
        """The type of a field, for formulas."""
        ...

    def findings(self, name: str, value: Any, document: Document, path: Path) -> list[Problem]:
        """What is wrong with a literal in the file."""
        ...

    def result(self, outcome: str, given: Mapping[str, Any]) -> Any:
        """The record as the node would give it. Raises `ValueError` with a sentence where a value does not fit."""
        ...


def fields_of(node: Node, outcome: str, schemas: Mapping[str, Schema]) -> Fields:
    """Of one outcome of a node; `schemas` are those of all its outcomes."""
    kind = next((kind for kind in node.outcome_types if kind.outcome_name == outcome), None)
    return OfModel(kind) if kind else OfSchema(schemas[outcome], strict=node.described is not None)


@dataclass(frozen=True)
class OfModel:
    """Of an outcome class."""

    kind: type[Outcome]

    @property
    def names(self) -> Collection[str]:
        return [name for name in self.kind.model_fields if name != "outcome"]

    @property
    def required(self) -> Collection[str]:
        return [name for name in self.names if self.kind.model_fields[name].is_required()]

    def type(self, name: str) -> Type:
        return from_schema(self._parameter(name).schema)

    def findings(self, name: str, value: Any, document: Document, path: Path) -> list[Problem]:
        parameter = self._parameter(name)
        try:
            parameter.adapter.validate_python(value)
        except ValidationError as error:
            return misfits(error, parameter, value, document, path)
        return []

    def result(self, outcome: str, given: Mapping[str, Any]) -> Any:
        made = {name: self._made(name, value) for name, value in given.items()}
        if not set(self.required) - made.keys():
            return self.kind.model_validate({"outcome": outcome, **made})
        rest = {name: self.kind.model_fields[name].get_default() for name in self.names if name not in self.required}
        return {"outcome": outcome, **rest, **made}

    def _made(self, name: str, value: Any) -> Any:
        parameter = self._parameter(name)
        try:
            return parameter.adapter.validate_python(value)
        except ValidationError as error:
            raise ValueError(unfit(parameter, value, error)) from None

    def _parameter(self, name: str) -> Parameter:
        field = self.kind.model_fields[name]
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        return _parameter(self.kind, name, annotation)


_PARAMETERS: dict[tuple[type[Outcome], str], Parameter] = {}  # each keeps its own validator


def _parameter(kind: type[Outcome], name: str, annotation: Any) -> Parameter:
    if (kind, name) not in _PARAMETERS:
        _PARAMETERS[kind, name] = Parameter(name, "input", annotation, True)
    return _PARAMETERS[kind, name]


@dataclass(frozen=True)
class OfSchema:
    """Of a JSON Schema: types and words; with `strict`, whatever else it asks of a value."""

    schema: Schema
    strict: bool = False

    @property
    def names(self) -> Collection[str] | None:
        if self.schema.get("additionalProperties", True) is not False and len(self._properties) <= 1:
            return None  # it says nothing but the outcome
        return [name for name in self._properties if name != "outcome"]

    @property
    def required(self) -> Collection[str]:
        return [name for name in self.schema.get("required", ()) if name != "outcome"]

    def type(self, name: str) -> Type:
        return from_schema(self._field(name))

    def findings(self, name: str, value: Any, document: Document, path: Path) -> list[Problem]:
        told = self._unfit(name, value)
        return [Problem(UNFIT, told, document.place(path))] if told else []

    def result(self, outcome: str, given: Mapping[str, Any]) -> Any:
        for name, value in given.items():
            if told := self._unfit(name, value):
                raise ValueError(told)
        return {"outcome": outcome, **given}

    @property
    def _properties(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.schema.get("properties", {})
        return found

    def _field(self, name: str) -> Schema:
        return {**self._properties.get(name, {}), "$defs": self.schema.get("$defs", {})}

    def _unfit(self, name: str, value: Any) -> str | None:
        wanted = self.type(name)
        given = text_of([value]) if isinstance(value, str) else type_of(plain(value), lambda _: wanted)
        fits = accepts(wanted, given) and (not self.strict or _lets_through(self._field(name), value))
        if fits:
            return None
        words = f"one of {', '.join(wanted.values)}" if wanted.values else describe(wanted)
        return f"`{name}` wants {words}, but is {described(value)}"


def _lets_through(schema: Schema, value: Any) -> bool:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (a described node has brought it already)

    return bool(Draft202012Validator(schema).is_valid(plain(value)))
