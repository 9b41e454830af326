"""Types of names, members and filters."""

from __future__ import annotations

from orderloom.feel import tree
from orderloom.feel.functions.table import SIGNATURES
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
    OneOf,
    RangeOf,
    Record,
    Type,
    text_of,
)
from orderloom.feel.typescope import Inference, TypeEnv, a, field_names, listing, nearest, variant_field
from orderloom.problems import slip

_DATE: dict[str, Type] = dict.fromkeys(("year", "month", "day", "weekday"), NUMBER)
_TIME: dict[str, Type] = {
    **dict.fromkeys(("hour", "minute", "second"), NUMBER),
    "time offset": DAYS_DURATION,
    "timezone": STRING,
}
_PARTS: dict[Type, dict[str, Type]] = {
    DATE: _DATE,
    TIME: _TIME,
    DATE_TIME: _DATE | _TIME,
    DAYS_DURATION: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    MONTHS_DURATION: dict.fromkeys(("years", "months"), NUMBER),
}


def infer_name(inference: Inference, node: tree.Name, env: TypeEnv) -> Type:
    unsure = False
    for level in env.levels():
        if level.item is not None:
            found = _as_member(inference, node, level.item)
            if found is not None:
                return found
        if node.name in level.names:
            return level.names[node.name]
        if level.item is not None:
            unsure = unsure or level.item == ANY or (isinstance(level.item, Record) and level.item.open)
    if node.name in SIGNATURES:
        return FunctionType()
    if not unsure:
        message = f"there is no `{node.name}` here"
        names = env.names_here()
        inference.find("R101", message, node, nearest(node.name, names), slip(node.name, names))
    return ANY


def _as_member(inference: Inference, node: tree.Name, item: Type) -> Type | None:
    """A name inside a filter as the member of the item, if it can be one."""
    if isinstance(item, Record):
        return item.fields.get(node.name)
    if isinstance(item, OneOf):
        kind, having, lacking = variant_field(item, node.name)
        if not having:
            return None
        if lacking and not inference.soft:
            _lacks(inference, node, node.name, having, lacking, "")
        return kind
    return _PARTS.get(item, {}).get(node.name)


def infer_member(inference: Inference, node: tree.Member, env: TypeEnv) -> Type:
    return member_type(inference, node, inference.type_of(node.base, env), node.name)


def member_type(inference: Inference, node: tree.Member, base: Type, name: str) -> Type:
    if isinstance(base, ListOf):
        return ListOf(member_type(inference, node, base.item, name))
    if isinstance(base, OneOf):
        return _result_field(inference, node, base)
    if isinstance(base, RangeOf):
        known: dict[str, Type] = {"start": base.item, "end": base.item}
        fields: dict[str, Type] = {**known, "start included": BOOLEAN, "end included": BOOLEAN}
    elif isinstance(base, Record):
        fields = dict(base.fields)
    elif base in (ANY, NULL):
        return ANY
    else:
        fields = _PARTS.get(base, {})
    if name in fields:
        return fields[name]
    if not (isinstance(base, Record) and base.open):
        _unknown(inference, node, base, list(fields))
    return ANY


def _unknown(inference: Inference, node: tree.Member, base: Type, fields: list[str]) -> None:
    owner = inference.says(node.base)
    message = f"{owner} has no `{node.name}`" if fields else f"{owner} is {a(base)} and has no members"
    known = f"it has {listing(fields)}" if 0 < len(fields) <= 8 else None
    inference.find("R102", message, _tail(node), nearest(node.name, fields) or known, slip(node.name, fields))


def _result_field(inference: Inference, node: tree.Member, base: OneOf) -> Type:
    kind, having, lacking = variant_field(base, node.name)
    owner = inference.says(node.base)
    if not having:
        known = field_names(base)
        message = f"no outcome of {owner} gives `{node.name}`"
        help_ = nearest(node.name, known) or f"there is {listing(known)}"
        inference.find("R102", message, _tail(node), help_, slip(node.name, known))
        return ANY
    if lacking and not inference.soft:
        name = node.base.name if isinstance(node.base, tree.Name) else ""
        _lacks(inference, _tail(node), node.name, having, lacking, name)
    return kind


