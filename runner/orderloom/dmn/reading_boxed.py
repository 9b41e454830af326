"""Expressions: each form of the standard read from its element."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from orderloom.dmn.model import (
    Binding,
    Boxed,
    Conditional,
    Context,
    Entry,
    Filter,
    Function,
    InputClause,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    Notes,
    OutputClause,
    Relation,
    Rule,
    Table,
    Text,
    Variable,
)
from orderloom.dmn.namespaces import is_feel
from orderloom.dmn.reading_parts import named, notes_of, plain_name, read_text, read_variable, type_of
from orderloom.source.xml import Element


def read_boxed(owner: Element | None) -> tuple[Boxed | None, str]:
    """The first expression right below an element, and the name of its element."""
    for one in owner.all(*FORMS) if owner is not None else ():
        return FORMS[one.name](one), one.name
    return None, ""


def _inner(element: Element, name: str) -> Boxed | None:
    """The expression inside a child such as `<in>` or `<then>`."""
    return read_boxed(element.child(name))[0]


def _shared(element: Element, *used: str) -> dict[str, Any]:
    return {"type": type_of(element), "notes": notes_of(element, used), "place": element.place}


def _literal(element: Element) -> Literal:
    text = None
    if (inner := element.child("text")) is not None:
        language = element.get("expressionLanguage")
        text = Text(inner.text, None if is_feel(language) else language, place=inner.text_place)
    return Literal(text, **_shared(element, "text"))


def _context(element: Element) -> Context:
    entries = tuple(
        Entry(read_variable(one.child("variable")), read_boxed(one)[0], _entry_notes(one))
        for one in element.all("contextEntry")
    )
    return Context(entries, **_shared(element, "contextEntry"))


def _entry_notes(element: Element) -> Notes:
    return notes_of(element, ("variable", read_boxed(element)[1]))


def _invocation(element: Element) -> Invocation:
    function, name = read_boxed(element)
    bindings = tuple(
        Binding(parameter, read_boxed(one)[0])
        for one in element.all("binding")
        if (parameter := read_variable(one.child("parameter"))) is not None
    )
    return Invocation(function, bindings, **_shared(element, "binding", name))


def _items(element: Element) -> Iterator[Boxed]:
    return (FORMS[one.name](one) for one in element.all(*FORMS))


def _list(element: Element) -> ListOf:
    return ListOf(tuple(_items(element)), **_shared(element, *FORMS))


def _relation(element: Element) -> Relation:
    columns = tuple(Variable(named(one), type_of(one), notes_of(one, ()), one.place) for one in element.all("column"))
    rows = tuple(_list(one) for one in element.all("row"))
    return Relation(columns, rows, **_shared(element, "column", "row"))


def _conditional(element: Element) -> Conditional:
    parts = (_inner(element, name) for name in ("if", "then", "else"))
    return Conditional(*parts, **_shared(element, "if", "then", "else"))


def _filter(element: Element) -> Filter:
    return Filter(_inner(element, "in"), _inner(element, "match"), **_shared(element, "in", "match"))


def _iteration(element: Element) -> Iteration:
    body = "return" if element.name == "for" else "satisfies"
    values = element.child("in")
    return Iteration(
        element.name,
        plain_name(element.get("iteratorVariable") or ""),
        _inner(element, "in"),
        type_of(values) if values is not None else None,
        _inner(element, body),
        **_shared(element, "in", body),
    )


def read_function(element: Element) -> Function:
    body, name = read_boxed(element)
    parameters = (read_variable(one) for one in element.all("formalParameter"))
    return Function(
        tuple(one for one in parameters if one is not None),
        body,
        element.get("kind") or "FEEL",
        **_shared(element, "formalParameter", name),
    )


def _table(element: Element) -> Table:
    own = (("preferredOrientation", element.get("preferredOrientation")), ("outputLabel", element.get("outputLabel")))
    return Table(
        tuple(_input(one) for one in element.all("input")),
        tuple(_output(one) for one in element.all("output")),
        tuple(_rule(one) for one in element.all("rule")),
        (element.get("hitPolicy") or "UNIQUE").upper(),
        element.get("aggregation"),
        tuple(named(one) for one in element.all("annotation")),
        tuple((key, value) for key, value in own if value is not None),
        **_shared(element, "input", "output", "rule", "annotation"),
    )


def _input(element: Element) -> InputClause:
    expression = element.child("inputExpression")
    return InputClause(
        read_text(expression),
        type_of(expression) if expression is not None else None,
        read_text(element.child("inputValues")),
        notes_of(element, ("inputExpression", "inputValues")),
        element.place,
    )


def _output(element: Element) -> OutputClause:
    default = element.child("defaultOutputEntry")
    return OutputClause(
        named(element) or None,
        type_of(element),
        read_text(element.child("outputValues")),
        _literal(default) if default is not None else None,
        notes_of(element, ("outputValues", "defaultOutputEntry")),
        element.place,
    )


def _rule(element: Element) -> Rule:
    tests = (read_text(one) for one in element.all("inputEntry"))
    return Rule(
        tuple(one for one in tests if one is not None),
        tuple(_literal(one) for one in element.all("outputEntry")),
        tuple(_annotation(one) for one in element.all("annotationEntry")),
        notes_of(element, ("inputEntry", "outputEntry", "annotationEntry")),
        element.place,
    )


def _annotation(element: Element) -> str:
    text = element.child("text")
    return text.text if text is not None else ""


FORMS: dict[str, Callable[[Element], Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
}
