"""Plain data in, a document of UBL out: a mapping is an aggregate, a text a basic component, a list comes again.

Attributes stand beside their text as `Quantity@unitCode`, as `capture` keeps them. The order of members is the
standard's own: it is the caller's to keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML may hold them


def document(kind: str, data: Mapping[str, Any]) -> bytes:
    """The document of that kind as UTF-8."""
    head = (
        f'<{kind} xmlns="{_UBL}{kind}-2" xmlns:cac="{_UBL}CommonAggregateComponents-2"'
        f' xmlns:cbc="{_UBL}CommonBasicComponents-2">'
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', head, *_members(data, 1), f"</{kind}>", ""]
    return "\n".join(lines).encode()


def _members(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in data.items():
        if "@" in name or value in (None, "", {}, []):
            continue
        attributes = {key.partition("@")[2]: told for key, told in data.items() if key.startswith(f"{name}@")}
        for one in value if isinstance(value, list) else [value]:
            yield from _element(name, one, attributes, depth)


def _element(name: str, value: Any, attributes: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, Mapping):
        inner = list(_members(value, depth + 1))
        if inner:
            yield from (f"{indent}<cac:{name}>", *inner, f"{indent}</cac:{name}>")
        return
    told = "".join(f" {key}={quoteattr(_clean(str(one)))}" for key, one in attributes.items())
    yield f"{indent}<cbc:{name}{told}>{escape(_clean(str(value)))}</cbc:{name}>"


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)
