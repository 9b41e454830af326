"""Tags, attributes and what stands inside in, elements out; the standard library escapes every text it writes."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

Child = Element | str | None


def element(tag: str, *children: Child, **attributes: str) -> Element:
    """`element("td", "US", class_="answer")`: a trailing `_` keeps a name from Python, others become `-`."""
    made = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif child and len(made):
            made[-1].tail = (made[-1].tail or "") + child
        elif child:
            made.text = (made.text or "") + child
    return made


def document(head: Element, body: Element) -> str:
    """A whole page in English."""
    return (
        "<!doctype html>\n" + tostring(element("html", head, body, lang="en"), encoding="unicode", method="html") + "\n"
    )
