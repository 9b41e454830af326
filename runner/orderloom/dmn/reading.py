"""XML elements in, what a model says out: the parts that all elements share, and the elements of the graph."""

from __future__ import annotations

from pathlib import Path

from orderloom.dmn.model import (
    Decision,
    Definitions,
    Import,
    InputData,
    KnowledgeModel,
    Node,
    Reference,
    Service,
)
from orderloom.dmn.modernise import modernised
from orderloom.dmn.namespaces import VERSIONS, is_feel
from orderloom.dmn.reading_boxed import read_boxed, read_function
from orderloom.dmn.reading_parts import named, notes_of, read_variable
from orderloom.dmn.reading_types import read_item
from orderloom.problems import refuse
from orderloom.source.xml import Element, parse_xml, read_xml

_NODES = {"inputData", "decision", "businessKnowledgeModel", "decisionService"}
_OWN = {"name", "namespace", "expressionLanguage", "typeLanguage", "id", "label"}


def read_file(path: Path) -> Definitions:
    """The definitions in a file. Raises `ProblemsError` (X001 to X004)."""
    return read_definitions(read_xml(path))


def read_text(data: bytes, file: str) -> Definitions:
    """The definitions in a text. Raises as `read_file` does."""
    return read_definitions(parse_xml(data, file))


def read_definitions(root: Element) -> Definitions:
    """Raises as `read_file` does."""
    if root.name != "definitions" or root.namespace not in VERSIONS:
        raise refuse(
            "X004",
            f"the file is no DMN model: it begins with <{root.name}> of `{root.namespace or 'no namespace'}`",
            root.place,
            f'a model begins with <definitions xmlns="{next(reversed(VERSIONS))}"> or that of an earlier version',
        )
    root = modernised(root)
    nodes = tuple(_node(one) for one in root.all(*_NODES))
    language = root.get("expressionLanguage")
    return Definitions(
        name=named(root),
        namespace=root.get("namespace") or "",
        imports=tuple(_import(one) for one in root.all("import")),
        items=tuple(read_item(one) for one in root.all("itemDefinition")),
        nodes=nodes,
        expression_language=None if is_feel(language) else language,
        attributes=tuple(sorted((key, value) for key, value in root.attributes.items() if _is_foreign(key))),
        notes=notes_of(root, {"import", "itemDefinition", *_NODES}),
        place=root.place,
    )


def _is_foreign(key: str) -> bool:
    return key not in _OWN and not key.startswith("{")


def _import(element: Element) -> Import:
    return Import(
        named(element),
        element.get("namespace") or "",
        element.get("locationURI"),
        element.get("importType") or "",
        notes_of(element, ()),
        element.place,
    )


def _node(element: Element) -> Node:
    return _READERS[element.name](element)


def _input_data(element: Element) -> Node:
    return InputData(
        named(element),
        _id(element),
        read_variable(element.child("variable")),
        notes=notes_of(element, ("variable",)),
        place=element.place,
    )


def _decision(element: Element) -> Node:
    logic = read_boxed(element)
    used = ("variable", "informationRequirement", "knowledgeRequirement", logic[1])
    return Decision(
        named(element),
        _id(element),
        read_variable(element.child("variable")),
        logic[0],
        _required(element, "informationRequirement", ("requiredDecision", "requiredInput")),
        _required(element, "knowledgeRequirement", ("requiredKnowledge",)),
        notes=notes_of(element, used),
        place=element.place,
    )


def _knowledge_model(element: Element) -> Node:
    logic = element.child("encapsulatedLogic")
    return KnowledgeModel(
        named(element),
        _id(element),
        read_variable(element.child("variable")),
        read_function(logic) if logic else None,
        _required(element, "knowledgeRequirement", ("requiredKnowledge",)),
        notes=notes_of(element, ("variable", "encapsulatedLogic", "knowledgeRequirement")),
        place=element.place,
    )


def _service(element: Element) -> Node:
    def references(name: str) -> tuple[Reference, ...]:
        return tuple(_reference(one) for one in element.all(name))

    return Service(
        named(element),
        _id(element),
        read_variable(element.child("variable")),
        references("outputDecision"),
        references("encapsulatedDecision"),
        references("inputDecision"),
        references("inputData"),
        notes=notes_of(element, ("variable", "outputDecision", "encapsulatedDecision", "inputDecision", "inputData")),
        place=element.place,
    )


def _required(element: Element, requirement: str, names: tuple[str, ...]) -> tuple[Reference, ...]:
    return tuple(
        Reference(_href(target), target.name, notes_of(one, names), target.place)
        for one in element.all(requirement)
        for target in one.all(*names)
    )


def _reference(element: Element) -> Reference:
    return Reference(_href(element), place=element.place)


def _href(element: Element) -> str:
    href = (element.get("href") or "").strip()
    return href if "#" in href else f"#{href}"


def _id(element: Element) -> str:
    """The id, or the name where there is none: nothing can refer to it then, but it can be asked for."""
    return element.get("id") or named(element)


_READERS = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge_model,
    "decisionService": _service,
}
