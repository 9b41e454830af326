"""The XML of UBL in, plain data out, as JSON would have it: members by their local names, lists where one comes again.

An element of text is its text; its attributes stand beside it as `Quantity@unitCode`. Only UBL's own namespaces count,
by their URI and whatever their prefix; what stands in `UBLExtensions` is left out, and so are attached files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orderloom import Document, Element, Place, parse_xml, refuse

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_PARTS = {f"{_UBL}CommonAggregateComponents-2", f"{_UBL}CommonBasicComponents-2"}
KINDS = ("Order", "OrderChange", "OrderCancellation")
_ROOTS = {f"{_UBL}{kind}-2": kind for kind in KINDS}
_ATTACHED = "EmbeddedDocumentBinaryObject"  # files of megabytes: they stay in the document, not in the order
_Path = tuple[str | int, ...]
_KNOWN = "known are the Order, OrderChange and OrderCancellation of UBL 2.0 to 2.4"


def read_ubl(payload: bytes, name: str) -> tuple[str, Document]:
    """The kind of document, and its data with the places of all members. Raises `ProblemsError` for other XML."""
    whole = parse_xml(payload, name)
    root = next(_roots(whole), None)
    if root is None:
        other = whole.namespace.removeprefix(_UBL) if whole.namespace.startswith(_UBL) else whole.name
        raise refuse("V001", f"this is XML (`{other}`), and no order of UBL", whole.place, _KNOWN)
    places: dict[_Path, Place] = {}
    data = _data(root, (), places)
    text = payload.decode("utf-8", errors="replace")
    kind = _ROOTS[root.namespace]
    return kind, Document(name, text, data if isinstance(data, dict) else {}, places, places)


def _roots(whole: Element) -> Iterator[Element]:
    """The document itself, or in an envelope (StandardBusinessDocument of PEPPOL) the first that is one."""
    if whole.name == _ROOTS.get(whole.namespace):
        yield whole
    for inner in whole.children:
        if inner.name == _ROOTS.get(inner.namespace):
            yield inner


def _data(element: Element, path: _Path, places: dict[_Path, Place]) -> Any:
    places[path] = element.place
    children = [child for child in element.children if child.namespace in _PARTS and child.name != _ATTACHED]
    if not children:
        return " ".join(element.text.split()) if element.name != "Note" else element.text.strip()
    counts: dict[str, int] = {}
    for child in children:
        counts[child.name] = counts.get(child.name, 0) + 1
    found: dict[str, Any] = {}
    for child in children:
        listed = counts[child.name] > 1
        where: _Path = (*path, child.name, len(found.get(child.name, ()))) if listed else (*path, child.name)
        value = _data(child, where, places)
        if listed:
            found.setdefault(child.name, []).append(value)
        else:
            found[child.name] = value
            found |= {f"{child.name}@{name}": text for name, text in child.attributes.items() if "}" not in name}
    return found
