"""An element of any version of the standard in, the same in the words of DMN 1.5 out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from orderloom.dmn.namespaces import MODEL, TYPE_WORDS, VERSIONS, is_feel, modern
from orderloom.source.xml import Element

_TYPED = ("typeRef", "outputTypeRef")


def modernised(root: Element) -> Element:
    """Namespaces and types are those of DMN 1.5; the places stay."""
    imports = {one.get("namespace"): " ".join((one.get("name") or "").split()) for one in root.all("import")}
    return _modern(root, {uri: name for uri, name in imports.items() if uri})


def _modern(element: Element, imports: Mapping[str, str]) -> Element:
    children = tuple(_modern(one, imports) for one in element.children)
    namespace = modern(element.namespace)
    text, attributes = element.text, element.attributes
    if namespace == MODEL:
        if element.name == "typeRef":
            text = plain_type(text, element, imports)
        attributes = {key: _attribute(key, value, element, imports) for key, value in attributes.items()}
    if children and not text.strip():
        text = ""
    return replace(element, namespace=namespace, children=children, text=text, attributes=attributes)


def _attribute(key: str, value: str, element: Element, imports: Mapping[str, str]) -> str:
    if key in _TYPED:
        return plain_type(value, element, imports)
    return modern(value) if key == "importType" else value


def plain_type(text: str, element: Element, imports: Mapping[str, str]) -> str:
    """`feel:string` and `xsd:dateTime` of DMN 1.1 as FEEL names them, and `import.name` for an imported type."""
    name = " ".join(text.split())
    prefix, separator, local = name.partition(":")
    uri = element.prefixes.get(prefix) if separator else None
    if uri is not None:
        own = is_feel(uri) or uri in VERSIONS or "XMLSchema" in uri
        imported = imports.get(uri)
        name = local if own or not imported else f"{imported}.{local}"
    return TYPE_WORDS.get(name, name)
