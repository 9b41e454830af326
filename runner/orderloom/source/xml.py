"""The bytes of an XML file in, elements with their places out. What a hostile file could do with XML is refused.

Document types, entities and references to other files are refused as soon as they are met (expat tells of them before
it follows any), and so are a file, a nesting or a number of elements beyond the limits below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from orderloom.problems import Place, refuse
from orderloom.source.files import read_bytes

SIZE_LIMIT_BYTES = 20_000_000
DEPTH_LIMIT = 100
ELEMENT_LIMIT = 500_000
_BEGINNING = 8_000
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # UTF-16 has zeros in its letters
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Element:
    """One element. `attributes` are named `name`, or `{namespace}name`; `prefixes` are the namespaces in scope."""

    namespace: str
    name: str
    attributes: dict[str, str]
    children: tuple[Element, ...]
    text: str
    place: Place = field(compare=False)
    prefixes: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    text_place: Place = field(default=Place(""), compare=False, repr=False)

    def child(self, name: str) -> Element | None:
        """The first child of that name in this element's own namespace."""
        return next(self.all(name), None)

    def all(self, *names: str) -> Iterator[Element]:
        """The children with one of the names in this element's own namespace, in their order."""
        return (one for one in self.children if one.name in names and one.namespace == self.namespace)

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)


def read_xml(path: Path) -> Element:
    """The root of a file. Raises `ProblemsError` (X001 to X003)."""
    return parse_xml(read_bytes(path, SIZE_LIMIT_BYTES), str(path))


def parse_xml(data: bytes, file: str) -> Element:
    """The root of a text in the encoding that it declares. Raises `ProblemsError` (X001 to X003)."""
    if len(data) > SIZE_LIMIT_BYTES:
        raise refuse("X003", f"the file has more than {SIZE_LIMIT_BYTES:,} bytes", Place(file), _SMALLER)
    if b"\0" in data[:_BEGINNING] and not data.startswith(_WIDE):
        raise refuse("X001", "this is not XML: the file holds no text", Place(file), "name a file of XML")
    return _Builder(file).build(data)


@dataclass
class _Open:
    """An element whose end has not come yet."""

    tag: str
    attributes: dict[str, str]
    place: Place
    prefixes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    text_place: Place | None = None


_SMALLER = "split it into several files"
_NO_ENTITIES = "remove the <!DOCTYPE …>: nothing here needs one"


class _Builder:
    """Listens to expat and keeps the tree."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._pending: dict[str, str] = {}
        self._count = 0
        self._root: Element | None = None
        self._parser: Any = expat.ParserCreate(namespace_separator="\n")
        self._parser.buffer_text = False  # buffered text would be told with the place where it ends
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.EntityDeclHandler = self._refuse_doctype
        self._parser.ExternalEntityRefHandler = self._refuse_doctype
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def build(self, data: bytes) -> Element:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            place = Place(self._file, error.lineno, error.offset + 1, error.offset + 2)
            raise refuse(
                "X001", f"this is not XML: {expat.ErrorString(error.code)}", place, _MENDS.get(error.code)
            ) from None
        except (UnicodeDecodeError, LookupError, ValueError) as error:
            raise refuse("X001", f"this is not XML: {error}", self._here(), "save it as UTF-8") from None
        assert self._root is not None
        return self._root

    def _here(self) -> Place:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        return Place(self._file, line, column, column + 1)

    def _refuse_doctype(self, *_: Any) -> Any:
        raise refuse(
            "X002",
            "the file declares a document type or entities, which could read or blow up",
            self._here(),
            _NO_ENTITIES,
        )

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._pending[prefix or ""] = uri or ""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEPTH_LIMIT:
            raise refuse("X003", f"elements are nested more than {DEPTH_LIMIT} deep", self._here(), _SMALLER)
        if self._count > ELEMENT_LIMIT:
            raise refuse("X003", f"the file has more than {ELEMENT_LIMIT:,} elements", self._here(), _SMALLER)
        outer = self._open[-1].prefixes if self._open else {}
        prefixes = {**outer, **self._pending} if self._pending else outer
        self._pending = {}
        self._open.append(
            _Open(tag, {_plain(name): value for name, value in attributes.items()}, self._here(), prefixes)
        )

    def _characters(self, text: str) -> None:
        if self._open:
            top = self._open[-1]
            if top.text_place is None:
                top.text_place = self._here()
            top.text.append(text)

    def _end(self, _tag: str) -> None:
        done = self._open.pop()
        namespace, _, name = done.tag.rpartition("\n")
        place = Place(done.place.file, done.place.line, done.place.column, done.place.column + len(name) + 1)
        made = Element(
            namespace,
            name,
            done.attributes,
            tuple(done.children),
            "".join(done.text),
            place,
            done.prefixes,
            done.text_place or place,
        )
        if self._open:
            self._open[-1].children.append(made)
        else:
            self._root = made


def _plain(name: str) -> str:
    namespace, separator, local = name.rpartition("\n")
    return f"{{{namespace}}}{local}" if separator else local


_MENDS = {
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]: "each element that is opened must be closed, in turn",
    expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]: 'declare the prefix: xmlns:PREFIX="…"',
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: "the file is empty or cut short",
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]: "write `<` in a text as `&lt;` and `&` as `&amp;`",
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: "only &lt; &gt; &amp; &quot; and &apos; are known",
}
