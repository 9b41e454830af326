"""A model in a file, ready to be asked: names and facts in, answers out that say what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.answers import TableAnswer
from orderloom.dmn.facts import fact_in
from orderloom.dmn.linking import Linked, link
from orderloom.dmn.log import Log
from orderloom.dmn.program import Program
from orderloom.dmn.reading_parts import plain_name
from orderloom.dmn.session import Session, given_by_name
from orderloom.feel import FeelError
from orderloom.feel.budget import Budget
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, refuse

_WORDS: dict[type[model.Node], str] = {
    model.InputData: "input",
    model.Decision: "decision",
    model.KnowledgeModel: "function",
    model.Service: "service",
}
_GIVEN = (model.InputData, model.Decision)


@dataclass(frozen=True)
class Answer:
    """A value; `problems` say why it or a part of it is null, `tables` what each table on the way answered."""

    of: str
    value: Any
    problems: tuple[Problem, ...]
    tables: tuple[TableAnswer, ...] = field(repr=False)


class Model:
    """A model with all that it imports."""

    def __init__(self, linked: Linked) -> None:
        self._program = Program(linked)
        self._linked = linked

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises `ProblemsError` for what cannot be read, an import that is not found and a circle."""
        return cls(link(path))

    @property
    def name(self) -> str:
        return self._linked.definitions.name

    @property
    def definitions(self) -> model.Definitions:
        return self._linked.definitions

    def names(self, kind: type[model.Node] = model.Node) -> tuple[str, ...]:
        """The names of the file's own elements of that kind."""
        return tuple(node.name for node in self.definitions.nodes if isinstance(node, kind))

    @property
    def results(self) -> tuple[str, ...]:
        """The decisions that no other of the file requires: what the model is there for."""
        nodes = ((key, node) for key, (_, node) in self._program.nodes.items() if not isinstance(node, model.Service))
        required = {need.key for key, _ in nodes for need in self._program.references(key)}
        return tuple(name for name in self.names(model.Decision) if self.key(name, model.Decision) not in required)

    def facts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Plain JSON data, by the names of inputs, in the types of the model: dates and durations are text there.

        A decision may be given too, and is not made then; what is imported stands within its import's name.
        Raises `ProblemsError` (X038) for names that the model does not have.
        """
        known = {node.name: self._linked.key(node) for node in self.definitions.nodes if isinstance(node, _GIVEN)}
        imports = {one.name for one, _ in self._linked.imports if one.name}
        strange = [name for name in data if plain_name(name) not in {*known, *imports, *self._nameless()}]
        if strange:
            inputs = self.names(model.InputData)
            raise ProblemsError(self._strange(name, [*known, *imports], inputs) for name in strange)
        kinds = {name: self._program.kind(key) for name, key in known.items()}
        return {
            name: fact_in(kinds[name], value) if name in kinds else value
            for name, value in ((plain_name(name), value) for name, value in data.items())
        }

    def arguments(self, name: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Plain JSON data for the parameters of a knowledge model; raises `ProblemsError` as `facts` does."""
        key = self.key(name, model.KnowledgeModel)
        _, node = self._program.nodes[key]
        logic = node.logic if isinstance(node, model.KnowledgeModel) else None
        known = {one.name: self._program.kind_of(key, one) for one in logic.parameters} if logic else {}
        strange = [one for one in data if plain_name(one) not in known]
        if strange:
            raise ProblemsError(self._strange(one, [*known], [*known]) for one in strange)
        return {plain_name(one): fact_in(known[plain_name(one)], value) for one, value in data.items()}

    def _nameless(self) -> set[str]:
        """Inputs of imported files may also be given by their own name."""
        return {
            node.name
            for _, linked in self._linked.reachable()
            for node in linked.definitions.nodes
            if isinstance(node, model.InputData)
        }

    def _strange(self, name: str, known: Sequence[str], inputs: Sequence[str]) -> Problem:
        help_ = did_you_mean(name, known) or f"its inputs are: {', '.join(inputs) or 'none'}"
        return Problem("X038", f"the model has no input `{name}`", Place(self._linked.file), help_)

    def check(self) -> list[Problem]:
        """Everything that is wrong with formulas, types, references and tables, in the order of the file."""
        self._program.compile_all()
        return sorted(set(self._program.findings), key=Problem.sort_key)

    def decide(self, name: str, inputs: Mapping[Any, Any], now: datetime | None = None) -> Answer:
        """The value of a decision. Input data that is not given is null; a decision that is given is not made.

        Raises `ProblemsError` (X026) where there is no such decision.
        """
        key = self.key(name, model.Decision)
        return self._ask(name, inputs, now, lambda session: session.value(key))

    def call(self, name: str, arguments: Mapping[str, Any], now: datetime | None = None) -> Answer:
        """What a knowledge model or a decision service gives for arguments by name; one not given is null."""
        key = self.key(name, (model.KnowledgeModel, model.Service))
        given = {plain_name(str(one)): value for one, value in arguments.items()}
        return self._ask(name, {}, now, lambda session: session.call(key, given))

    def _ask(self, name: str, inputs: Mapping[Any, Any], now: datetime | None, ask: Any) -> Answer:
        log = Log()
        given = given_by_name(self._program, {_plain_key(key): value for key, value in inputs.items()})
        session = Session(self._program, given, now or datetime.now(UTC), log)
        try:
            with Budget():
                value = ask(session)
        except FeelError as error:
            value = None
            log.note("X036", f"`{name}`: {error.message}", Place(self._linked.file))
        return Answer(name, value, tuple(log.problems), tuple(log.tables))

    def key(self, name: str, kinds: type[model.Node] | tuple[type[model.Node], ...]) -> str:
        wanted = plain_name(name)
        for path, linked in self._linked.reachable():
            for node in linked.definitions.nodes:
                if isinstance(node, kinds) and ".".join((*path, node.name)) == wanted:
                    return linked.key(node)
        raise self._no_such(name, kinds)

    def _no_such(self, name: str, kinds: type[model.Node] | tuple[type[model.Node], ...]) -> Exception:
        known = [node.name for node in self.definitions.nodes if isinstance(node, kinds)]
        words = " or ".join(_words(kinds))
        help_ = did_you_mean(name, known) or (f"there are: {', '.join(known[:20])}" if known else None)
        return refuse("X026", f"the model has no {words} `{name}`", Place(self._linked.file), help_)


def _words(kinds: type[model.Node] | tuple[type[model.Node], ...]) -> Iterable[str]:
    return (_WORDS[kind] for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _plain_key(key: Any) -> Any:
    if isinstance(key, tuple):
        return (key[0], plain_name(str(key[1])))
    return plain_name(str(key))
