"""A tree of elements in, the text of an XML file out: indented, its namespaces declared at the root."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from orderloom.dmn.namespaces import DC, DI, DMNDI, FEEL, MODEL, XSI
from orderloom.problems import Place, refuse
from orderloom.source.xml import Element

_PREFIXES = {MODEL: "", DMNDI: "dmndi", DC: "dc", DI: "di", FEEL: "feel", XSI: "xsi"}
_XML = "http://www.w3.org/XML/1998/namespace"
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def to_text(root: Element) -> str:
    """Raises `ProblemsError` (X040) where a text has a character that XML cannot hold."""
    prefixes = _prefixes(root)
    lines: list[str] = []
    declared = "".join(
        f" xmlns{':' if prefix else ''}{prefix}={quoteattr(uri)}" for uri, prefix in prefixes.items() if uri != _XML
    )
    _write(root, prefixes, "", lines, declared)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n"
    wrong = _NOT_XML.search(text)
    if wrong:
        place = Place(root.attributes.get("name", ""))
        raise refuse("X040", f"a text has the character {wrong[0]!r}, which XML cannot hold", place, "take it out")
    return text


def _write(element: Element, prefixes: dict[str, str], indent: str, lines: list[str], declared: str = "") -> None:
    name = _qualified(element.namespace, element.name, prefixes)
    attributes = "".join(
        f" {_attribute(key, prefixes)}={quoteattr(value)}" for key, value in element.attributes.items()
    )
    opening = f"{indent}<{name}{declared}{attributes}"
    text = escape(element.text, {"\r": "&#13;"})
    if not element.children:
        lines.append(f"{opening}>{text}</{name}>" if text else f"{opening}/>")
        return
    lines.append(f"{opening}>{text}")
    for child in element.children:
        _write(child, prefixes, indent + "  ", lines)
    lines.append(f"{indent}</{name}>")


def _qualified(namespace: str, name: str, prefixes: dict[str, str]) -> str:
    prefix = prefixes.get(namespace, "")
    return f"{prefix}:{name}" if prefix else name


def _attribute(key: str, prefixes: dict[str, str]) -> str:
    if not key.startswith("{"):
        return key
    namespace, _, name = key[1:].partition("}")
    return f"{prefixes[namespace]}:{name}"


def _prefixes(root: Element) -> dict[str, str]:
    """The namespaces that are used, each with a prefix: the file's own where it had one that is free."""
    found = {MODEL: ""}
    wanted: dict[str, str] = {}
    for element in _all(root):
        wanted.update({uri: prefix for prefix, uri in element.prefixes.items() if prefix})
    for uri in (uri for element in _all(root) for uri in _namespaces(element)):
        if uri not in found:
            found[uri] = _free(_PREFIXES.get(uri) or wanted.get(uri) or "ns", set(found.values()))
    return found


def _free(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(name for number in range(1, len(taken) + 2) if (name := f"{wanted}{number}") not in taken)


def _namespaces(element: Element) -> Iterator[str]:
    if element.namespace:
        yield element.namespace
    for key in element.attributes:
        if key.startswith("{"):
            yield key[1:].partition("}")[0]


def _all(root: Element) -> Iterator[Element]:
    level = [root]
    while level:
        one = level.pop()
        yield one
        level += one.children
