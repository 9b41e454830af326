"""As much of GraphQL as a fake shop needs: a schema and a request in; data, or what is wrong with the request, out.

The schema is written in GraphQL's own language (October 2021, section 3), and requests are held to it: unknown fields,
arguments, variables and values are refused, and so is a request without something that is required.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[!$()\[\]{}:=@|]')
_SKIP = re.compile(r"(?:[\s,]|#[^\n]*)*")
SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "ID": lambda value: isinstance(value, str) and value.startswith("gid://shopify/"),
    "String": lambda value: isinstance(value, str),
    "Int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "Money": lambda value: isinstance(value, str) and bool(re.fullmatch(r"\d+(\.\d+)?", value)),
    "Decimal": lambda value: isinstance(value, str),
    "DateTime": lambda value: isinstance(value, str),
    "URL": lambda value: isinstance(value, str) and value.startswith("https://"),
}


class BadRequest(Exception):
    """What is wrong with a request, in a sentence."""


@dataclass(frozen=True)
class Field:
    type: str  # `[Fulfillment!]!`
    arguments: Mapping[str, Field] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.type.strip("[]!")


@dataclass(frozen=True)
class Schema:
    """Types by name: their fields, or the values of an enum. `directives`: field → those it must bear."""

    kinds: Mapping[str, str]
    fields: Mapping[str, Mapping[str, Field]]
    values: Mapping[str, tuple[str, ...]]
    directives: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)


@dataclass
class _Tokens:
    text: str
    at: int = 0

    def peek(self) -> str:
        start = _SKIP.match(self.text, self.at)
        assert start
        found = _TOKEN.match(self.text, start.end())
        if found is None and start.end() < len(self.text):
            raise BadRequest(f"syntax error at {self.text[start.end():][:20]!r}")
        return found[0] if found else ""

    def take(self, wanted: str = "") -> str:
        found = self.peek()
        if (wanted and found != wanted) or not found:
            raise BadRequest(f"syntax error: `{wanted or 'something'}` expected, `{found}` met")
        start = _SKIP.match(self.text, self.at)
        assert start
        self.at = start.end() + len(found)
        return found

    def type(self) -> str:
        made = self.take() + self.type() + self.take("]") if self.peek() == "[" else self.take()
        return made + (self.take() if self.peek() == "!" else "")


def schema(text: str, directives: Mapping[str, Mapping[str, Field]]) -> Schema:
    tokens = _Tokens(text)
    made = Schema({}, {}, {}, directives)
    while tokens.peek():
        kind, name = tokens.take(), tokens.take()
        made.kinds[name] = kind  # type: ignore[index]
        tokens.take("{")
        if kind == "enum":
            values = []
            while tokens.peek() != "}":
                values.append(tokens.take())
            made.values[name] = tuple(values)  # type: ignore[index]
        else:
            made.fields[name] = _fields(tokens, "}")  # type: ignore[index]
        tokens.take("}")
    return made


def _fields(tokens: _Tokens, end: str) -> dict[str, Field]:
    found = {}
    while tokens.peek() != end:
        name, arguments = tokens.take(), {}
        if tokens.peek() == "(":
            tokens.take()
            arguments = _fields(tokens, ")")
            tokens.take(")")
        tokens.take(":")
        found[name] = Field(tokens.type(), arguments)
    return found


@dataclass
class _Selected:
    name: str
    arguments: dict[str, Any]
    directives: dict[str, dict[str, Any]]
    inner: list[_Selected]


@dataclass
class Operation:
    """A request that fits the schema."""

    kind: str
    selected: list[_Selected]
    schema: Schema

    def run(self, root: Callable[[str, Mapping[str, Any], Mapping[str, Any]], Any], page: int) -> dict[str, Any]:
        """`root(field, arguments, directives)` answers the outermost fields; lists with pages come in `page`s."""
        known = self.schema.fields["Query" if self.kind == "query" else "Mutation"]
        found = {one.name: root(one.name, one.arguments, one.directives) for one in self.selected}
        return {
            one.name: _shown(self.schema, known[one.name], found[one.name], one, page) for one in self.selected
        }


def operation(schema_: Schema, request: Any) -> Operation:
    """Raises `BadRequest`."""
    if not isinstance(request, dict) or set(request) - {"query", "variables", "operationName"}:
        raise BadRequest("a request is an object of query and variables")
    tokens = _Tokens(request["query"])
    kind = tokens.take()
    if kind not in {"query", "mutation"}:
        raise BadRequest(f"`{kind}` is no operation")
    tokens.take()
    declared: dict[str, str] = {}
    if tokens.peek() == "(":
        tokens.take()
        while tokens.peek() != ")":
            tokens.take("$")
            name = tokens.take()
            tokens.take(":")
            declared[name] = tokens.type()
        tokens.take()
    given = request.get("variables") or {}
    if unknown := set(given) - set(declared):
        raise BadRequest(f"variables {sorted(unknown)} are not declared")
    for name, type_ in declared.items():
        _fits(schema_, type_, given.get(name), f"${name}")
    used: set[str] = set()
    selected = _selection(schema_, tokens, "Query" if kind == "query" else "Mutation", declared, given, used)
    if tokens.peek():
        raise BadRequest("something stands behind the operation")
    if unused := set(declared) - used:
        raise BadRequest(f"variables {sorted(unused)} are not used")
    return Operation(kind, selected, schema_)


def _selection(
    schema_: Schema, tokens: _Tokens, on: str, declared: Mapping[str, str], given: Mapping[str, Any], used: set[str]
) -> list[_Selected]:
    found = []
    tokens.take("{")
    while tokens.peek() != "}":
        name = tokens.take()
        if name not in schema_.fields[on]:
            raise BadRequest(f"field `{name}` does not exist on type `{on}`")
        known = schema_.fields[on][name]
        arguments = _arguments(tokens, known.arguments, declared, given, used, name)
        directives: dict[str, dict[str, Any]] = {}
        allowed = schema_.directives.get(name, {})
        while tokens.peek() == "@":
            tokens.take()
            directive = tokens.take()
            if directive not in allowed:
                raise BadRequest(f"directive @{directive} does not go with `{name}`")
            directives[directive] = _arguments(tokens, {"key": allowed[directive]}, declared, given, used, directive)
        composite = known.base in schema_.fields
        if composite != (tokens.peek() == "{"):
            raise BadRequest(f"`{name}` {'needs' if composite else 'has no'} fields")
        inner = _selection(schema_, tokens, known.base, declared, given, used) if composite else []
        found.append(_Selected(name, arguments, directives, inner))
    tokens.take("}")
    return found


def _arguments(
    tokens: _Tokens, known: Mapping[str, Field], declared: Mapping[str, str], given: Mapping[str, Any], used: set[str],
    on: str,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if tokens.peek() == "(":
        tokens.take()
        while tokens.peek() != ")":
            name = tokens.take()
            if name not in known:
                raise BadRequest(f"`{on}` has no argument `{name}`")
            tokens.take(":")
            found[name] = _argument(tokens, known[name].type, declared, given, used)
        tokens.take()
    if missing := [name for name, one in known.items() if one.type.endswith("!") and found.get(name) is None]:
        raise BadRequest(f"`{on}` needs {missing}")
    return found


def _argument(
    tokens: _Tokens, wanted: str, declared: Mapping[str, str], given: Mapping[str, Any], used: set[str]
) -> Any:
    token = tokens.take()
    if token != "$":
        return int(token)
    name = tokens.take()
    if name not in declared:
        raise BadRequest(f"variable `{name}` is not declared")
    used.add(name)
    if declared[name] != wanted and declared[name] != f"{wanted}!":
        raise BadRequest(f"variable `{name}` is {declared[name]}, and {wanted} is wanted")
    return given.get(name)


def _fits(schema_: Schema, type_: str, value: Any, at: str) -> None:
    if value is None:
        if type_.endswith("!"):
            raise BadRequest(f"{at} is required")
        return
    inner = type_.removesuffix("!")
    if inner.startswith("["):
        if not isinstance(value, list):
            raise BadRequest(f"{at} is a list")
        for number, member in enumerate(value):
            _fits(schema_, inner[1:-1], member, f"{at}.{number}")
    elif inner in schema_.fields:
        _fits_input(schema_, inner, value, at)
    elif inner in schema_.values:
        if value not in schema_.values[inner]:
            raise BadRequest(f"{at} is one of {schema_.values[inner]}, not {value!r}")
    elif not SCALARS[inner](value):
        raise BadRequest(f"{at} is a {inner}, not {value!r}")


def _fits_input(schema_: Schema, type_: str, value: Any, at: str) -> None:
    if schema_.kinds[type_] != "input" or not isinstance(value, dict):
        raise BadRequest(f"{at} is an input object")
    if unknown := set(value) - set(schema_.fields[type_]):
        raise BadRequest(f"{at} has no {sorted(unknown)}")
    for name, one in schema_.fields[type_].items():
        _fits(schema_, one.type, value.get(name), f"{at}.{name}")


def _shown(schema_: Schema, known: Field, value: Any, selected: _Selected, page: int) -> Any:
    if value is None:
        assert not known.type.endswith("!"), f"the fake leaves out {selected.name}"
        return None
    if known.base.endswith("Connection"):
        start = int(selected.arguments.get("after") or 0)
        end = start + min(selected.arguments["first"], page)
        value = {"nodes": value[start:end], "pageInfo": {"hasNextPage": end < len(value), "endCursor": str(end)}}
    if isinstance(value, list):
        return [_inner(schema_, known, member, selected, page) for member in value]
    return _inner(schema_, known, value, selected, page)


def _inner(schema_: Schema, known: Field, value: Any, selected: _Selected, page: int) -> Any:
    if not selected.inner:
        return value
    fields = schema_.fields[known.base]
    return {one.name: _shown(schema_, fields[one.name], value[one.name], one, page) for one in selected.inner}
