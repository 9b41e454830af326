"""What formulas can read, and of which type: steps narrowed by the routes taken, `let` names, `item`, `result`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from orderloom.feel import Expression, infer
from orderloom.feel.types import ANY, ListOf, OneOf, Record, Type, from_schema
from orderloom.flow.check.subject import Subject
from orderloom.flow.check.values import type_of
from orderloom.flow.check.worlds import UNKNOWN, Looked
from orderloom.flow.model import Formula
from orderloom.flow.subflow import subflow_of
from orderloom.shapes import OutcomeSchemas, Schema, outcome_schemas

Scope = dict[str, Type]

MOST_TYPES = 1000
_TYPES: dict[int, tuple[Schema, Type]] = {}  # nodes keep their schemas, so that many flows share the types
_MADE: WeakKeyDictionary[type[BaseModel], Schema] = WeakKeyDictionary()  # what an outcome gives, by its class


@dataclass
class Scopes:
    """Types are found on demand and once; `looked` is empty where the graph has a circle."""

    subject: Subject
    looked: Mapping[str, Looked]
    _results: dict[str, Type] = field(default_factory=dict)

    def of_schema(self, schema: Schema) -> Type:
        """The type that a schema describes."""
        found = _TYPES.get(id(schema))
        if found is None or found[0] is not schema:
            if len(_TYPES) >= MOST_TYPES:
                _TYPES.clear()
            found = _TYPES[id(schema)] = (schema, from_schema(schema))
        return found[1]

    def result(self, name: str) -> Type:
        """One result of the step (one item's, for a for_each): outcome → record."""
        if name not in self._results:
            self._results[name] = ANY  # a circle of steps ends here
            bound = self.subject.bound[name]
            if subflow := subflow_of(bound):
                self._results[name] = OneOf(subflow.results)
            elif bound.outcomes is not None:
                same = {key: type_of(value, lambda f: self.type_of(f, name)) for key, value in bound.inputs.items()}
                schemas = self._schemas(bound.outcomes)
                self._results[name] = OneOf({word: self._record(schema, same) for word, schema in schemas.items()})
        return self._results[name]

    def _schemas(self, outcomes: Mapping[str, Schema]) -> Mapping[str, Schema]:
        """Those of all nodes of the flow are made together: nearly all that takes time in one, an order, they share."""
        if not isinstance(outcomes, OutcomeSchemas):
            return outcomes
        if not all(kind in _MADE for kind in outcomes.kinds.values()):
            found = [bound.outcomes for bound in self.subject.bound.values()]
            kinds = {kind: None for one in found if isinstance(one, OutcomeSchemas) for kind in one.kinds.values()}
            try:
                _MADE.update(outcome_schemas([kind for kind in kinds if kind not in _MADE]))
            except Exception:  # whatever pydantic cannot make of one of them: N505 where that one is asked for
                return outcomes
        return {word: _MADE[kind] for word, kind in outcomes.kinds.items()}

    def read_by(self, name: str, reader: str) -> Type:
        """The step's result as the reader meets it: only the outcomes after which the reader can run."""
        found = self.result(name)
        seen = self.looked[reader].seen.get(name) if reader in self.looked else None
        if self.subject.flow.steps[name].for_each is not None:
            return ListOf(found)
        if seen and seen >= UNKNOWN:
            return any_of(found)
        if seen and isinstance(found, OneOf):
            return OneOf({word: record for word, record in found.variants.items() if word in seen})
        return found

    def scope(self, formulas: Iterable[Expression], reader: str, extra: Mapping[str, Type]) -> Scope:
        """Every name there is; those that these formulas read with their types."""
        flow = self.subject.flow
        found = dict.fromkeys((*flow.steps, *flow.let), ANY)  # those that are not read are there for a `did you mean`
        for name in {read.path[0] for formula in formulas for read in formula.reads}:
            if name in flow.steps:
                found[name] = self.read_by(name, reader)
            elif name in flow.let:
                found[name] = self._let(name, reader, ())
        return {**found, **extra}

    def type_of(self, formula: Formula, reader: str, extra: Mapping[str, Type] | None = None) -> Type:
        """The type of a formula in a step; `item` is there where the step goes through a list."""
        names = self.items(reader) if extra is None else extra
        return infer(formula.expression, self.scope([formula.expression], reader, names)).type

    def items(self, reader: str) -> Scope:
        """`item` in the `with:` of a step with for_each."""
        step = self.subject.flow.steps.get(reader)
        if step is None or step.for_each is None:
            return {}
        found = self.type_of(step.for_each, reader, {})
        return {"item": found.item if isinstance(found, ListOf) else ANY}

    def _let(self, name: str, reader: str, above: tuple[str, ...]) -> Type:
        if name in above:
            return ANY
        expression, scope = self.subject.flow.let[name].expression, Scope()
        for other in {read.path[0] for read in expression.reads}:
            if other in self.subject.flow.steps:
                scope[other] = self.read_by(other, reader)
            elif other in self.subject.flow.let:
                scope[other] = self._let(other, reader, (*above, name))
        return infer(expression, scope).type

    def _record(self, schema: Schema, same: Mapping[str, Type]) -> Record:
        """The record of one outcome; a field marked `x-same-as` has the type of that input."""
        record = self.of_schema(schema)
        if not isinstance(record, Record):
            return Record({}, open=True)
        copied = {
            name: same.get(str(field_schema["x-same-as"]), ANY)
            for name, field_schema in schema.get("properties", {}).items()
            if isinstance(field_schema, Mapping) and "x-same-as" in field_schema
        }
        return Record({**record.fields, **copied}, record.open) if copied else record


def any_of(result: Type) -> Type:
    """A result of which nobody knows the outcome: it may have the fields of each.

    So reads an undo, which applies where its fields are there (rule 25).
    """
    if not isinstance(result, OneOf):
        return result
    return Record({name: kind for record in result.variants.values() for name, kind in record.fields.items()})
