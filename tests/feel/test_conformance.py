"""The DMN conformance kit, as far as its decisions are literal expressions; tables and boxes belong to the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from orderloom.feel import (
    NOW,
    FeelError,
    FeelSyntaxError,
    Function,
    MonthsDuration,
    TypeName,
    coerce,
    parse,
)
from orderloom.feel.coercion import coerced
from orderloom.feel.comparing import equal
from orderloom.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from orderloom.feel.values import is_number

LITERALS = 2258         # results of the kit that are given by literal expressions alone
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class NotLiteralError(Exception):
    """The decision is a table, a boxed context, an invocation…"""


def tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def child(element: ET.Element, name: str) -> ET.Element | None:
    return next((part for part in element if tag(part) == name), None)


class Model:
    """One .dmn file: its decisions, functions and the names that its types mention."""

    def __init__(self, file: Path) -> None:
        root = ET.parse(file).getroot()
        parts = [part for part in root if part.get("id")]
        self.by_id = {part.get("id"): part for part in parts}
        self.by_name = {" ".join((part.get("name") or "").split()): part for part in parts}
        self.members = [part.get("name", "") for part in root.iter() if tag(part) == "itemComponent"]
        self.types = {part.get("name", ""): type_of(part) for part in root if tag(part) == "itemDefinition"}

    def evaluate(self, name: str, inputs: dict[str, Any]) -> Any:
        return self.value(self.by_name[name], inputs)

    def value(self, decision: ET.Element, inputs: dict[str, Any]) -> Any:
        scope = dict(self.requirements(decision, inputs))
        return self.typed(decision, self.literal(decision, scope))

    def typed(self, element: ET.Element, value: Any) -> Any:
        return coerce(value, self.declared(element), self.types)

    def declared(self, element: ET.Element) -> TypeName | None:
        """The type of the variable of a decision or a function, or of a parameter."""
        variable = child(element, "variable")
        reference = (element if variable is None else variable).get("typeRef")
        return named(reference) if reference else None

    def literal(self, owner: ET.Element, scope: dict[str, Any]) -> Any:
        expression = child(owner, "literalExpression")
        text = child(expression, "text") if expression is not None else None
        if expression is None or text is None:
            raise NotLiteralError
        names = [*scope, *self.members]
        formula = parse(text.text or "", names, self.types)
        return self.typed(expression, formula.evaluate({**scope, NOW: datetime(2026, 3, 2, tzinfo=UTC)}))

    def requirements(self, owner: ET.Element, inputs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for requirement in owner:
            if tag(requirement) not in {"informationRequirement", "knowledgeRequirement"}:
                continue
            for reference in requirement:
                part = self.by_id.get((reference.get("href") or "").lstrip("#"))
                if part is None:
                    raise NotLiteralError
                name = " ".join((part.get("name") or "").split())
                if tag(part) == "inputData":
                    yield name, self.typed(part, inputs.get(name))
                elif tag(part) == "decision":
                    yield name, inputs[name] if name in inputs else self.value(part, inputs)
                else:
                    yield name, self.function(part, inputs)

    def function(self, part: ET.Element, inputs: dict[str, Any]) -> Any:
        logic = child(part, "encapsulatedLogic")
        expression = child(logic, "literalExpression") if logic is not None else None
        if logic is None or expression is None:
            raise NotLiteralError
        scope = dict(self.requirements(part, inputs))
        formals = [formal for formal in logic if tag(formal) == "formalParameter"]
        names = tuple(formal.get("name", "") for formal in formals)
        types = tuple(self.declared(formal) for formal in formals)
        text = child(expression, "text")
        assert text is not None
        body = parse(text.text or "", [*names, *scope, *self.members], self.types)

        def call(*values: Any) -> Any:
            found = coerced(values, types, self.types)
            if found is None:
                return None
            answer = body.evaluate({**scope, **dict(zip(names, found, strict=True))})
            return self.typed(part, self.typed(expression, answer))

        return Function(part.get("name", ""), names, call, types, self.declared(part))


def named(reference: str) -> TypeName:
    return TypeName(0, 0, reference)


def type_of(definition: ET.Element) -> TypeName:
    """An item definition, or one of its components, as a type."""
    reference, function = child(definition, "typeRef"), child(definition, "functionItem")
    components = [part for part in definition if tag(part) == "itemComponent"]
    if function is not None:
        parameters = tuple(("", named(part.get("typeRef", "Any"))) for part in function)
        found = TypeName(0, 0, "function", parameters, named(function.get("outputTypeRef", "Any")))
    elif components:
        found = TypeName(0, 0, "context", tuple((part.get("name", ""), type_of(part)) for part in components))
    else:
        found = named((reference.text if reference is not None else None) or "Any")
    is_list = definition.get("isCollection") == "true"
    return TypeName(0, 0, "list", (("", found),)) if is_list else found


def value_of(element: ET.Element) -> Any:
    """The value below an inputNode, a component, an item or an expected."""
    listed = child(element, "list")
    if listed is not None:
        return None if listed.get(NIL) == "true" else [value_of(item) for item in listed if tag(item) == "item"]
    single = child(element, "value")
    if single is not None:
        return simple(single)
    parts = [part for part in element if tag(part) == "component"]
    return {part.get("name"): value_of(part) for part in parts} if parts else None


def simple(element: ET.Element) -> Any:
    text, kind = element.text or "", (element.get(TYPE) or "").rpartition(":")[2]
    if element.get(NIL) == "true":
        return None
    if kind in {"decimal", "double", "integer", "int", "float", "long"}:
        return Decimal(text.strip())
    readers = {
        "boolean": lambda t: t.strip() == "true",
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
    }
    return readers[kind](text.strip()) if kind in readers else text


def same(expected: Any, found: Any) -> bool:
    if is_number(expected) and is_number(found):
        return abs(Decimal(expected) - Decimal(found)) < Decimal("1e-8")
    if isinstance(expected, list) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(value, found[key]) for key, value in expected.items())
    return equal(expected, found) is True or (isinstance(expected, MonthsDuration) and expected == found)


def results(folder: Path) -> Iterator[tuple[str, bool | None, str]]:
    """Each expected result of the folder: its name, whether it came out (None: not a literal expression), and why."""
    for tests in sorted(folder.glob("*-test-*.xml")):
        root = ET.parse(tests).getroot()
        name = child(root, "modelName")
        assert name is not None
        model = Model(folder / (name.text or ""))
        for case in (part for part in root if tag(part) == "testCase" and part.get("type") != "decisionService"):
            given = {" ".join(n.get("name", "").split()): value_of(n) for n in case if tag(n) == "inputNode"}
            for node in (part for part in case if tag(part) == "resultNode"):
                yield (f"{case.get('id')}/{node.get('name')}", *outcome(model, node, given))


def outcome(model: Model, node: ET.Element, given: dict[str, Any]) -> tuple[bool | None, str]:
    expected_node = child(node, "expected")
    expected = value_of(expected_node) if expected_node is not None else None
    try:
        found = model.evaluate(" ".join(node.get("name", "").split()), given)
    except (NotLiteralError, KeyError):
        return None, "no literal expression"
    except FeelSyntaxError as error:
        return node.get("errorResult") == "true", f"{error.code} {error.message}"
    except FeelError as error:
        return False, error.message
    return same(expected, found), f"expected {expected!r}, found {found!r}"


def test_every_literal_expression_of_the_kit_comes_out(shared: Path) -> None:
    passed, failed = 0, []
    for folder in sorted((shared / "tck").glob("compliance-level-*/*")):
        for name, as_expected, why in results(folder):
            passed += as_expected is True
            failed += [f"{folder.name} {name}: {why}"] if as_expected is False else []

    assert failed == []
    assert passed == LITERALS
