"""Linked files in, the elements of their requirements graph out, in order and each compiled when it is first asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, cast

from orderloom import graphs
from orderloom.dmn import model
from orderloom.dmn.boxed import Compiler, Run, compile_function
from orderloom.dmn.formulas import Formulas, Names
from orderloom.dmn.linking import Linked
from orderloom.dmn.types import ANY, Kind, Types
from orderloom.problems import Problem, did_you_mean, refuse
from orderloom.source.xml import Element


@dataclass(frozen=True)
class Need:
    """Something that an element may speak of: its names in scope, those of the imports first, and which it is."""

    path: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Unit:
    """One element of the graph, compiled. `run` is a decision's, `make` a knowledge model's."""

    key: str
    node: model.Node
    kind: Kind
    needs: tuple[Need, ...] = ()
    run: Run | None = None
    make: Callable[[Mapping[str, Any], str], Any] | None = None


class Program:
    """All elements of a model. Raises `ProblemsError` (X024) where they wait for one another in a circle."""

    def __init__(self, linked: Linked) -> None:
        self.root = linked
        self._files = [found for _, found in linked.reachable()]
        self._of_file = {found.number: self._tools(found) for found in self._files}
        for found in self._files:
            types = self._of_file[found.number][1]
            for one, other in found.imports:
                types.add_import(one.name, self._of_file[other.number][1])
        self.nodes = {found.key(node): (found, node) for found in self._files for node in found.definitions.nodes}
        self._units: dict[str, Unit] = {}
        self._found: dict[str, tuple[Problem, ...]] = {}
        self._references: dict[str, tuple[Need, ...]] = {}
        self.position = self._ordered()

    def _tools(self, linked: Linked) -> tuple[Formulas, Types]:
        formulas = Formulas(_members(linked))
        types = Types(linked.definitions.items, formulas)
        formulas.types = types
        return formulas, types

    def _ordered(self) -> Mapping[str, int]:
        pairs = [(need.key, key) for key in self.nodes for need in self.references(key)]
        for circle in graphs.circles(list(self.nodes), pairs):
            path = [*(self.nodes[waiting][1].name for _, waiting in reversed(circle))]
            first = self.nodes[circle[-1][1]][1]
            told = " → ".join(f"`{name}`" for name in [*path, path[0]])
            raise refuse("X024", f"elements require one another in a circle: {told}", first.place, _CIRCLE_HELP)
        return {key: place for place, key in enumerate(graphs.in_order(list(self.nodes), pairs))}

    def references(self, key: str) -> tuple[Need, ...]:
        """What an element requires, services their decisions; what leads nowhere is a finding and left out."""
        if key not in self._references:
            linked, node = self.nodes[key]
            self._references[key] = tuple(self._needs(linked, node, _references_of(node)))
        return self._references[key]

    def needs(self, key: str, references: Iterable[model.Reference]) -> tuple[Need, ...]:
        linked, node = self.nodes[key]
        return tuple(self._needs(linked, node, references))

    def _needs(self, linked: Linked, node: model.Node, references: Iterable[model.Reference]) -> Iterator[Need]:
        for one in references:
            found = linked.resolve(one.href)
            if found is None:
                known = [f"#{identity}" for identity in linked.by_id]
                message = f"`{node.name}` refers to `{one.href}`, and there is no such element"
                self._of_file[linked.number][0].find("X025", message, one.place, did_you_mean(one.href, known))
            else:
                path, other, target = found
                yield Need((*path, target.name), other.key(target))

    def unit(self, key: str) -> Unit:
        if key not in self._units:
            linked, node = self.nodes[key]
            formulas, types = self._of_file[linked.number]
            known = len(formulas.findings)
            self._units[key] = _compiled(key, node, self.references(key), formulas, types)
            self._found[key] = tuple(formulas.findings[known:])
        return self._units[key]

    def found(self, key: str) -> tuple[Problem, ...]:
        """What was found when the element was compiled."""
        return self._found[key]

    def kind(self, key: str) -> Kind:
        return self.unit(key).kind

    def kind_of(self, key: str, variable: model.Variable) -> Kind:
        """The type of a variable, such as a parameter, of the element."""
        return self._of_file[self.nodes[key][0].number][1].get_kind(variable.type, variable.place)

    def compile_all(self) -> None:
        """Every element and every type, so that `findings` is complete."""
        for key in self.nodes:
            self.unit(key)
        for linked in self._files:
            types = self._of_file[linked.number][1]
            for item in linked.definitions.items:
                types.find(item.name)

    @property
    def findings(self) -> list[Problem]:
        """What has been found so far, in the order of the files."""
        found = [problem for linked in self._files for problem in linked.findings]
        return [*found, *(problem for formulas, _ in self._of_file.values() for problem in formulas.findings)]


_CIRCLE_HELP = "take one of the requirements away: a decision needs its answers before it can be made"


def _references_of(node: model.Node) -> tuple[model.Reference, ...]:
    if isinstance(node, model.Decision):
        return (*node.information, *node.knowledge)
    if isinstance(node, model.KnowledgeModel):
        return node.knowledge
    return (*node.outputs, *node.encapsulated) if isinstance(node, model.Service) else ()


def _compiled(key: str, node: model.Node, needs: tuple[Need, ...], formulas: Formulas, types: Types) -> Unit:
    kind = types.get_kind(node.type, node.variable.place) if node.variable else ANY
    names: Names = tuple(dict.fromkeys(need.path[0] for need in needs))
    if isinstance(node, model.Decision):
        compiler = Compiler(formulas, types, f"decision `{node.name}`")
        run = compiler.conforming(compiler.compile(node.logic, names), kind, node.place, "its value")
        return Unit(key, node, kind, needs, run)
    if isinstance(node, model.KnowledgeModel):
        compiler = Compiler(formulas, types, f"function `{node.name}`")
        make = compile_function(compiler, node.logic, names) if node.logic else None
        return Unit(key, node, kind, needs, make=make)
    return Unit(key, node, kind, needs)


def _members(linked: Linked) -> tuple[str, ...]:
    """All names that can stand behind a dot: of components, entries and outputs, and of what is imported."""
    found: dict[str, None] = {}
    for _, other in linked.reachable():
        for part in _parts(other.definitions):
            found.update(dict.fromkeys(_member_names(part)))
        found.update(dict.fromkeys(_service_members(other)))
        if other is not linked:
            found.update(dict.fromkeys(node.name for node in other.definitions.nodes))
            found.update(dict.fromkeys(one.name for one in other.definitions.imports))
    return tuple(found)


def _member_names(part: Any) -> list[str]:
    if isinstance(part, model.Item | model.OutputClause):
        return [part.name] if part.name else []
    if isinstance(part, model.Entry):
        return [part.variable.name] if part.variable else []
    return [column.name for column in part.columns] if isinstance(part, model.Relation) else []


def _service_members(linked: Linked) -> Iterator[str]:
    """A service with several outputs gives a context of them."""
    for node in linked.definitions.nodes:
        for one in node.outputs if isinstance(node, model.Service) else ():
            if (found := linked.resolve(one.href)) is not None:
                yield found[2].name


def _parts(whole: Any) -> Iterator[Any]:
    level = [whole]
    while level:
        yield from level
        level = [part for one in level for part in _below(one)]


def _below(one: Any) -> Iterator[Any]:
    for name in _field_names(cast("Hashable", type(one))):
        value = getattr(one, name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part) and not isinstance(part, model.Notes | Element | model.Reference):
                yield part


@cache
def _field_names(kind: Hashable) -> tuple[str, ...]:
    return tuple(one.name for one in fields(cast("Any", kind)) if one.name not in {"notes", "place"})
