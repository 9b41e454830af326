"""The type of a formula where the types of its names are known, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orderloom.feel import tree
from orderloom.feel.formula import Expression, UnaryTests
from orderloom.feel.infer_calls import KINDS, infer_call
from orderloom.feel.infer_names import infer_filter, infer_member, infer_name
from orderloom.feel.infer_operators import (
    infer_arithmetic,
    infer_between,
    infer_comparison,
    infer_half_range,
    infer_if,
    infer_in,
    infer_interval,
    infer_logic,
    infer_negate,
    infer_tests,
)
from orderloom.feel.types import ANY, BOOLEAN, DATE, NULL, NUMBER, FunctionType, ListOf, RangeOf, Record, Type, union
from orderloom.feel.typescope import Finding, Inference, TypeEnv, a, nearest
from orderloom.feel.values import kind


@dataclass(frozen=True)
class Inferred:
    """What `infer` found."""

    type: Type
    findings: tuple[Finding, ...]


def infer(expression: Expression | UnaryTests, scope: Mapping[str, Type], value: Type = ANY) -> Inferred:
    """The type of a formula and its findings in the order of the text. For a cell, `value` is its column's type."""
    inference = Inference(expression.text, _infer, expression.types)
    names = {**scope, "?": value} if isinstance(expression, UnaryTests) else dict(scope)
    found = inference.type_of(expression.tree, TypeEnv(names))
    return Inferred(found, tuple(sorted(inference.findings, key=lambda finding: (finding.start, finding.code))))


def _infer(inference: Inference, node: tree.Node, env: TypeEnv) -> Type:
    return _FORMS[type(node)](inference, node, env)


def _literal(_inference: Inference, node: tree.Literal, _env: TypeEnv) -> Type:
    return KINDS[kind(node.value)]


def _list(inference: Inference, node: tree.ListOf, env: TypeEnv) -> Type:
    """The empty list is one of null, so that it goes with every other."""
    return ListOf(union([inference.type_of(item, env) for item in node.items] or [NULL]))


def _context(inference: Inference, node: tree.Context, env: TypeEnv) -> Type:
    fields: dict[str, Type] = {}
    for entry in node.entries:
        itself = {entry.key: ANY} if isinstance(entry.value, tree.Function) else {}
        fields[entry.key] = inference.type_of(entry.value, TypeEnv(itself, None, env))
        env = TypeEnv({entry.key: fields[entry.key]}, None, env)
    return Record(fields)


def _iterated(inference: Inference, node: tree.Each, env: TypeEnv) -> Type:
    values = inference.type_of(node.values, env)
    if node.until is not None:
        until = inference.type_of(node.until, env)
        for side, at in ((values, node.values), (until, node.until)):
            if side not in (ANY, NULL, NUMBER, DATE):
                inference.find("E105", f"`for` counts over numbers or dates, {inference.says(at)} is {a(side)}", at)
        return values
    if isinstance(values, RangeOf | ListOf):
        return values.item
    return values


def _inner(inference: Inference, iterators: tuple[tree.Each, ...], env: TypeEnv) -> TypeEnv:
    for iterator in iterators:
        env = TypeEnv({iterator.name: _iterated(inference, iterator, env)}, None, env)
    return env


def _for(inference: Inference, node: tree.For, env: TypeEnv) -> Type:
    inner = TypeEnv({"partial": ListOf(ANY)}, None, _inner(inference, node.iterators, env))
    return ListOf(inference.type_of(node.body, inner))


def _quantified(inference: Inference, node: tree.Quantified, env: TypeEnv) -> Type:
    condition = inference.type_of(node.condition, _inner(inference, node.iterators, env))
    inference.wants_condition(node.condition, condition, f"`{node.word}`")
    return BOOLEAN


def _instance(inference: Inference, node: tree.InstanceOf, env: TypeEnv) -> Type:
    inference.type_of(node.value, env)
    _named_type(inference, node.type)
    return BOOLEAN


def _named_type(inference: Inference, node: tree.TypeName) -> Type:
    for _, part in node.parameters:
        _named_type(inference, part)
    if node.name == "list" and node.parameters:
        return ListOf(_named_type(inference, node.parameters[0][1]))
    if node.name in inference.types:
        return ANY
    if node.name not in KINDS or node.name == "any":
        known = [name for name in KINDS if "<" not in name and name != "any"]
        inference.find("E106", f"there is no type `{node.name}`", node, nearest(node.name, known))
    return KINDS.get(node.name, ANY)


def _function(inference: Inference, node: tree.Function, env: TypeEnv) -> Type:
    names = {p.name: _named_type(inference, p.type) if p.type else ANY for p in node.parameters}
    return FunctionType(names, inference.type_of(node.body, TypeEnv(names, None, env)))


_FORMS: dict[type[tree.Node], Callable[[Inference, Any, TypeEnv], Type]] = {
    tree.Literal: _literal,
    tree.Name: infer_name,
    tree.Member: infer_member,
    tree.Filter: infer_filter,
    tree.Call: infer_call,
    tree.Arithmetic: infer_arithmetic,
    tree.Negate: infer_negate,
    tree.Comparison: infer_comparison,
    tree.Logic: infer_logic,
    tree.Between: infer_between,
    tree.In: infer_in,
    tree.Tests: infer_tests,
    tree.Interval: infer_interval,
    tree.HalfRange: infer_half_range,
    tree.ListOf: _list,
    tree.Context: _context,
    tree.If: infer_if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.InstanceOf: _instance,
    tree.Function: _function,
}
