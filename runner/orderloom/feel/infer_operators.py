"""Types of operators and tests; finds what can never be true and what has no result."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.feel import tree
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
    ListOf,
    OneOf,
    RangeOf,
    Record,
    Type,
    union,
)
from orderloom.feel.typescope import Inference, TypeEnv, a, listing, nearest
from orderloom.problems import slip

ORDERED = (NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION)
_MONEY = "an amount of money, a context with amount and currency"
Side = tuple[tree.Node | None, Type]
_DURATIONS = (DAYS_DURATION, MONTHS_DURATION)
_RESULTS: dict[tuple[str, Type, Type], Type] = {
    **{(op, NUMBER, NUMBER): NUMBER for op in ("+", "-", "*", "/", "**")},
    ("+", STRING, STRING): STRING,
    **{(op, kind, kind): kind for op in "+-" for kind in _DURATIONS},
    **{("*", kind, NUMBER): kind for kind in _DURATIONS},
    **{("*", NUMBER, kind): kind for kind in _DURATIONS},
    **{("/", kind, NUMBER): kind for kind in _DURATIONS},
    **{("/", kind, kind): NUMBER for kind in _DURATIONS},
    **{(op, kind, length): kind for op in "+-" for kind in (DATE, DATE_TIME) for length in _DURATIONS},
    **{("+", length, kind): kind for kind in (DATE, DATE_TIME) for length in _DURATIONS},
    **{(op, TIME, DAYS_DURATION): TIME for op in "+-"},
    ("+", DAYS_DURATION, TIME): TIME,
    ("-", TIME, TIME): DAYS_DURATION,
    **{("-", one, other): DAYS_DURATION for one in (DATE, DATE_TIME) for other in (DATE, DATE_TIME)},
}


def infer_arithmetic(inference: Inference, node: tree.Arithmetic, env: TypeEnv) -> Type:
    left, right = inference.type_of(node.left, env), inference.type_of(node.right, env)
    if NULL in (left, right):
        return ANY
    fitting = {
        kind for (op, one, other), kind in _RESULTS.items()
        if op == node.op and left in (one, ANY) and right in (other, ANY)
    }
    if fitting:
        return fitting.pop() if len(fitting) == 1 else ANY
    message = f"`{node.op}` does not go with {_called(left)} and {_called(right)}"
    inference.find("E103", message, node, _arithmetic_mend(inference, node.op, (node.left, left), (node.right, right)))
    return ANY


def _arithmetic_mend(inference: Inference, op: str, left: Side, right: Side) -> str | None:
    money = _amount_of(inference, left, right)
    if money:
        return money
    text = next((node for node, kind in (left, right) if kind == STRING), None)
    if text is None:
        return None
    to_text = "make a text of it with `string(…)`"
    if isinstance(text, tree.Literal):
        return to_text if op == "+" else "a number stands without quotes"
    written = inference.says(text).strip("`")
    to_number = f"make a number of the text with `number({'…' if written.endswith('…') else written})`"
    return f"{to_text}, or {to_number}" if op == "+" else to_number


def is_money(kind: Type) -> bool:
    """An amount of money is a context with `amount` and `currency`."""
    return isinstance(kind, Record) and kind.fields.get("amount") == NUMBER and "currency" in kind.fields


def _called(kind: Type) -> str:
    return "an amount of money" if is_money(kind) else a(kind)


def _amount_of(inference: Inference, *sides: Side) -> str | None:
    """The slip of taking money for a number."""
    node = next((node for node, kind in sides if node and is_money(kind)), None)
    return f"its figure is `{inference.says(node).strip('`')}.amount`" if node else None


def infer_negate(inference: Inference, node: tree.Negate, env: TypeEnv) -> Type:
    kind = inference.type_of(node.operand, env)
    if kind not in (ANY, NULL, NUMBER, *_DURATIONS):
        inference.find("E103", f"`-` does not go with {a(kind)}", node)
        return ANY
    return kind


def infer_logic(inference: Inference, node: tree.Logic, env: TypeEnv) -> Type:
    for part in node.parts:
        inference.wants_condition(part, inference.type_of(part, env), f"`{node.op}`")
    return BOOLEAN


def infer_if(inference: Inference, node: tree.If, env: TypeEnv) -> Type:
    inference.wants_condition(node.condition, inference.type_of(node.condition, env), "`if`")
    return union([inference.type_of(node.then, env), inference.type_of(node.otherwise, env)])


def infer_comparison(inference: Inference, node: tree.Comparison, env: TypeEnv) -> Type:
    left, right = inference.type_of(node.left, env), inference.type_of(node.right, env)
    check_comparison(inference, node.op, (node.left, left), (node.right, right), node)
    return BOOLEAN


def check_comparison(inference: Inference, operator: str, left: Side, right: Side, at: tree.Node) -> None:
    kinds = (left[1], right[1])
    if operator in {"=", "!="}:
        if not _comparable(*kinds):
            message = f"{_side(inference, left)} and {_side(inference, right)} are never equal"
            inference.find("E101", message, at, _amount_of(inference, left, right) or _mend(*kinds))
        else:
            _check_words(inference, left[1], right[0])
            _check_words(inference, right[1], left[0])
    elif _ordering_fails(*kinds):
        message = f"{_side(inference, left)} and {_side(inference, right)} cannot be put in order"
        inference.find("E101", message, at, _amount_of(inference, left, right) or _mend(*kinds))


def _side(inference: Inference, side: Side) -> str:
    node, kind = side
    word = _MONEY if is_money(kind) else kind.word
    return f"{inference.says(node)} ({word})" if node else f"the value ({word})"


def _mend(left: Type, right: Type) -> str | None:
    if {left, right} == {STRING, NUMBER}:
        return "a number stands without quotes; `number(…)` makes one of a text"
    if {left, right} == {DATE, DATE_TIME}:
        return "`date(…)` takes the date of a date and time"
    if STRING in (left, right) and (set(ORDERED[2:]) & {left, right}):
        return 'a date or duration is written `@"2026-03-02"` or `@"P3D"`'
    if isinstance(left, ListOf) != isinstance(right, ListOf):
        return "`list contains(…)` or `some … satisfies` asks about the items of a list"
    return None


def _comparable(left: Type, right: Type) -> bool:
    if ANY in (left, right) or NULL in (left, right):
        return True
    contexts = (Record, OneOf)
    if isinstance(left, contexts) and isinstance(right, contexts):
        return True
    return left.word == right.word


def _ordering_fails(left: Type, right: Type) -> bool:
    known = [kind for kind in (left, right) if kind not in (ANY, NULL)]
    return any(kind not in ORDERED for kind in known) or (len(known) == 2 and left != right)


def _check_words(inference: Inference, kind: Type, node: tree.Node | None) -> None:
    """A constant beside a value that can only be one of a few words."""
    if not kind.values or not isinstance(node, tree.Literal) or not isinstance(node.value, str):
        return
    if node.value not in kind.values:
        message = f"this is never `{node.value}`; it is one of {listing(kind.values)}"
        known = list(kind.values)
        inference.find("E102", message, node, nearest(node.value, known), slip(node.value, known))


def infer_between(inference: Inference, node: tree.Between, env: TypeEnv) -> Type:
    value = (node.value, inference.type_of(node.value, env))
    for end in (node.low, node.high):
        check_comparison(inference, "<=", value, (end, inference.type_of(end, env)), node)
    return BOOLEAN


def infer_in(inference: Inference, node: tree.In, env: TypeEnv) -> Type:
    kind = inference.type_of(node.value, env)
    check_tests(inference, node.tests, (node.value, kind), TypeEnv({"?": kind}, None, env))
    return BOOLEAN


def infer_tests(inference: Inference, node: tree.Tests, env: TypeEnv) -> Type:
    check_tests(inference, node.tests, (None, env.names.get("?", ANY)), env)
    return BOOLEAN


def check_tests(inference: Inference, tests: Iterable[tree.Node], value: Side, env: TypeEnv) -> None:
    for test in tests:
        if isinstance(test, tree.OperatorTest):
            other = (test.value, inference.type_of(test.value, env))
            check_comparison(inference, test.op, value, other, test)
        elif isinstance(test, tree.ValueTest):
            kind = inference.type_of(test.value, env)
            if not (test.asks and kind in (BOOLEAN, ANY)):
                _check_value_test(inference, value, test.value, kind)


def _check_value_test(inference: Inference, value: Side, test: tree.Node, kind: Type) -> None:
    if isinstance(kind, RangeOf) and not isinstance(value[1], RangeOf):
        if _ordering_fails(value[1], kind.item):
            message = f"{_side(inference, value)} is never in {inference.says(test)}, a range of {kind.item.word}"
            inference.find("E101", message, test, _amount_of(inference, value) or _mend(value[1], kind.item))
    elif isinstance(kind, ListOf) and not isinstance(value[1], ListOf):
        items = test.items if isinstance(test, tree.ListOf) else ()
        for item in items:
            _check_words(inference, value[1], item)
        if not isinstance(kind.item, RangeOf) and not _comparable(value[1], kind.item):
            message = f"{_side(inference, value)} is never in {inference.says(test)}, a list of {kind.item.word}"
            inference.find("E101", message, test, _mend(value[1], kind.item))
    else:
        check_comparison(inference, "=", value, (test, kind), test)


def infer_interval(inference: Inference, node: tree.Interval, env: TypeEnv) -> Type:
    return _range(inference, node, [inference.type_of(end, env) for end in (node.low, node.high)])


def infer_half_range(inference: Inference, node: tree.HalfRange, env: TypeEnv) -> Type:
    return _range(inference, node, [inference.type_of(node.bound, env)])


def _range(inference: Inference, node: tree.Node, ends: list[Type]) -> Type:
    known = [kind for kind in ends if kind not in (ANY, NULL)]
    if any(kind not in ORDERED for kind in known) or len(set(known)) > 1:
        shown = " to ".join(kind.word for kind in ends)
        inference.find("E105", f"there is no range of {shown}", node)
        return RangeOf(ANY)
    return RangeOf(known[0] if known else ANY)
