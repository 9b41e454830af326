"""One evaluation of a model: what is given in, values of its elements out, each made once and in the graph's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.boxed import entered
from orderloom.dmn.log import LOG, Log
from orderloom.dmn.program import Need, Program, Unit
from orderloom.dmn.types import ANY, Kind, fitted, typed_function
from orderloom.feel import NOW
from orderloom.feel.values import MISSING, Function
from orderloom.problems import Place

Given = Callable[[str], Any]  # the value given for an element, or MISSING


@dataclass(frozen=True)
class Formal:
    """A parameter of a function, and where it is declared."""

    name: str
    place: Place
    kind: Kind


class Session:
    """`given` may also give the value of a decision, which then is not made."""

    def __init__(self, program: Program, given: Given, now: datetime, log: Log) -> None:
        self._program, self._given, self._now, self._log = program, given, now, log
        self._values: dict[str, Any] = {}
        self._functions: dict[str, Any] = {}

    def value(self, key: str) -> Any:
        """The value of an input or a decision."""
        for one in self._missing(key):
            self._values[one] = self._made(one)
        return self._values[key]

    def _missing(self, key: str) -> Sequence[str]:
        """What has to be made for it, each behind what it needs."""
        found: dict[str, None] = {}
        waiting = [key]
        while waiting:
            one = waiting.pop()
            if one in self._values or one in found:
                continue
            found[one] = None
            if self._given(one) is MISSING:
                waiting += [need.key for need in self._program.unit(one).needs if self._is_value(need)]
        return sorted(found, key=self._program.position.__getitem__)

    def _is_value(self, need: Need) -> bool:
        return isinstance(self._program.nodes[need.key][1], model.Decision | model.InputData)

    def _made(self, key: str) -> Any:
        unit, given = self._program.unit(key), self._given(key)
        if given is not MISSING:
            made = fitted(unit.kind, given)
            if made is None and given is not None:
                message = f"`{unit.node.name}` is given a value that is no `{unit.kind.name}`: it becomes null"
                self._log.note("X037", message, unit.node.place)
            return made
        if unit.run is not None:
            return unit.run(self._scope(unit))
        self._log.note("X039", f"the input `{unit.node.name}` is not given: it is null", unit.node.place)
        return None

    def _scope(self, unit: Unit) -> dict[str, Any]:
        self._log.add(self._program.found(unit.key))
        scope: dict[str, Any] = {NOW: self._now, LOG: self._log}
        for need in unit.needs:
            inner = scope
            for name in need.path[:-1]:
                inner = inner.setdefault(name, {})
            inner[need.path[-1]] = self._values[need.key] if self._is_value(need) else self.function(need.key)
        return scope

    def function(self, key: str) -> Any:
        """A knowledge model or a decision service as a function of FEEL."""
        if key not in self._functions:
            unit = self._program.unit(key)
            self._functions[key] = self._service(unit) if isinstance(unit.node, model.Service) else self._known(unit)
        return self._functions[key]

    def call(self, key: str, given: Mapping[str, Any]) -> Any:
        """What such a function gives for arguments by name; one that is missing or does not fit is null and told."""
        function = self.function(key)
        if not isinstance(function, Function):
            return None
        unit = self._program.unit(key)
        return function.call(*(self._argument(unit, one, given) for one in self._formal(unit)))

    def _argument(self, unit: Unit, formal: Formal, given: Mapping[str, Any]) -> Any:
        what = f"the input `{formal.name}` of `{unit.node.name}`"
        if formal.name not in given:
            self._log.note("X039", f"{what} is not given: it is null", formal.place)
            return None
        made = fitted(formal.kind, given[formal.name])
        if made is None and given[formal.name] is not None:
            self._log.note("X037", f"{what} is given a value that is no `{formal.kind.name}`: it is null", formal.place)
        return made

    def _formal(self, unit: Unit) -> Sequence[Formal]:
        """The parameters of a function: a service's are elements of their own."""
        node = unit.node
        if isinstance(node, model.Service):
            needs = self._program.needs(unit.key, (*node.inputs, *node.input_decisions))
            kinds = _own_kinds(unit.kind, len(needs)) or [self._program.kind(need.key) for need in needs]
            formal = zip(needs, kinds, strict=True)
            return [Formal(need.path[-1], self._program.nodes[need.key][1].place, kind) for need, kind in formal]
        logic = node.logic if isinstance(node, model.KnowledgeModel) else None
        parameters = logic.parameters if logic else ()
        return [Formal(one.name, one.place, self._program.kind_of(unit.key, one)) for one in parameters]

    def _known(self, unit: Unit) -> Any:
        if unit.make is None:
            return None
        function = unit.make(self._scope(unit), unit.node.name)
        if function is None or unit.kind is ANY:
            return function
        if unit.kind.form == "function":
            return fitted(unit.kind, function)
        kinds = (ANY,) * len(function.parameters)

        def call(*values: Any) -> Any:
            return self._result(unit, unit.kind, function.call(*values))

        return typed_function(function.name, function.parameters, kinds, unit.kind, call)

    def _result(self, unit: Unit, wanted: Kind, value: Any) -> Any:
        """What a function gives, as its type has it; told where it is another."""
        made = fitted(wanted, value)
        if made is None and value is not None:
            message = f"`{unit.node.name}` gives a value that is no `{wanted.name}`: it becomes null"
            self._log.note("X030", message, unit.node.place)
        return made

    def _service(self, unit: Unit) -> Function:
        """Its parameters are its inputs, then the decisions that it is given (DMN 1.5, 10.4)."""
        service = unit.node
        assert isinstance(service, model.Service)
        formal = self._program.needs(unit.key, (*service.inputs, *service.input_decisions))
        outputs = self._program.needs(unit.key, service.outputs)
        result = unit.kind.result or ANY if unit.kind.form == "function" else unit.kind
        kinds = _own_kinds(unit.kind, len(formal)) or (ANY,) * len(formal)

        def call(*values: Any) -> Any:
            if len(values) != len(formal):
                return None
            typed = (fitted(wanted, value) for wanted, value in zip(kinds, values, strict=True))
            given = dict(zip((need.key for need in formal), typed, strict=True))
            session = Session(self._program, lambda key: given.get(key, MISSING), self._now, self._log)
            made = {need.path[-1]: session.value(need.key) for need in outputs}
            return self._result(unit, result, next(iter(made.values())) if len(made) == 1 else made)

        return Function(service.name, tuple(need.path[-1] for need in formal), entered(call))


def _own_kinds(wanted: Kind, count: int) -> Sequence[Kind] | None:
    """What the type of a service says of its parameters."""
    return wanted.parameters if len(wanted.parameters or ()) == count else None


def given_by_name(program: Program, inputs: Mapping[Any, Any]) -> Given:
    """What is given by name, by (namespace, name), or within a mapping for each import: `{"sales": {"order": …}}`."""
    paths = {linked.number: path for path, linked in program.root.reachable()}

    def given(key: str) -> Any:
        linked, node = program.nodes[key]
        by_namespace = inputs.get((linked.definitions.namespace, node.name), MISSING)
        if by_namespace is not MISSING:
            return by_namespace
        inner: Any = inputs
        for name in paths[linked.number]:
            inner = inner.get(name, {}) if isinstance(inner, Mapping) else {}
        found = inner.get(node.name, MISSING) if isinstance(inner, Mapping) else MISSING
        if found is MISSING and isinstance(node, model.InputData):
            return inputs.get(node.name, MISSING)
        return found

    return given
