"""What a model says in, the XML of DMN 1.5 out; reading it again gives an equal model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.namespaces import MODEL
from orderloom.dmn.serial import to_text
from orderloom.source.xml import Element

Attributes = Mapping[str, str | None]
_EXPRESSION = 90
_ORDER = {  # the sequences of the standard's schema; what is not named here stands between these and the expression
    name: place
    for place, name in enumerate(
        (
            "description", "extensionElements", "question", "allowedAnswers", "variable", "typeRef", "outputDecision",
            "encapsulatedDecision", "inputDecision", "allowedValues", "typeConstraint", "itemComponent",
            "functionItem", "formalParameter", "encapsulatedLogic", "informationRequirement", "knowledgeRequirement",
            "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker",
            "decisionOwner", "usingProcess", "usingTask", "inputExpression", "inputValues", "outputValues",
            "defaultOutputEntry", "input", "output", "annotation", "rule", "import", "itemDefinition",
        )
    )
}  # fmt: skip
_LATE = (
    "textAnnotation",
    "association",
    "group",
    "elementCollection",
    "performanceIndicator",
    "organizationUnit",
    "DMNDI",
)


def write(definitions: model.Definitions) -> str:
    """The text of a .dmn file, in UTF-8 when it is encoded. Raises `ProblemsError` (X040) where XML cannot hold it."""
    children = [
        *(_import(one) for one in definitions.imports),
        *(_item(one, "itemDefinition") for one in definitions.items),
        *(_NODES[type(node)](node) for node in definitions.nodes),
    ]
    attributes = {
        "name": definitions.name,
        "namespace": definitions.namespace,
        "expressionLanguage": definitions.expression_language,
        **dict(definitions.attributes),
    }
    return to_text(_element("definitions", attributes, children, definitions.notes))


def _element(
    name: str, attributes: Attributes, children: Iterable[Element | None], notes: model.Notes, text: str = ""
) -> Element:
    own = {"id": notes.id, "label": notes.label, **attributes, **dict(notes.foreign)}
    described = [_leaf("description", notes.description)] if notes.description is not None else []
    below = [*described, *(one for one in children if one is not None), *notes.rest]
    ordered = sorted(below, key=_rank) if notes.rest or described else below
    kept = {key: value for key, value in own.items() if value is not None}
    return Element(MODEL, name, kept, tuple(ordered), text, model.NOWHERE)


def _rank(element: Element) -> int:
    if element.name in _LATE:
        return _EXPRESSION + 1 + _LATE.index(element.name)
    known = element.namespace == MODEL and element.name in _ORDER
    return _ORDER[element.name] if known else _EXPRESSION


def _leaf(name: str, text: str, attributes: Attributes | None = None) -> Element:
    return Element(MODEL, name, {k: v for k, v in (attributes or {}).items() if v is not None}, (), text, model.NOWHERE)


def _text(name: str, text: model.Text | None, attributes: Attributes | None = None) -> Element | None:
    if text is None:
        return None
    told = {"expressionLanguage": text.language, **(attributes or {})}
    return _element(name, told, [_leaf("text", text.text)], text.notes)


def _variable(name: str, variable: model.Variable | None) -> Element | None:
    if variable is None:
        return None
    return _element(name, {"name": variable.name, "typeRef": variable.type}, (), variable.notes)


# The graph


def _import(one: model.Import) -> Element:
    attributes = {"name": one.name, "namespace": one.namespace, "locationURI": one.location, "importType": one.kind}
    return _element("import", attributes, (), one.notes)


def _input_data(node: model.InputData) -> Element:
    return _element("inputData", {"name": node.name}, [_variable("variable", node.variable)], node.notes)


def _decision(node: model.Decision) -> Element:
    children = [
        _variable("variable", node.variable),
        *(_requirement("informationRequirement", one) for one in node.information),
        *(_requirement("knowledgeRequirement", one) for one in node.knowledge),
        boxed(node.logic),
    ]
    return _element("decision", {"name": node.name}, children, node.notes)


def _knowledge_model(node: model.KnowledgeModel) -> Element:
    children = [
        _variable("variable", node.variable),
        _function(node.logic, "encapsulatedLogic") if node.logic else None,
        *(_requirement("knowledgeRequirement", one) for one in node.knowledge),
    ]
    return _element("businessKnowledgeModel", {"name": node.name}, children, node.notes)


def _service(node: model.Service) -> Element:
    references = {
        "outputDecision": node.outputs,
        "encapsulatedDecision": node.encapsulated,
        "inputDecision": node.input_decisions,
        "inputData": node.inputs,
    }
    children = [_variable("variable", node.variable)]
    for name, targets in references.items():
        children += [_leaf(name, "", {"href": one.href}) for one in targets]
    return _element("decisionService", {"name": node.name}, children, node.notes)


def _requirement(name: str, reference: model.Reference) -> Element:
    return _element(name, {}, [_leaf(reference.kind, "", {"href": reference.href})], reference.notes)


def _item(item: model.Item, name: str) -> Element:
    function = None
    if item.function is not None:
        parameters = [_variable("parameters", one) for one in item.function]
        function = _element("functionItem", {"outputTypeRef": item.result}, parameters, model.PLAIN)
    children = [
        _leaf("typeRef", item.type) if item.type is not None else None,
        _text("allowedValues", item.allowed),
        _text("typeConstraint", item.constraint),
        *(_item(one, "itemComponent") for one in item.components),
        function,
    ]
    return _element(
        name, {"name": item.name, "isCollection": "true" if item.collection else None}, children, item.notes
    )


# Expressions


def boxed(expression: model.Boxed | None) -> Element | None:
    return _FORMS[type(expression)](expression) if expression is not None else None


def _made(name: str, expression: model.Boxed, children: Iterable[Element | None], **attributes: str | None) -> Element:
    return _element(name, {"typeRef": expression.type, **attributes}, children, expression.notes)


def _literal(one: model.Literal, name: str = "literalExpression") -> Element:
    if one.text is None:
        return _made(name, one, ())
    return _made(name, one, [_leaf("text", one.text.text)], expressionLanguage=one.text.language)


def _context(one: model.Context) -> Element:
    entries = (
        _element("contextEntry", {}, [_variable("variable", entry.variable), boxed(entry.value)], entry.notes)
        for entry in one.entries
    )
    return _made("context", one, entries)


def _invocation(one: model.Invocation) -> Element:
    bindings = (
        _element("binding", {}, [_variable("parameter", part.parameter), boxed(part.value)], model.PLAIN)
        for part in one.bindings
    )
    return _made("invocation", one, [boxed(one.function), *bindings])


def _list(one: model.ListOf, name: str = "list") -> Element:
    return _made(name, one, map(boxed, one.items))


def _relation(one: model.Relation) -> Element:
    columns = (_variable("column", column) for column in one.columns)
    return _made("relation", one, [*columns, *(_list(row, "row") for row in one.rows)])


def _wrapped(name: str, inner: model.Boxed | None, kind: str | None = None) -> Element | None:
    if inner is None and kind is None:
        return None
    return _element(name, {"typeRef": kind}, [boxed(inner)], model.PLAIN)


def _conditional(one: model.Conditional) -> Element:
    parts = {"if": one.condition, "then": one.then, "else": one.otherwise}
    return _made("conditional", one, (_wrapped(name, part) for name, part in parts.items()))


def _filter(one: model.Filter) -> Element:
    return _made("filter", one, (_wrapped("in", one.values), _wrapped("match", one.match)))


def _iteration(one: model.Iteration) -> Element:
    body = "return" if one.word == "for" else "satisfies"
    children = (_wrapped("in", one.values, one.item_type), _wrapped(body, one.body))
    return _made(one.word, one, children, iteratorVariable=one.variable)


def _function(one: model.Function, name: str = "functionDefinition") -> Element:
    parameters = (_variable("formalParameter", parameter) for parameter in one.parameters)
    return _made(name, one, [*parameters, boxed(one.body)], kind=None if one.kind == "FEEL" else one.kind)


def _table(one: model.Table) -> Element:
    children = [
        *map(_input, one.inputs),
        *map(_output, one.outputs),
        *(_leaf("annotation", "", {"name": name}) for name in one.annotations),
        *map(_rule, one.rules),
    ]
    told = {"hitPolicy": one.hit, "aggregation": one.aggregation, **dict(one.foreign)}
    return _made("decisionTable", one, children, **told)


def _input(one: model.InputClause) -> Element:
    children = [_text("inputExpression", one.expression, {"typeRef": one.type}), _text("inputValues", one.values)]
    return _element("input", {}, children, one.notes)


def _output(one: model.OutputClause) -> Element:
    default = _literal(one.default, "defaultOutputEntry") if one.default is not None else None
    return _element(
        "output", {"name": one.name, "typeRef": one.type}, [_text("outputValues", one.values), default], one.notes
    )


def _rule(one: model.Rule) -> Element:
    children = [
        *(_text("inputEntry", test) for test in one.tests),
        *(_literal(answer, "outputEntry") for answer in one.answers),
        *(_element("annotationEntry", {}, [_leaf("text", note)], model.PLAIN) for note in one.annotations),
    ]
    return _element("rule", {}, children, one.notes)


_FORMS: dict[type[model.Boxed], Callable[[Any], Element]] = {
    model.Literal: _literal,
    model.Context: _context,
    model.Invocation: _invocation,
    model.ListOf: _list,
    model.Relation: _relation,
    model.Conditional: _conditional,
    model.Filter: _filter,
    model.Iteration: _iteration,
    model.Function: _function,
    model.Table: _table,
}
_NODES: dict[type[model.Node], Callable[[Any], Element]] = {
    model.InputData: _input_data,
    model.Decision: _decision,
    model.KnowledgeModel: _knowledge_model,
    model.Service: _service,
}