def _lacks(
    inference: Inference, at: tree.Node, field: str, having: tuple[str, ...], lacking: tuple[str, ...], name: str
) -> None:
    owner = f"`{name}` has no `{field}`" if name else f"there is no `{field}`"
    outcome = "outcome is" if len(lacking) == 1 else "outcome is one of"
    message = f"{owner} when its {outcome} {listing(lacking)}"
    help_ = f"read it with `coalesce(…)`, or only after {listing(having)}"
    inference.find("R110", message, at, help_, name=name, field=field, having=having, lacking=lacking)


def _tail(node: tree.Member) -> tree.Node:
    """Where the name of the member stands."""
    return tree.Node(max(node.base.end + 1, node.end - len(node.name)), node.end)


def infer_filter(inference: Inference, node: tree.Filter, env: TypeEnv) -> Type:
    base = inference.type_of(node.base, env)
    item = base.item if isinstance(base, ListOf) else base
    if isinstance(item, OneOf):
        item = _narrowed(inference, item, node.condition)
    has_members = isinstance(item, Record | OneOf) or item == ANY or item in _PARTS
    inner = TypeEnv({"item": item}, item if has_members else None, env)
    condition = inference.type_of(node.condition, inner)
    if condition == NUMBER:
        return item
    if condition not in (ANY, BOOLEAN, NULL):
        message = f"a filter needs a condition or a position, {inference.says(node.condition)} is {a(condition)}"
        inference.find("E111", message, node.condition)
    return ANY if base == ANY and condition == ANY else ListOf(item)


def _narrowed(inference: Inference, item: OneOf, condition: tree.Node) -> Type:
    """The outcomes that a filter leaves: `outcome = "chosen"`, `outcome in ("a", "b")`, also joined by `and`."""
    parts = condition.parts if isinstance(condition, tree.Logic) and condition.op == "and" else (condition,)
    left = dict(item.variants)
    for part in parts:
        words = _outcome_words(part)
        if words is None:
            continue
        for literal in words:
            if literal.value not in item.variants:
                _no_such_outcome(inference, literal, item)
        named = {literal.value for literal in words}
        left = {word: record for word, record in left.items() if word in named}
    if not left:
        return ANY
    if len(left) == 1 and len(item.variants) > 1:
        word, record = next(iter(left.items()))
        return Record({"outcome": text_of([word]), **record.fields}, record.open)
    return OneOf(left)


def _no_such_outcome(inference: Inference, literal: tree.Literal, item: OneOf) -> None:
    message = f"there is no outcome `{literal.value}`; the outcomes are {listing(item.variants)}"
    word, known = str(literal.value), list(item.variants)
    inference.find("R111", message, literal, nearest(word, known), slip(word, known))


def _outcome_words(part: tree.Node) -> list[tree.Literal] | None:
    if isinstance(part, tree.Comparison) and part.op == "=":
        for name, value in ((part.left, part.right), (part.right, part.left)):
            if _is_outcome(name) and _is_text(value):
                assert isinstance(value, tree.Literal)
                return [value]
    if isinstance(part, tree.In) and _is_outcome(part.value):
        values = [test.value for test in part.tests if isinstance(test, tree.ValueTest)]
        flat = [leaf for value in values for leaf in (value.items if isinstance(value, tree.ListOf) else [value])]
        if len(values) == len(part.tests) and all(map(_is_text, flat)):
            return [leaf for leaf in flat if isinstance(leaf, tree.Literal)]
    return None


def _is_outcome(node: tree.Node) -> bool:
    if isinstance(node, tree.Member):
        return node.name == "outcome" and isinstance(node.base, tree.Name) and node.base.name == "item"
    return isinstance(node, tree.Name) and node.name == "outcome"


def _is_text(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal) and isinstance(node.value, str)

