"""Where in HTML a value would stand: between tags, in an attribute, as a link, or where escaping would not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ATTRIBUTE = re.compile(r"""([A-Za-z][A-Za-z0-9:_-]*)\s*=\s*(?:(["'])((?:(?!\2).)*)|([^\s"'>]*))$""", re.DOTALL)
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_LINKS = frozenset({"href", "src", "action", "formaction", "cite", "background", "poster", "data"})
_CODE = frozenset({"style", "srcdoc", "srcset"})
_RAW = re.compile(r"<(/?)(script|style|iframe|xmp|plaintext)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Position:
    """`unsafe` says in words where it stands, if values must not stand there."""

    kind: str
    unsafe: str | None = None

    @property
    def link(self) -> bool:
        return self.kind == "link"


def position_of(before: str) -> Position:
    """The position behind this piece of HTML."""
    raw = list(_RAW.finditer(before))
    if raw and not raw[-1][1]:
        return Position("raw", f"inside <{raw[-1][2].lower()}>")
    if before.rfind("<!--") > before.rfind("-->"):
        return Position("comment", "inside a comment")
    opened = before.rfind("<")
    inside = _QUOTED.sub("", before[opened:]) if opened >= 0 else ""
    if ">" in _unquoted(inside) or opened < 0:
        return Position("text")
    return _in_tag(inside)


def _in_tag(inside: str) -> Position:
    attribute = _ATTRIBUTE.search(inside)
    if attribute is None:
        return Position("tag", "inside a tag")
    name = attribute[1].lower()
    if not attribute[2]:
        return Position("attribute", "in an attribute without quotes")
    if name.startswith("on") or name in _CODE:
        return Position("attribute", f"in the attribute `{name}`")
    return Position("link" if name in _LINKS and not attribute[3] else "attribute")


def _unquoted(inside: str) -> str:
    cut = re.search(r"""=\s*(["'])""", inside)
    return inside[: cut.start()] if cut else inside
