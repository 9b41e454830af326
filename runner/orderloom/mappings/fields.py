"""A tree of fields as it stands in a file in; a function from documents to a record out.

    number: =order.order_number            a formula
    system: erp                            literal text
    lines: {for_each: =order.lines, fields: {sku: =item.sku, count: =item.quantity}}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orderloom.feel import Expression, FeelSyntaxError, infer, parse
from orderloom.feel.types import ANY, ListOf, Type
from orderloom.problems import Place, Problem, did_you_mean
from orderloom.source import Document, Path

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]
_EACH = {"for_each", "fields"}


@dataclass(frozen=True)
class Formula:
    """One formula of the tree: the path of the field that it fills, and where it stands."""

    path: str
    expression: Expression
    place: Place


@dataclass(frozen=True)
class Fields:
    """A tree ready to be evaluated, and every formula in it."""

    evaluate: Evaluate
    formulas: tuple[Formula, ...]


def read_fields(document: Document, path: Path, known: Mapping[str, Type], problems: list[Problem]) -> Fields:
    """The tree at `path`; `known` are the names that formulas may read and their types. Findings go to `problems`."""
    formulas: list[Formula] = []
    reader = _Reader(document, problems, formulas)
    made = reader.read(_at(document.data, path), path, "", known)
    return Fields(made, tuple(formulas))


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


@dataclass(frozen=True)
class _Reader:
    document: Document
    problems: list[Problem]
    formulas: list[Formula]

    def read(self, value: Any, path: Path, name: str, known: Mapping[str, Type]) -> Evaluate:
        if isinstance(value, str) and value.startswith("="):
            expression = self._formula(value, path, name, known)
            return expression.evaluate if expression else (lambda _scope: None)
        if isinstance(value, Mapping):
            if value.keys() == _EACH:
                return self._each(value, path, name, known)
            if "for_each" in value:
                self._half_each(value, path, name)
            return self._record(value, path, name, known)
        if isinstance(value, list):
            items = [self.read(item, (*path, index), f"{name}[{index}]", known) for index, item in enumerate(value)]
            return lambda scope: [item(scope) for item in items]
        return lambda _scope: value

    def _record(self, value: Mapping[str, Any], path: Path, name: str, known: Mapping[str, Type]) -> Evaluate:
        members = [
            (key, self.read(member, (*path, key), f"{name}.{key}" if name else key, known))
            for key, member in value.items()
        ]
        return lambda scope: {key: member(scope) for key, member in members}

    def _each(self, value: Mapping[str, Any], path: Path, name: str, known: Mapping[str, Type]) -> Evaluate:
        before = len(self.formulas)
        listed = self.read(value["for_each"], (*path, "for_each"), name, known)
        is_formula = isinstance(value["for_each"], str) and len(self.formulas) > before
        given = infer(self.formulas[before].expression, known).type if is_formula else ANY
        item: Type = given.item if isinstance(given, ListOf) else ANY
        fields = self.read(value["fields"], (*path, "fields"), f"{name}[]", {**known, "item": item})

        def each(scope: Scope) -> list[Any]:
            found = listed(scope)
            items = found if isinstance(found, (list, tuple)) else [] if found is None else [found]
            return [fields({**scope, "item": one}) for one in items]

        return each

    def _half_each(self, value: Mapping[str, Any], path: Path, name: str) -> None:
        other = next((key for key in value if key not in _EACH), None)
        place = self.document.key_place((*path, other or "for_each"))
        mend = did_you_mean(other, ["fields"]) if other else None
        example = "for_each: =order.lines, fields: {sku: =item.sku}"
        message = f"`{name}`: `for_each` goes with `fields` and nothing else"
        self.problems.append(Problem("M003", message, place, mend or f"such as `{{{example}}}`"))

    def _formula(self, text: str, path: Path, name: str, known: Mapping[str, Type]) -> Expression | None:
        place = self.document.place(path)
        try:
            expression = parse(text[1:], tuple(known))
        except FeelSyntaxError as error:
            self.problems.append(Problem("M001", f"`{name}`: {error.message}", place, error.help))
            return None
        found = list(_findings(expression, known))
        self.problems.extend(Problem("M002", f"`{name}`: {message}", place, mend) for message, mend in found)
        self.formulas.append(Formula(name, expression, place))
        return expression


def _findings(expression: Expression, known: Mapping[str, Type]) -> Iterator[tuple[str, str | None]]:
    strange = {read.path[0] for read in expression.reads} - known.keys()
    for name in sorted(strange):
        yield f"nothing is named `{name}` here", did_you_mean(name, known) or f"there is: {_listed(known)}"
    if not strange:
        for finding in infer(expression, known).findings:
            yield finding.message, finding.help


def _listed(names: Collection[str]) -> str:
    return ", ".join(names) or "nothing"
