"""The DMN conformance kit, as far as its decisions are literal expressions; tables and boxes belong to the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from orderloom.feel import NOW, FeelError, FeelSyntaxError, MonthsDuration, parse
from orderloom.feel.comparing import equal
from orderloom.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from orderloom.feel.values import is_number

WHOLE = (
    "0001-input-data-string", "0002-input-data-number", "0008-LX-arithmetic", "0100-feel-constants",
    "0101-feel-constants", "0105-feel-math", "0106-feel-ternary-logic", "0001-filter", "0003-iteration",
    "0011-insert-remove", "0013-sort", "0033-for-loops", "0050-feel-abs-function", "0052-feel-exp-function",
    "0053-feel-log-function", "0056-feel-modulo-function", "0060-feel-any-function", "0061-feel-median-function",
    "0062-feel-mode-function", "0064-feel-conjunction", "0065-feel-disjunction", "0066-feel-negation",
    "0067-feel-split-function", "0068-feel-equality", "0071-feel-between", "0073-feel-comments", "0077-feel-nan",
    "0083-feel-unicode", "0084-feel-for-loops", "0094-feel-product-function", "0095-feel-day-of-year-function",
    "1102-feel-ceiling-function", "1103-feel-substring-function", "1106-feel-lower-case-function",
    "1107-feel-substring-before-function", "1109-feel-replace-function", "1110-feel-contains-function",
    "1116-feel-time-function", "1140-feel-string-join-function", "1141-feel-round-up-function",
    "1142-feel-round-down-function", "1144-feel-round-half-down-function", "1145-feel-context-function",
    "1147-feel-context-merge-function", "1148-feel-now-function", "1156-range-function",
)
FLOOR = 2168
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
        self.members = [
            part.get("name", "") for part in root.iter() if tag(part) in {"itemComponent", "itemDefinition"}
        ]

    def evaluate(self, name: str, inputs: dict[str, Any]) -> Any:
        return self.value(self.by_name[name], inputs)

    def value(self, decision: ET.Element, inputs: dict[str, Any]) -> Any:
        scope = dict(self.requirements(decision, inputs))
        return self.literal(decision, scope)

    def literal(self, owner: ET.Element, scope: dict[str, Any]) -> Any:
        expression = child(owner, "literalExpression")
        text = child(expression, "text") if expression is not None else None
        if text is None:
            raise NotLiteralError
        names = [*scope, *self.members]
        return parse(text.text or "", names).evaluate({**scope, NOW: datetime(2026, 3, 2, tzinfo=UTC)})

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
                    yield name, inputs.get(name)
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
        formals = [formal.get("name") for formal in logic if tag(formal) == "formalParameter"]
        body = child(expression, "text")
        assert body is not None
        return parse(f"function({', '.join(map(str, formals))}) {body.text}", [*scope, *self.members]).evaluate(scope)


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
        for case in (part for part in root if tag(part) == "testCase"):
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


@pytest.fixture(scope="module")
def tally(shared: Path) -> dict[str, Counter[bool | None]]:
    folders = sorted((shared / "tck").glob("compliance-level-*/*"))
    return {folder.name: Counter(passed for _, passed, _ in results(folder)) for folder in folders}


def test_the_literal_expressions_of_the_kit_come_out(tally: dict[str, Counter[bool | None]]) -> None:
    passed = sum(counts[True] for counts in tally.values())
    failed = sum(counts[False] for counts in tally.values())
    print(f"{passed} of {passed + failed} results passed; {sum(c[None] for c in tally.values())} are no literals")
    assert passed >= FLOOR


@pytest.mark.parametrize("folder", WHOLE)
def test_a_folder_of_the_kit_passes_wholly(folder: str, tally: dict[str, Counter[bool | None]]) -> None:
    assert tally[folder][True] > 0
    assert tally[folder][False] == 0
