"""A node and what stands in `with:` in; settings loaded, templates read, inputs sorted out, and findings about them.

This is where a flow's text meets a node's declaration; everything behind it works on `Bound`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from orderloom.declare import Node, Parameter, Resource
from orderloom.flow.formulas import formulas_in, read_text
from orderloom.flow.misfit import misfits
from orderloom.flow.model import Flow, Formula, Text
from orderloom.flow.shape import describe
from orderloom.flow.subflow import SubFlow
from orderloom.packs import Catalogue, UnknownNodeError
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, respelt
from orderloom.shapes import Schema
from orderloom.source import Path


@dataclass(frozen=True)
class Bound:
    """One use of a node. `outcomes` is None where they cannot be told, because something else is wrong already."""

    path: Path  # of the step, or of its undo
    node: Node | None
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[str, Schema] | None = None
    stray: Mapping[str, Any] = field(default_factory=dict)  # what stands in `with:` and is no key of the node
    sound: bool = False  # nothing was found wrong with the `with:`

    @property
    def written(self) -> Mapping[str, Any]:
        """All that stands in `with:` and may hold formulas."""
        return {**self.inputs, **self.stray}


@dataclass
class Binder:
    """Binds the steps of one flow; a file that several steps name is read once."""

    flow: Flow
    catalogue: Catalogue
    folders: Sequence[FilePath]
    open_flow: Callable[[Any, Place], SubFlow]
    problems: list[Problem] = field(default_factory=list)
    _loaded: dict[tuple[Any, str], Any] = field(default_factory=dict)

    def bind(self, path: Path, use: str, given: Mapping[str, Any]) -> Bound:
        """Settle what `with:` holds; findings are kept in `problems`."""
        node = self._node(path, use) if use else None
        if node is None:
            return Bound(path, None, inputs=given)
        before = len(self.problems)
        self._names(path, node, given)
        settings, inputs = self._settings(path, node, given), self._inputs(path, node, given)
        outcomes = self._outcomes(path, node, settings, given)
        stray = {name: value for name, value in given.items() if node.parameter(name) is None}
        return Bound(path, node, settings, inputs, outcomes, stray, sound=len(self.problems) == before)

    def place(self, path: Path, *more: str) -> Place:
        """Where the value of a key of `with:` stands, else the key `with`, else `use`."""
        document = self.flow.source
        if (*path, "with", *more) in document.values:
            return document.place((*path, "with", *more)) if more else document.key_place((*path, "with"))
        return (
            document.key_place((*path, "with")) if (*path, "with") in document.keys else document.place((*path, "use"))
        )

    def _node(self, path: Path, use: str) -> Node | None:
        place = self.flow.source.place((*path, "use"))
        try:
            return self.catalogue.find(use)
        except UnknownNodeError as error:
            mend = did_you_mean(use.partition("@")[0], error.known) or "`orderloom nodes list` names them all"
            if len(error.known) == 1 and "@" in error.known[0]:
                mend = f"there is `{error.known[0]}`"
            fix = respelt(place, use, error.known)
            self.problems.append(Problem("N001", f"no node is named `{use}`", place, mend, fix=fix))
            self.problems += self.catalogue.problems  # one of these packs may be the one that has it
        except ProblemsError as error:
            self.problems += error.problems
        return None

    def _names(self, path: Path, node: Node, given: Mapping[str, Any]) -> None:
        known = [parameter.name for parameter in node.published]
        missing = [parameter.name for parameter in node.published if parameter.required and parameter.name not in given]
        unknown = [name for name in given if name not in known]
        for name in unknown:
            free = [n for n in known if n not in given]
            mend = did_you_mean(name, missing) or did_you_mean(name, free)
            if mend is None and len(unknown) == len(missing) == 1:
                mend = f"did you mean `{missing[0]}`?"
            missing = [
                other for other in missing if mend is None or f"`{other}`" not in mend
            ]  # one slip is one finding
            place = self.flow.source.key_place((*path, "with", name))
            takes = f"it takes: {', '.join(known)}" if known else "it takes nothing"
            message, fix = f"node `{node.name}` takes no `{name}`", respelt(place, name, free)
            self.problems.append(Problem("N002", message, place, mend or takes, fix=fix))
        if missing:
            needed = " and ".join(f"`{name}`" for name in missing)
            mend = f"add {', '.join(f'`{name}: …`' for name in missing)} to its `with:`"
            self.problems.append(Problem("N003", f"node `{node.name}` needs {needed}", self.place(path), mend))

    def _settings(self, path: Path, node: Node, given: Mapping[str, Any]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for parameter in node.published:
            if parameter.role not in {"setting", "resource"}:
                continue
            if parameter.name not in given:
                found |= {} if parameter.required else {parameter.name: parameter.default}
            elif any(formulas_in(given[parameter.name])):
                self._refuse_formula(path, node, parameter)
            elif parameter.role == "resource" and not (given[parameter.name] is None and not parameter.required):
                found |= self._resource(path, parameter)
            else:
                found |= self._setting(path, parameter, given[parameter.name])
        return found

    def _refuse_formula(self, path: Path, node: Node, parameter: Parameter) -> None:
        message = f"`{parameter.name}` of node `{node.name}` must be known before anything runs and cannot be a formula"
        self.problems.append(Problem("N005", message, self.place(path, parameter.name), "write the value itself"))

    def _setting(self, path: Path, parameter: Parameter, value: Any) -> Mapping[str, Any]:
        try:  # a type that names files looks for them in the folders of the context
            return {parameter.name: parameter.adapter.validate_python(value, context={"folders": self.folders})}
        except ValidationError as error:
            self.problems += misfits(error, parameter, value, self.flow.source, (*path, "with", parameter.name))
        except ProblemsError as error:
            self.problems += error.problems
        return {}

    def _resource(self, path: Path, parameter: Parameter) -> Mapping[str, Any]:
        value: Any = self.flow.source.data
        for part in (*path, "with", parameter.name):
            value = value[part]
        kind = parameter.resource
        place = self.place(path, parameter.name)
        if not isinstance(value, (str, Mapping)):
            self.problems.append(
                Problem(
                    "N004",
                    f"`{parameter.name}` wants the name of a file, but is {describe(value)}",
                    place,
                    "its path, relative to the flow's folder or the project",
                )
            )
            return {}
        key = (kind, value) if isinstance(value, str) else (kind, f"{path}{parameter.name}")
        if key not in self._loaded:
            try:
                self._loaded[key] = self._load(kind, value, place)
            except ProblemsError as error:
                self._loaded[key] = None
                self.problems += error.problems
        return {} if self._loaded[key] is None else {parameter.name: self._loaded[key]}

    def _load(self, kind: type[Resource], value: Any, place: Place) -> Resource:
        return self.open_flow(value, place) if kind is SubFlow else kind.load_setting(value, place, self.folders)

    def _inputs(self, path: Path, node: Node, given: Mapping[str, Any]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for name, value in given.items():
            parameter = node.parameter(name)
            if parameter is None or parameter.role in {"setting", "resource"}:
                continue
            found[name] = self._template(path, name, value) if parameter.role == "template" else value
            if parameter.role == "input" and not any(formulas_in(value)):
                self._setting(path, parameter, value)
        return found

    def _template(self, path: Path, name: str, value: Any) -> Formula | Text:
        place = self.place(path, name)
        if isinstance(value, Formula):
            return value
        if not isinstance(value, str):
            self.problems.append(
                Problem("N004", f"`{name}` wants a text, but is {describe(value)}", place, "put it in quotes")
            )
            return Text((), place)
        names = (*self.flow.steps, *self.flow.let)
        text, problems = read_text(self.flow.source, place, value, names)
        self.problems += problems
        return text

    def _outcomes(
        self, path: Path, node: Node, settings: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Mapping[str, Schema] | None:
        absent = {p.name: p.default for p in node.published if p.name not in given and not p.required}
        wanted = {p.name for p in node.published if p.role in {"setting", "resource"}}
        if not wanted <= {*settings, *absent} and node.derive is not None:
            return None
        try:
            return node.outcomes({**absent, **settings})
        except KeyError:
            return None
        except ProblemsError as error:
            self.problems += [self._placed(path, problem) for problem in error.problems]
            return None

    def _placed(self, path: Path, problem: Problem) -> Problem:
        """A node does not know where its settings stand: it is the first one that its sentence names."""
        if problem.place.line or problem.place.file != "-":
            return problem
        named = [word for word in problem.message.split("`")[1::2] if (*path, "with", word) in self.flow.source.values]
        return Problem(problem.code, problem.message, self.place(path, *named[:1]), problem.help, problem.severity)
