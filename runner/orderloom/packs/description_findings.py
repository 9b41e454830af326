"""What is wrong with the description of a node without Python, each finding with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from orderloom.declare import Effects, InDoubt
from orderloom.problems import Place, Problem, did_you_mean
from orderloom.source import Document
from orderloom.source import Path as Keys
from orderloom.world.http.target import holes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_KINDS = ("action", "decision")
_KEYS = (
    "$schema", "$id", "title", "name", "version", "kind", "effects", "in_doubt", "errors", "inputs", "settings",
    "outcomes", "$defs", "http",
)  # fmt: skip
_HTTP_KEYS = ("connection", "method", "path", "query", "body", "statuses")
_KIND_WORDS: Mapping[type, str] = {str: "a text", list: "a list of names", dict: "an outcome for each status"}
_TITLE = '"title": "Asks the supplier how much there is."'
_EXAMPLE = '{"connection": "supplier", "method": "GET", "path": "stock/{sku}"}'


def findings(document: Document, name: str) -> list[Problem]:
    """N503 of the description, and where that has its shape, N504 of its `http`."""
    if not isinstance(document.data, dict):
        mend = "`orderloom nodes new --http` writes one"
        return [Problem("N503", "a description is an object", document.place(()), mend)]
    found = [*_keys(document, name), *_words(document, name), *_parts(document)]
    return found or [*_schemas(document), *_target(document), *_names(document)]


def _keys(document: Document, name: str) -> Iterator[Problem]:
    for key in document.data:
        if key not in _KEYS:
            mend = did_you_mean(key, _KEYS) or f"it has: {', '.join(_KEYS)}"
            yield Problem("N503", f"a description has no `{key}`", document.key_place((key,)), mend)
    needed = {"name": f'"{name}"', "title": '"Asks the supplier."', "version": "1", "outcomes": "{…}", "http": _EXAMPLE}
    for key, example in needed.items():
        if key not in document.data:
            yield Problem("N503", f"a description needs `{key}`", document.place(()), f'add `"{key}": {example}`')


def _words(document: Document, name: str) -> Iterator[Problem]:
    data = document.data
    if data.get("name", name) != name:
        message = f"the folder is that of `{name}`, and the description that of `{data['name']}`"
        yield Problem("N503", message, document.place(("name",)), "rename one of them")
    if "title" in data and (not isinstance(data["title"], str) or not data["title"].strip()):
        yield Problem("N503", "`title` is one sentence on what the node does", document.place(("title",)), _TITLE)
    if "version" in data and (type(data["version"]) is not int or data["version"] < 1):
        yield Problem("N503", "`version` is a whole number from 1", document.place(("version",)), '"version": 1')
    words = {"kind": _KINDS, "effects": get_args(Effects), "in_doubt": get_args(InDoubt)}
    for key, known in words.items():
        if key in data and data[key] not in known:
            mend = did_you_mean(str(data[key]), known) or f"it is one of: {', '.join(known)}"
            yield Problem("N503", f"`{key}` cannot be `{data[key]}`", document.place((key,)), mend)


def _parts(document: Document) -> Iterator[Problem]:
    data = document.data
    for key in ("inputs", "settings"):
        part = data.get(key)
        if part is None:
            continue
        properties = part.get("properties") if isinstance(part, dict) else None
        if not isinstance(properties, dict) or not all(isinstance(one, dict) for one in properties.values()):
            mend = '{"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}'
            yield Problem("N503", f"`{key}` is a JSON Schema of an object", document.place((key,)), mend)
            continue
        for number, name in enumerate(required(part)):
            if name not in properties:
                mend = did_you_mean(str(name), properties) or f"there are: {', '.join(properties)}"
                place = document.place((key, "required", number))
                yield Problem("N503", f"`{name}` is needed and not described", place, mend)
    errors = data.get("errors")
    if errors is not None and not (isinstance(errors, list) and all(isinstance(one, str) for one in errors)):
        yield Problem("N503", "`errors` is a list of words", document.place(("errors",)), '"errors": ["sold_out"]')
    yield from _outcome_problems(document)
    if "http" in data and not isinstance(data["http"], dict):
        yield Problem("N504", "`http` says how the service is asked", document.place(("http",)), f"such as {_EXAMPLE}")


def _outcome_problems(document: Document) -> Iterator[Problem]:
    data = document.data
    if "outcomes" not in data:
        return
    found = data["outcomes"].get("oneOf") if isinstance(data["outcomes"], dict) else None
    mend = '{"oneOf": [{"properties": {"outcome": {"const": "found"}, "units": {"type": "integer"}}}]}'
    if not isinstance(found, list) or not found:
        yield Problem("N503", "`outcomes` lists what the node can end with", document.place(("outcomes",)), mend)
        return
    words: list[str] = []
    for number, one in enumerate(found):
        word = word_of(one)
        place = document.place(("outcomes", "oneOf", number))
        if not word:
            yield Problem("N503", "an outcome has its word as `properties.outcome.const`", place, mend)
        elif word in words:
            yield Problem("N503", f"two outcomes are named `{word}`", place, "rename one of them")
        words.append(word)


def _schemas(document: Document) -> Iterator[Problem]:
    """Every schema is one, and refers to what there is."""
    data = document.data
    parts: list[Keys] = [(key, "properties", name) for key in ("inputs", "settings")
                         for name in (data.get(key) or {}).get("properties", ())]  # fmt: skip
    parts += [("outcomes", "oneOf", number) for number in range(len(data["outcomes"]["oneOf"]))]
    parts += [("$defs", name) for name in data.get("$defs") or ()]
    for path in parts:
        schema = data
        for key in path:
            schema = schema[key]
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            at = _nearest(document, (*path, *error.absolute_path))
            yield Problem("N503", "this is no JSON Schema (2020-12)", at, "`type`, `properties`, `enum` … as published")
        yield from _references(document, path, schema)


def _references(document: Document, path: Keys, value: Any) -> Iterator[Problem]:
    known = document.data.get("$defs") or {}
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and target.removeprefix("#/$defs/") not in known:
            mend = did_you_mean(target.rpartition("/")[2], known) or "it refers to `#/$defs/NAME` of this file"
            yield Problem("N503", f"nothing is described as `{target}`", document.place((*path, "$ref")), mend)
        for key, member in value.items():
            yield from _references(document, (*path, key), member)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _references(document, (*path, number), member)


def _target(document: Document) -> Iterator[Problem]:
    http = document.data["http"]
    for key in http:
        if key not in _HTTP_KEYS:
            mend = did_you_mean(key, _HTTP_KEYS) or f"it has: {', '.join(_HTTP_KEYS)}"
            yield Problem("N504", f"`http` has no `{key}`", document.key_place(("http", key)), mend)
    if not isinstance(http.get("connection"), str) or not http["connection"]:
        mend = "a name of connections.yaml"
        yield Problem("N504", "`http` needs a `connection`", document.place(("http",)), mend)
    if http.get("method", "GET") not in METHODS:
        place = document.place(("http", "method"))
        yield Problem("N504", f"`{http['method']}` is no method", place, ", ".join(METHODS))
    for key, kind in (("path", str), ("query", list), ("body", str), ("statuses", dict)):
        if key in http and not isinstance(http[key], kind):
            message = f"`{key}` is {_KIND_WORDS[kind]}"
            yield Problem("N504", message, document.place(("http", key)), f"such as {_EXAMPLE}")


def _names(document: Document) -> Iterator[Problem]:
    """Every name in `http` is that of an input, a setting or an outcome."""
    data, http = document.data, document.data["http"]
    names = [*_named(data.get("inputs")), *_named(data.get("settings"))]
    words = [word_of(one) for one in data["outcomes"]["oneOf"]]
    for name in holes(http["path"]) if isinstance(http.get("path"), str) else ():
        yield from _known(document, ("http", "path"), name, names)
    for number, name in enumerate(http["query"] if isinstance(http.get("query"), list) else ()):
        yield from _known(document, ("http", "query", number), name, names)
    if isinstance(http.get("body"), str):
        yield from _known(document, ("http", "body"), http["body"], names)
    statuses = http["statuses"] if isinstance(http.get("statuses"), dict) else {}
    for status, word in statuses.items():
        if word not in words:
            mend = did_you_mean(str(word), words) or f"it can be: {', '.join(words)}"
            yield Problem("N504", f"there is no outcome `{word}`", document.place(("http", "statuses", status)), mend)


def _known(document: Document, path: Keys, name: Any, names: Sequence[str]) -> Iterator[Problem]:
    if name not in names:
        mend = did_you_mean(str(name), names) or f"there are: {', '.join(names) or 'none'}"
        yield Problem("N504", f"`{name}` is neither an input nor a setting", document.place(path), mend)


def _nearest(document: Document, path: Keys) -> Place:
    while path not in document.values:
        path = path[:-1]
    return document.place(path)


def _named(part: Any) -> list[str]:
    return list((part or {}).get("properties", ()))


def required(part: Any) -> list[str]:
    found = part.get("required") if isinstance(part, dict) else None
    return list(found) if isinstance(found, list) else []


def word_of(schema: Any) -> str:
    try:
        found = schema["properties"]["outcome"]["const"]
    except (KeyError, TypeError):
        return ""
    return found if isinstance(found, str) else ""
