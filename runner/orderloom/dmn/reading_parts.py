"""The parts that elements share: names, types, texts, variables, and what is kept without being understood."""

from __future__ import annotations

from collections.abc import Collection

from orderloom.dmn.model import PLAIN, Notes, Text, Variable
from orderloom.dmn.namespaces import is_feel
from orderloom.source.xml import Element


def plain_name(text: str) -> str:
    """A name with single spaces, as FEEL compares names (DMN 1.5, 10.3.1.4)."""
    return " ".join(text.split())


def named(element: Element) -> str:
    return plain_name(element.get("name") or "")


def notes_of(element: Element, used: Collection[str]) -> Notes:
    """What is left of an element besides its `used` children and its own attributes."""
    description = element.child("description")
    rest = tuple(
        one
        for one in element.children
        if one.namespace != element.namespace or (one.name not in used and one.name != "description")
    )
    foreign = tuple(sorted((key, value) for key, value in element.attributes.items() if key.startswith("{")))
    made = Notes(
        element.get("id"), element.get("label"), description.text if description is not None else None, foreign, rest
    )
    return PLAIN if made == PLAIN else made


def read_text(element: Element | None) -> Text | None:
    """The `<text>` of an element; None where there is no element."""
    if element is None:
        return None
    inner = element.child("text")
    language = element.get("expressionLanguage")
    return Text(
        inner.text if inner is not None else "",
        None if is_feel(language) else language,
        notes_of(element, ("text",)),
        inner.text_place if inner is not None else element.place,
    )


def read_variable(element: Element | None) -> Variable | None:
    if element is None:
        return None
    return Variable(named(element), type_of(element), notes_of(element, ("typeRef",)), element.place)


def type_of(element: Element, attribute: str = "typeRef") -> str | None:
    """The type an element declares, as an attribute or (in item definitions, and in DMN 1.1) as a child."""
    given = element.get(attribute)
    if given is None and attribute == "typeRef" and (child := element.child("typeRef")) is not None:
        given = child.text
    return given.strip() or None if given is not None else None
