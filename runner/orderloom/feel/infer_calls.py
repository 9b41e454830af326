"""Types of calls: which function, how many arguments, of which types, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from orderloom.feel import tree
from orderloom.feel.functions.invoke import by_name, signatures_for
from orderloom.feel.functions.table import FUNCTION_NAMES, SIGNATURES, Formal, Signature
from orderloom.feel.infer_constants import check_constant
from orderloom.feel.reads import SOFT
from orderloom.feel.temporal import parse_duration
from orderloom.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    FunctionType,
    ListOf,
    RangeOf,
    Record,
    Type,
    accepts,
    union,
)
from orderloom.feel.typescope import Inference, TypeEnv, a, listing, nearest
from orderloom.feel.values import MonthsDuration
from orderloom.problems import slip

KINDS: dict[str, Type] = {
    "any": ANY, "string": STRING, "number": NUMBER, "boolean": BOOLEAN, "date": DATE, "time": TIME,
    "date and time": DATE_TIME, "days and time duration": DAYS_DURATION, "duration": ANY,
    "years and months duration": MONTHS_DURATION, "list": ListOf(ANY), "list<string>": ListOf(STRING),
    "list<number>": ListOf(NUMBER), "context": Record({}, open=True), "range": RangeOf(ANY),
    "function": FunctionType(), "null": NULL, "Any": ANY, "Null": NULL,
}
_FOREIGN = {    # what other languages and spreadsheets call our functions
    "len": "count", "length": "count", "size": "count", "substitute": "replace", "upper": "upper case",
    "lower": "lower case", "concat": "string join", "average": "mean", "avg": "mean", "ifnull": "coalesce",
}
_OVER_NUMBERS = frozenset({"mean", "median", "product", "stddev", "mode"})


def infer_call(inference: Inference, node: tree.Call, env: TypeEnv) -> Type:
    target = node.function
    if not isinstance(target, tree.Name) or any(target.name in level.names for level in env.levels()):
        return _called(inference, node, inference.type_of(target, env), env)
    if target.name not in SIGNATURES:
        message = f"there is no function `{target.name}`"
        inference.find("R104", message, target, _near_function(target.name, env), slip(target.name, FUNCTION_NAMES))
        _arguments(inference, node, env)
        return ANY
    if target.name in SOFT:
        return _soft(inference, node, target.name, env)
    return _builtin(inference, node, target.name, env)


def _near_function(name: str, env: TypeEnv) -> str | None:
    """The nearest name; failing that, a function of several words one of which is near."""
    if name.casefold() in _FOREIGN:
        return f"write `{_FOREIGN[name.casefold()]}`"
    near = nearest(name, [*FUNCTION_NAMES, *env.known()])
    if near:
        return near
    words = {word: function for function in FUNCTION_NAMES if " " in function for word in function.split()}
    close = get_close_matches(name, words, n=1, cutoff=0.75)
    return f"did you mean `{words[close[0]]}`?" if close else None


def _arguments(inference: Inference, node: tree.Call, env: TypeEnv) -> list[Type]:
    return [inference.type_of(argument.value, env) for argument in node.arguments]


def _called(inference: Inference, node: tree.Call, target: Type, env: TypeEnv) -> Type:
    _arguments(inference, node, env)
    if isinstance(target, FunctionType):
        if target.parameters and len(target.parameters) != len(node.arguments):
            message = f"this function takes {len(target.parameters)} arguments, here are {len(node.arguments)}"
            inference.find("E108", message, node)
        return target.result
    if target != ANY:
        inference.find("E107", f"{inference.says(node.function)} is {a(target)}, not a function", node.function)
    return ANY


def _soft(inference: Inference, node: tree.Call, name: str, env: TypeEnv) -> Type:
    inference.soft += 1
    given = _arguments(inference, node, env)
    inference.soft -= 1
    if not given or (name == "has" and len(given) > 1):
        _wrong_count(inference, node, name)
    if name == "has":
        return BOOLEAN
    return union(kind for kind in given if kind != NULL)


def _builtin(inference: Inference, node: tree.Call, name: str, env: TypeEnv) -> Type:
    given = _arguments(inference, node, env)
    names = [argument.name for argument in node.arguments if argument.name is not None]
    if names:
        return _by_name(inference, node, name, names, given)
    fitting = signatures_for(name, len(given))
    if not fitting:
        _wrong_count(inference, node, name)
        return ANY
    formals = {one: [one.formal(position) for position in range(len(given))] for one in fitting}
    values = [argument.value for argument in node.arguments]
    check_constant(inference, node)
    return _checked(inference, fitting, formals, values, given)


def _by_name(inference: Inference, node: tree.Call, name: str, names: list[str], given: list[Type]) -> Type:
    found = by_name(name, names)
    if found is None:
        known = [formal.name for one in SIGNATURES[name] for formal in one.formals]
        wrong = next((argument for argument in node.arguments if argument.name not in known), None)
        if wrong is not None:
            help_ = nearest(wrong.name or "", known) or f"it has {listing(tuple(dict.fromkeys(known)))}"
            inference.find("E109", f"`{name}` has no parameter `{wrong.name}`", wrong, help_)
        else:
            _wrong_count(inference, node, name)
        return ANY
    signature, order = found
    check_constant(inference, node)
    placed = [(position, argument) for position, argument in enumerate(order) if argument is not None]
    formals = {signature: [signature.formal(position) for position, _ in placed]}
    values = [node.arguments[argument].value for _, argument in placed]
    return _checked(inference, [signature], formals, values, [given[argument] for _, argument in placed])


def _checked(
    inference: Inference, fitting: Sequence[Signature], formals: dict[Signature, list[Formal]],
    values: Sequence[tree.Node], given: Sequence[Type],
) -> Type:
    """The result of the first signature whose parameters take the arguments; else a finding against the first."""
    for signature in fitting:
        if all(map(_takes, formals[signature], given)):
            _check_items(inference, signature, values, given)
            return _result(signature, values, given)
    first = fitting[0]
    for formal, value, kind in zip(formals[first], values, given, strict=True):
        if not _takes(formal, kind):
            wanted = " or ".join(sorted(KINDS[one].word for one in formal.kinds if one != "null"))
            message = f"`{first.name}` needs {wanted} for `{formal.name}`, {inference.says(value)} is {a(kind)}"
            inference.find("E110", message, value, f"`{first}`")
            break
    return _result(first, values, [])


def _takes(formal: Formal, given: Type) -> bool:
    if not formal.kinds or "list" in formal.kinds:
        return not (isinstance(given, FunctionType) and "list" in formal.kinds)
    return any(accepts(KINDS[kind], given) for kind in formal.kinds)


def _check_items(
    inference: Inference, signature: Signature, values: Sequence[tree.Node], given: Sequence[Type]
) -> None:
    """Sums and means over lists need items that add up."""
    if not given or not isinstance(given[0], ListOf):
        return
    item = given[0].item
    wanted: tuple[Type, ...] = (ANY, NULL, NUMBER)
    if signature.name == "sum":
        wanted = (*wanted, DAYS_DURATION, MONTHS_DURATION)
    elif signature.name == "string join":
        wanted = (ANY, NULL, STRING)
    elif signature.name not in _OVER_NUMBERS:
        return
    if item not in wanted:
        message = f"`{signature.name}` needs a list of {wanted[2].word}, {inference.says(values[0])} is {a(given[0])}"
        inference.find("E110", message, values[0])


def _wrong_count(inference: Inference, node: tree.Call, name: str) -> None:
    forms = " or ".join(f"`{signature}`" for signature in SIGNATURES[name][:3])
    message = f"`{name}` does not take {_counted(len(node.arguments))}"
    inference.find("E108", message, node, f"it is {forms}")


def _counted(count: int) -> str:
    return "no arguments" if count == 0 else "one argument" if count == 1 else f"{count} arguments"


def _result(signature: Signature, values: Sequence[tree.Node], given: Sequence[Type]) -> Type:
    first = given[0] if given else ANY
    if signature.result == "item":
        return first.item if isinstance(first, ListOf) else first
    if signature.result == "same":
        return _same(signature, given)
    if signature.name == "duration" and values and isinstance(values[0], tree.Literal):
        length = parse_duration(values[0].value) if isinstance(values[0].value, str) else None
        return MONTHS_DURATION if isinstance(length, MonthsDuration) else ANY if length is None else DAYS_DURATION
    if signature.name == "get value" and isinstance(first, Record) and isinstance(values[1], tree.Literal):
        return first.fields.get(values[1].value, ANY) if isinstance(values[1].value, str) else ANY
    if signature.name == "flatten":
        return ListOf(_innermost(first))
    return KINDS[signature.result]


def _same(signature: Signature, given: Sequence[Type]) -> Type:
    """Functions that give back a list like the one they got, with what was added to it."""
    if not given:
        return ListOf(ANY) if "list" in signature.formals[0].kinds else ANY
    if "list" not in signature.formals[0].kinds:
        return union(given) if len(signature.formals) == 1 else given[0]
    items = [kind.item if isinstance(kind, ListOf) else kind for kind in given[:1]]
    if signature.name in {"append", "insert before", "list replace"}:
        items += given[2:] if signature.name != "append" else given[1:]
    if signature.formals[0].repeated:
        items = [kind.item if isinstance(kind, ListOf) else kind for kind in given]
    return ListOf(union(items))


def _innermost(kind: Type) -> Type:
    while isinstance(kind, ListOf):
        kind = kind.item
    return kind
