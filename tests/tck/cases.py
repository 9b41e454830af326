"""The test files of the DMN conformance kit (testCases.xsd) in, cases with values of FEEL out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderloom.feel import parse
from orderloom.source.xml import XSI, Element, read_xml

_NUMBERS = {
    "decimal",
    "double",
    "float",
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "nonNegativeInteger",
    "positiveInteger",
}
_FUNCTIONS = {
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "duration": "duration",
    "dayTimeDuration": "duration",
    "yearMonthDuration": "duration",
}
_READERS = {kind: parse(f"{function}(text)", ("text",)) for kind, function in _FUNCTIONS.items()}


@dataclass(frozen=True)
class Expected:
    """One result of a case. `type` is decision, bkm or decisionService."""

    name: str
    namespace: str | None
    type: str
    value: Any
    may_fail: bool


@dataclass(frozen=True)
class Case:
    id: str
    type: str
    invocable: str | None
    inputs: dict[str | tuple[str, str], Any] = field(default_factory=dict)
    results: tuple[Expected, ...] = ()


@dataclass(frozen=True)
class TestFile:
    """One `…-test-NN.xml` and the model that it is about."""

    __test__ = False  # its name is no test's

    path: Path
    model: Path
    cases: tuple[Case, ...]


def test_files(folder: Path) -> Iterator[TestFile]:
    """The test files right inside a folder, in the order of their names."""
    for path in sorted(folder.glob("*-test-*.xml")):
        yield read_tests(path)


test_files.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for one


def read_tests(path: Path) -> TestFile:
    root = read_xml(path)
    named = root.child("modelName")
    assert named is not None, f"{path}: no modelName"
    return TestFile(path, path.parent / named.text.strip(), tuple(map(_case, root.all("testCase"))))


def _case(element: Element) -> Case:
    kind = element.get("type") or "decision"
    inputs: dict[str | tuple[str, str], Any] = {}
    for node in element.all("inputNode"):
        namespace, name = node.get("namespace"), _name(node)
        inputs[(namespace, name) if namespace else name] = value_of(node)
    results = tuple(_expected(node, kind) for node in element.all("resultNode"))
    invocable = element.get("invocableName")
    return Case(element.get("id") or "", kind, invocable and " ".join(invocable.split()), inputs, results)


def _expected(element: Element, kind: str) -> Expected:
    wanted = element.child("expected")
    own = element.get("type")
    return Expected(
        _name(element),
        element.get("namespace"),
        own if own in {"bkm", "decisionService"} else kind,
        value_of(wanted) if wanted is not None else None,
        element.get("errorResult") in {"true", "1"},
    )


def _name(element: Element) -> str:
    return " ".join((element.get("name") or "").split())


def value_of(element: Element) -> Any:
    """What stands below an inputNode, a component, an item or an expected."""
    if _is_nil(element):
        return None
    listed = element.child("list")
    if listed is not None:
        return None if _is_nil(listed) else [value_of(item) for item in listed.all("item")]
    single = element.child("value")
    if single is not None:
        return _simple(single)
    parts = list(element.all("component"))
    return {_name(part): value_of(part) for part in parts} if parts else None


def _is_nil(element: Element) -> bool:
    return element.get(f"{{{XSI}}}nil") in {"true", "1"}


def _simple(element: Element) -> Any:
    if _is_nil(element):
        return None
    kind = (element.get(f"{{{XSI}}}type") or "string").rpartition(":")[2]
    text = element.text
    if kind in _NUMBERS:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in {"true", "1"}
    reader = _READERS.get(kind)
    return reader.evaluate({"text": text.strip()}) if reader else text
