"""A mapping file in, a `FieldMapping` out: what a document of another system is made of.

    mapping: erp-order
    summary: An order as the ERP takes it.
    from: {order: Order}                     # Order, Return, Shipment, or any
    fields: {number: =order.order_number}
    cases: [{case: a sentence, given: {order: {…}}, then: {number: "1042"}}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError

from orderloom import model
from orderloom.feel import types
from orderloom.mappings.fields import Fields, read_fields
from orderloom.mappings.file_schema import mapping_schema
from orderloom.model.plain import plain
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, refuse, respelt
from orderloom.shapes import Schema
from orderloom.source import Document, Path, file_meant, find_file, read_document

SUFFIX = ".map.yaml"
_KEYS = ("mapping", "summary", "from", "fields", "cases")
_MODELS: Mapping[str, type[BaseModel]] = {"Order": model.Order, "Return": model.Return, "Shipment": model.Shipment}


@dataclass(frozen=True)
class FieldMapping:
    """A mapping that was read and found right. `sources` are the names of the documents that it reads."""

    name: str
    sources: Mapping[str, str]
    fields: Fields
    setting_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "description": "the path of a mapping file"}
    file_kind: ClassVar[str] = "mapping"

    @classmethod
    def file_schema(cls) -> Schema:
        """What a mapping file may hold, for editors."""
        return mapping_schema(_KEYS, (*_MODELS, "any"))

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[FilePath]) -> FieldMapping:
        """By path. Raises `ProblemsError` with all findings of the file."""
        file = find_file(value, folders) if isinstance(value, str) else None
        if file is None:
            mend = file_meant(str(value), folders, ".map.yaml")
            raise refuse("M005", f"there is no mapping file `{value}`", place, mend)
        return read_mapping(file)

    def apply(self, documents: Mapping[str, Any]) -> Any:
        """The record. A document that the mapping does not name is left out of what formulas can read."""
        return self.fields.evaluate({name: documents.get(name) for name in self.sources})


def read_mapping(file: FilePath) -> FieldMapping:
    """A mapping file, its cases tried. Raises `ProblemsError` with all findings."""
    document = read_document(file)
    problems = list(_shape(document))
    if problems:
        raise ProblemsError(problems)
    data = document.data
    sources: Mapping[str, str] = data["from"]
    fields = read_fields(document, ("fields",), {name: _type(kind) for name, kind in sources.items()}, problems)
    made = FieldMapping(str(data.get("mapping", file.name.removesuffix(SUFFIX))), sources, fields)
    if not problems:
        problems += _failing(made, document)
    if problems:
        raise ProblemsError(problems)
    return made


@cache
def _type(kind: str) -> types.Type:
    found = _MODELS.get(kind)
    return types.from_schema(found.model_json_schema(mode="serialization")) if found else types.ANY


_EXAMPLE = "such as `{mapping: erp, from: {order: Order}, fields: {number: =order.order_number}}`"
_EITHER = "mend the formula, or what the case says"


def _shape(document: Document) -> Iterator[Problem]:
    data = document.data
    if not isinstance(data, dict):
        yield Problem("M003", "a mapping is a file of keys: mapping, from, fields", document.place(()), _EXAMPLE)
        return
    for key in data:
        if key not in _KEYS:
            mend = did_you_mean(key, _KEYS) or f"a mapping has: {', '.join(_KEYS)}"
            place = document.key_place((key,))
            fix = respelt(place, key, [one for one in _KEYS if one not in data])
            yield Problem("M003", f"a mapping has no `{key}`", place, mend, fix=fix)
    for key, example in (("from", "from: {order: Order}"), ("fields", "fields: {number: =order.order_number}")):
        if not isinstance(data.get(key), dict) or not data[key]:
            yield Problem("M003", f"`{key}` is missing, or no mapping", document.place((key,)), f"such as `{example}`")
    said = data.get("from")
    for name, kind in said.items() if isinstance(said, dict) else ():
        if kind not in (*_MODELS, "any"):
            mend = did_you_mean(str(kind), _MODELS) or f"it is one of: {', '.join((*_MODELS, 'any'))}"
            place = document.place(("from", name))
            fix = respelt(place, str(kind), _MODELS)
            yield Problem("M003", f"`{name}` cannot be a `{kind}`", place, mend, fix=fix)


def _failing(made: FieldMapping, document: Document) -> Iterator[Problem]:
    cases = document.data.get("cases") or []
    if not isinstance(cases, list):
        yield Problem("M003", "`cases` is a list", document.place(("cases",)), "- {case: …, given: {…}, then: {…}}")
        return
    for number, case in enumerate(cases):
        path = ("cases", number)
        if not isinstance(case, dict) or "then" not in case or not isinstance(case.get("given"), dict):
            mend = "such as `{case: a sentence, given: {order: {…}}, then: {number: 1042}}`"
            yield Problem("M003", "a case has documents as `given`, and `then`", document.place(path), mend)
            continue
        try:
            given = {name: _document(made.sources.get(name, "any"), value) for name, value in case["given"].items()}
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            message = f"the case's document is none of ours: `{where}`"
            mend = "`orderloom capture FILE --json` prints one that is"
            yield Problem("M004", message, document.place((*path, "given")), mend)
            continue
        yield from _missed(plain(made.apply(given)), plain(case["then"]), (*path, "then"), document)


def _missed(got: Any, then: Any, path: Path, document: Document) -> Iterator[Problem]:
    """What the case says otherwise: of a record field by field, and fields that it does not name may be anything.

    Both are JSON data, as the step's result is written: moments as text, parts of an order as records.
    """
    if not isinstance(got, dict) or not isinstance(then, dict):
        if not _same(got, then):
            message = f"the case gives {_shown(got)}, not {_shown(then)}"
            yield Problem("M004", message, document.place(path), _EITHER)
        return
    for key, wanted in then.items():
        if not _same(got.get(key), wanted):
            message = f"the case gives {_shown(got.get(key))} for `{key}`, not {_shown(wanted)}"
            yield Problem("M004", message, document.place((*path, key)), _EITHER)


def _document(kind: str, value: Any) -> Any:
    found = _MODELS.get(kind)
    return found.model_validate(value) if found and isinstance(value, dict) else value


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, (list, tuple)) and isinstance(wanted, list):
        return len(got) == len(wanted) and all(map(_same, got, wanted))
    if isinstance(got, Mapping) and isinstance(wanted, Mapping):
        return all(_same(got.get(key), value) for key, value in wanted.items())
    return bool(got == wanted) and isinstance(got, bool) == isinstance(wanted, bool)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = str(value)
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
