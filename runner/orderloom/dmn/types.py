"""Item definitions in, types that test values and make them conform out (DMN 1.5, 7.3.2 and 10.3.2.9).

A value that does not conform to a type becomes null; before that, a list of one and its item stand for each other, and
a date becomes the start of its day in UTC where a date and time is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, time
from typing import Any

from orderloom.dmn.formulas import Formulas
from orderloom.dmn.model import Item, Text
from orderloom.feel import FeelSyntaxError, parse_type
from orderloom.feel.instances import ANY as ANY_TYPE
from orderloom.feel.instances import is_instance
from orderloom.feel.making import make_date_time
from orderloom.feel.tree import TypeName
from orderloom.feel.values import Function, entries, kind
from orderloom.problems import Place, did_you_mean

Test = Callable[[Any], bool]
SIMPLE = (
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
    "list",
    "context",
    "function",
    "range",
)


def _always(_value: Any) -> bool:
    return True


@dataclass(frozen=True, eq=False)
class Kind:
    """A type. `conforms` is asked of values that are there; null conforms to every type."""

    name: str
    conforms: Test = _always
    tree: TypeName = ANY_TYPE  # what formulas call it
    form: str = "any"  # any, list, context, function, or a simple type of FEEL
    item: Kind | None = None
    fields: Mapping[str, Kind] = field(default_factory=dict)
    parameters: tuple[Kind, ...] | None = None
    result: Kind | None = None
    allowed: Text | None = None
    bare: Kind | None = None  # the same without its allowed values


ANY = Kind("Any")


def fitted(wanted: Kind, value: Any) -> Any:
    """The value as one of the type; null where it cannot be."""
    if wanted is ANY or value is None:
        return value
    if wanted.conforms(value):
        return _typed_function(wanted, value) if wanted.form == "function" else value
    made = _converted(wanted, value)
    return made if made is not None and wanted.conforms(made) else None


def _converted(wanted: Kind, value: Any) -> Any:
    word = kind(value)
    if word == "list" and wanted.form != "list" and len(value) == 1:
        return value[0]
    if word != "list" and wanted.form == "list":
        return [value]
    if wanted.form == "date and time" and word == "date":
        return make_date_time(value, time(tzinfo=UTC))
    return None


def _typed_function(wanted: Kind, value: Any) -> Any:
    """A function whose arguments and result are made to conform to the types of its declaration."""
    if wanted.parameters is None or (wanted.result is None and not any(one is not ANY for one in wanted.parameters)):
        return value
    return typed_function(value.name, value.parameters, wanted.parameters, wanted.result or ANY, value.call)


def typed_function(
    name: str, names: tuple[str, ...], kinds: tuple[Kind, ...], result: Kind, call: Callable[..., Any]
) -> Function:
    """A function that gives null for a wrong number of arguments and for one that does not conform."""

    def run(*values: Any) -> Any:
        if len(values) != len(kinds):
            return None
        given = [fitted(wanted, value) for wanted, value in zip(kinds, values, strict=True)]
        if any(made is None and value is not None for made, value in zip(given, values, strict=True)):
            return None
        return fitted(result, call(*given))

    return Function(name, names, run, tuple(one.tree for one in kinds), result.tree if result is not ANY else None)


class Types(Mapping[str, TypeName]):
    """The types that one file knows: its own and, by `import.name`, those of what it imports.

    As a mapping it gives them as formulas have them.
    """

    def __init__(self, items: tuple[Item, ...], formulas: Formulas) -> None:
        self._items = {item.name: item for item in items}
        self._formulas = formulas
        self._imported: dict[str, Kind | None] = {}
        self._others: list[tuple[str, Types]] = []
        self._made: dict[str, Kind] = {}
        self._making: list[str] = []

    def add_import(self, name: str, types: Types) -> None:
        self._others.append((name, types))

    def __getitem__(self, name: str) -> TypeName:
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        return found.tree

    def __iter__(self) -> Iterator[str]:
        yield from self._items
        for name, types in self._others:
            yield from (f"{name}.{inner}" if name else inner for inner in types)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get_kind(self, name: str | None, place: Place) -> Kind:
        """The type of that name; any, with a finding, where there is none."""
        if name is None:
            return ANY
        found = _builtin(name) or self.find(name) or self._written(name)
        if found is None:
            self._formulas.find(
                "X011", f"there is no type `{name}`", place, did_you_mean(name, [*self, *SIMPLE]) or _TYPES_HELP
            )
        return found or ANY

    def find(self, name: str) -> Kind | None:
        """An item definition of this file or of an imported one."""
        if name in self._items:
            return self._own(self._items[name])
        for prefix, types in self._others:
            inner = name.removeprefix(f"{prefix}.") if prefix else name
            if (inner != name or not prefix) and (found := types.find(inner)) is not None:
                return found
        return None

    def _own(self, item: Item) -> Kind:
        made = self._made.get(item.name)
        if made is None:
            if item.name in self._making:
                return self._recursive(item)
            self._making.append(item.name)
            made = self._made[item.name] = self._make(item)
            self._making.pop()
        return made

    def _recursive(self, item: Item) -> Kind:
        """A type inside itself, as in a tree: looked up again when a value is tested."""
        if not item.components and not item.collection:
            path = " → ".join([*self._making[self._making.index(item.name) :], item.name])
            self._formulas.find("X012", f"the type `{item.name}` is made of itself: {path}", item.place, _CIRCLE_HELP)
            return ANY
        form = "list" if item.collection else "context"

        def later(value: Any) -> bool:
            return self._made[item.name].conforms(value)

        return Kind(item.name, later, TypeName(0, 0, item.name), form)

    def _make(self, item: Item) -> Kind:
        base = self._base(item)
        if item.allowed is not None:
            base = self._restricted(base.bare or base, item.allowed)
        if item.collection:
            base = _list_of(base)
        if item.constraint is not None:
            base = self._restricted(base, item.constraint)
        return replace(base, name=item.name)

    def _base(self, item: Item) -> Kind:
        if item.components:
            return _record({one.name: self._make(one) for one in item.components})
        if item.function is not None:
            kinds = tuple(self.get_kind(one.type, one.place) for one in item.function)
            result = self.get_kind(item.result, item.place) if item.result else None
            return _function_of(item.name, kinds, result, self)
        return self.get_kind(item.type, item.place)

    def _restricted(self, base: Kind, allowed: Text) -> Kind:
        tests = self._formulas.tests(allowed, ())
        if tests is None:
            return base

        def conforms(value: Any) -> bool:
            return base.conforms(value) and tests.matches(value, {}) is True

        return replace(base, conforms=conforms, tree=replace(base.tree, allows=conforms), allowed=allowed, bare=base)

    def _written(self, name: str) -> Kind | None:
        """A type as formulas write it: `list<number>`, `context<a: string>`, `range<date>`."""
        try:
            wanted = parse_type(name, self) if "<" in name else None
        except FeelSyntaxError:
            return None
        if wanted is None:
            return None
        return Kind(name, lambda value: is_instance(value, wanted, self) is True, wanted, wanted.name)


_CIRCLE_HELP = "give one of them a type of the language, such as string"
_TYPES_HELP = f"types of the language are {', '.join(SIMPLE)} and Any"


def _builtin(name: str) -> Kind | None:
    if name == "Any":
        return ANY
    return _SIMPLE_KINDS.get(name)


def _simple(name: str) -> Kind:
    return Kind(name, lambda value: kind(value) == name, TypeName(0, 0, name), name)


def _function_of(name: str, parameters: tuple[Kind, ...], result: Kind | None, types: Types) -> Kind:
    wanted = TypeName(
        0, 0, "function", tuple(("", one.tree) for one in parameters), result.tree if result else ANY_TYPE
    )
    return Kind(
        name,
        lambda value: is_instance(value, wanted, types) is True,
        wanted,
        "function",
        parameters=parameters,
        result=result,
    )


def _list_of(item: Kind) -> Kind:
    def conforms(value: Any) -> bool:
        return kind(value) == "list" and all(one is None or item.conforms(one) for one in value)

    return Kind(
        f"list of {item.name}", conforms, TypeName(0, 0, "list", (("", item.tree),), allows=conforms), "list", item
    )


def _record(fields: Mapping[str, Kind]) -> Kind:
    def conforms(value: Any) -> bool:
        if kind(value) != "context":
            return False
        known = entries(value)
        return all(
            name in known and (known[name] is None or wanted.conforms(known[name])) for name, wanted in fields.items()
        )

    parts = tuple((name, wanted.tree) for name, wanted in fields.items())
    return Kind("context", conforms, TypeName(0, 0, "context", parts, allows=conforms), "context", fields=fields)


_SIMPLE_KINDS = {name: _simple(name) for name in SIMPLE}
