"""Boxed expressions in, functions of the scope out (DMN 1.5, clause 10.2 and 10.4; loops and filters are 10.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.formulas import Formulas, Names
from orderloom.dmn.log import log_of
from orderloom.dmn.nulls import telling
from orderloom.dmn.tables import compile_table
from orderloom.dmn.types import ANY, Kind, Types, fitted, typed_function
from orderloom.feel.budget import deeper, spend
from orderloom.feel.loops import counted_range
from orderloom.feel.values import Function, Range, clean, entries, items, kind
from orderloom.problems import Place

Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]


def _null(_scope: Scope) -> Any:
    return None


class Compiler:
    """Compiles the logic of one element; `what` names it in messages."""

    def __init__(self, formulas: Formulas, types: Types, what: str) -> None:
        self.formulas, self.types, self.what = formulas, types, what

    def compile(self, boxed: model.Boxed | None, names: Names) -> Run:
        """A function that gives the value, made to conform to the type that the expression declares."""
        if boxed is None:
            return _null
        run = _FORMS[type(boxed)](self, boxed, names)
        wanted = self.types.get_kind(boxed.type, boxed.place)
        if isinstance(boxed, model.Function) and wanted.form != "function":
            wanted = ANY  # it is the type of what the function gives

        def paid(scope: Scope) -> Any:
            spend(1)
            return run(scope)

        return paid if wanted is ANY else self.conforming(paid, wanted, boxed.place, "its value")

    def conforming(self, run: Run, wanted: Kind, place: Place, which: str) -> Run:
        """The same function with its value as one of the type; null, with a note, where it cannot be."""
        if wanted is ANY:
            return run

        def typed(scope: Scope) -> Any:
            value = run(scope)
            made = fitted(wanted, value)
            if made is None and value is not None:
                log_of(scope).note("X030", f"{self.what}: {which} is no `{wanted.name}`: it becomes null", place)
            return made

        return typed

    def kind(self, variable: model.Variable) -> Kind:
        return self.types.get_kind(variable.type, variable.place)


def _literal(compiler: Compiler, boxed: model.Literal, names: Names, *, counted: bool = False) -> Run:
    formula = compiler.formulas.expression(boxed.text, names, counted=counted)
    return telling(formula, boxed.text, compiler.what) if formula is not None and boxed.text is not None else _null


def _table(compiler: Compiler, boxed: model.Table, names: Names) -> Run:
    return compile_table(compiler.formulas, compiler.types, compiler.what, boxed, names)


def _context(compiler: Compiler, boxed: model.Context, names: Names) -> Run:
    parts: list[tuple[str | None, Run]] = []
    for entry in boxed.entries:
        variable = entry.variable
        if variable is not None and isinstance(entry.value, model.Function):
            run = _named_function(compiler, entry.value, names, variable.name)
        else:
            run = compiler.compile(entry.value, names)
        if variable is not None:
            which = f"entry `{variable.name}`"
            run = compiler.conforming(run, compiler.kind(variable), variable.place, which)
            names = (*names, variable.name)
        parts.append((variable.name if variable else None, run))

    def evaluate(scope: Scope) -> Any:
        inner, made = dict(scope), {}
        for name, run in parts:
            value = run(inner)
            if name is None:
                return value
            made[name] = inner[name] = value
        return made

    return evaluate


def _invocation(compiler: Compiler, boxed: model.Invocation, names: Names) -> Run:
    target = compiler.compile(boxed.function, names)
    bindings = [
        (
            one.parameter.name,
            compiler.conforming(
                compiler.compile(one.value, names),
                compiler.kind(one.parameter),
                one.parameter.place,
                f"argument `{one.parameter.name}`",
            ),
        )
        for one in boxed.bindings
    ]

    def evaluate(scope: Scope) -> Any:
        function = target(scope)
        given = {name: run(scope) for name, run in bindings}
        if not isinstance(function, Function):
            log_of(scope).note("X031", f"{compiler.what}: what is invoked is no function", boxed.place)
            return None
        unknown = [name for name in given if name not in function.parameters]
        if unknown or len(given) < len(function.parameters):
            wanted = ", ".join(function.parameters) or "none"
            message = f"{compiler.what}: the arguments {', '.join(given) or 'none'} are given, and {wanted} needed"
            log_of(scope).note("X031", message, boxed.place)
            return None
        return function.call(*(given[name] for name in function.parameters))

    return evaluate


def _list(compiler: Compiler, boxed: model.ListOf, names: Names) -> Run:
    parts = [compiler.compile(item, names) for item in boxed.items]
    return lambda scope: [part(scope) for part in parts]


def _relation(compiler: Compiler, boxed: model.Relation, names: Names) -> Run:
    kinds = [compiler.kind(column) for column in boxed.columns]
    rows = [
        [
            (column.name, compiler.conforming(compiler.compile(cell, names), wanted, cell.place, f"`{column.name}`"))
            for column, wanted, cell in zip(boxed.columns, kinds, row.items, strict=False)
        ]
        for row in boxed.rows
    ]
    return lambda scope: [{name: cell(scope) for name, cell in row} for row in rows]


def _conditional(compiler: Compiler, boxed: model.Conditional, names: Names) -> Run:
    condition, then, otherwise = (
        compiler.compile(part, names) for part in (boxed.condition, boxed.then, boxed.otherwise)
    )
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _filter(compiler: Compiler, boxed: model.Filter, names: Names) -> Run:
    values = compiler.compile(boxed.values, names)
    match = compiler.compile(boxed.match, (*names, "item"))

    def evaluate(scope: Scope) -> Any:
        found = []
        for value in items(values(scope)):
            members = entries(value) if kind(value) == "context" else {}
            keep = match({**scope, **members, "item": clean(value)})
            if keep is not None and type(keep) is not bool:
                log_of(scope).note(
                    "X032", f"{compiler.what}: the filter's match is neither true nor false", boxed.place
                )
                return None
            if keep:
                found.append(value)
        return found

    return evaluate


def _iteration(compiler: Compiler, boxed: model.Iteration, names: Names) -> Run:
    if isinstance(boxed.values, model.Literal) and boxed.values.type is None:
        values = _literal(compiler, boxed.values, names, counted=True)
    else:
        values = compiler.compile(boxed.values, names)
    item_kind = compiler.types.get_kind(boxed.item_type, boxed.place)
    inner = (*names, boxed.variable, "partial") if boxed.word == "for" else (*names, boxed.variable)
    body = compiler.compile(boxed.body, inner)

    def rounds(scope: Scope) -> Sequence[Any] | None:
        given = values(scope)
        listed = counted_range(given) if isinstance(given, Range) else None if given is None else items(given)
        return listed if listed is None else [fitted(item_kind, clean(one)) for one in listed]

    def loop(scope: Scope) -> Any:
        listed = rounds(scope)
        made: list[Any] = []
        for one in listed or ():
            made.append(body({**scope, boxed.variable: one, "partial": tuple(made)}))
        return None if listed is None else made

    def quantified(scope: Scope) -> Any:
        listed = rounds(scope)
        if listed is None:
            return None
        answers = [body({**scope, boxed.variable: one}) for one in listed]
        if any(answer is not None and type(answer) is not bool for answer in answers):
            log_of(scope).note(
                "X032", f"{compiler.what}: what must be satisfied is neither true nor false", boxed.place
            )
            return None
        return _together(boxed.word == "some", answers)

    return loop if boxed.word == "for" else quantified


def _together(decides: bool, answers: Sequence[Any]) -> bool | None:
    if decides in answers:
        return decides
    return None if None in answers else not decides


def compile_function(compiler: Compiler, boxed: model.Function, names: Names) -> Callable[[Scope, str], Any]:
    """A function of the scope and of a name that gives a function of FEEL; null for one in Java or PMML."""
    if boxed.kind.upper() != "FEEL":
        compiler.formulas.find(
            "X014",
            f"{compiler.what}: functions in {boxed.kind} are not called",
            boxed.place,
            "write the function in FEEL",
            "warning",
        )
        return lambda _scope, _name: None
    parameters = tuple(one.name for one in boxed.parameters)
    kinds = tuple(compiler.kind(one) for one in boxed.parameters)
    result = compiler.types.get_kind(boxed.type, boxed.place)
    result = result if result.form != "function" else ANY
    body = compiler.compile(boxed.body, (*names, *parameters))
    body = compiler.conforming(body, result, boxed.place, "what a function gives")

    def make(scope: Scope, name: str) -> Function:
        def call(*values: Any) -> Any:
            return body({**scope, **dict(zip(parameters, values, strict=True))})

        return typed_function(name, parameters, kinds, result, entered(call))

    return make


def entered(call: Callable[..., Any]) -> Callable[..., Any]:
    """The function, counted among the calls that may stand within one another."""

    def run(*values: Any) -> Any:
        with deeper():
            return call(*values)

    return run


def _function(compiler: Compiler, boxed: model.Function, names: Names) -> Run:
    make = compile_function(compiler, boxed, names)
    return lambda scope: make(dict(scope), "")


def _named_function(compiler: Compiler, boxed: model.Function, names: Names, name: str) -> Run:
    """The function of a context's entry, which may call itself by the entry's name."""
    make = compile_function(compiler, boxed, (*names, name))

    def evaluate(scope: Scope) -> Any:
        inner = dict(scope)
        inner[name] = made = make(inner, name)
        return made

    return evaluate


_FORMS: dict[type[model.Boxed], Callable[[Compiler, Any, Names], Run]] = {
    model.Literal: _literal,
    model.Table: _table,
    model.Context: _context,
    model.Invocation: _invocation,
    model.ListOf: _list,
    model.Relation: _relation,
    model.Conditional: _conditional,
    model.Filter: _filter,
    model.Iteration: _iteration,
    model.Function: _function,
}
