"""The parts that elements share: names, types, texts, variables, and what is kept without being understood."""

from __future__ import annotations

from collections.abc import Collection

from orderloom.dmn.model import PLAIN, Notes, Text, Variable
from orderloom.dmn.namespaces import TYPE_WORDS, VERSIONS, is_feel
from orderloom.dmn.xml import Element


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
        return plain_type(child.text, child)
    return None if given is None else plain_type(given, element)


def plain_type(text: str, element: Element) -> str | None:
    """`feel:string` and `xsd:dateTime` of DMN 1.1 as FEEL names them; an imported file's prefix becomes `{uri}name`."""
    name = plain_name(text)
    prefix, separator, local = name.partition(":")
    uri = element.prefixes.get(prefix) if separator else None
    if uri is not None:
        own = is_feel(uri) or uri in VERSIONS or "XMLSchema" in uri
        name = local if own or prefix == "" else f"{{{uri}}}{local}"
    return TYPE_WORDS.get(name, name) or None
