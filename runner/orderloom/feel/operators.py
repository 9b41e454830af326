"""Operators, conditions and cell tests, compiled; numbers beside a constant take a short way."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderloom.feel import tree
from orderloom.feel.arithmetic import add_numbers, compute, divide_numbers, multiply_numbers, negate, subtract_numbers
from orderloom.feel.comparing import ORDERS, compare, contains, equal, fits, ordered
from orderloom.feel.scope import QUESTION, Compiler, Env, Locals, Run, Scope
from orderloom.feel.values import Range, is_number

_NUMBERS = {"+": add_numbers, "-": subtract_numbers, "*": multiply_numbers, "/": divide_numbers}
_NUMERIC = frozenset({int, Decimal})


def compile_arithmetic(compiler: Compiler, node: tree.Arithmetic, env: Env) -> Run:
    left, right = compiler.compile(node.left, env), compiler.compile(node.right, env)
    operator, numbers = node.op, _NUMBERS.get(node.op)

    def run(scope: Scope, locals_: Locals) -> Any:
        a, b = left(scope, locals_), right(scope, locals_)
        if numbers and type(a) in _NUMERIC and type(b) in _NUMERIC:
            try:
                return numbers(a, b)
            except ArithmeticError:         # too large for 34 digits and their exponent
                return None
        return compute(operator, a, b)

    return run


def compile_negate(compiler: Compiler, node: tree.Negate, env: Env) -> Run:
    operand = compiler.compile(node.operand, env)
    return lambda scope, locals_: negate(operand(scope, locals_))


def compile_comparison(compiler: Compiler, node: tree.Comparison, env: Env) -> Run:
    left = compiler.compile(node.left, env)
    if isinstance(node.right, tree.Literal):
        return _against_constant(node.op, left, node.right.value)
    right, operator = compiler.compile(node.right, env), node.op
    return lambda scope, locals_: compare(operator, left(scope, locals_), right(scope, locals_))


def _against_constant(operator: str, left: Run, constant: Any) -> Run:
    if operator in ORDERS and is_number(constant):
        return _number_order(operator, left, constant)
    holds = _constant_test(operator, constant)
    return lambda scope, locals_: holds(left(scope, locals_))


def _constant_test(operator: str, constant: Any) -> Callable[[Any], bool | None]:
    """Whether a value stands so to a constant: the commonest of all tests."""
    if operator in ORDERS and is_number(constant):
        return _number_test(operator, constant)
    if operator == "=" and type(constant) is str:
        return lambda value: value == constant if type(value) is str else equal(value, constant)
    return lambda value: compare(operator, value, constant)


def _number_order(operator: str, left: Run, constant: Any) -> Run:
    holds = ORDERS[operator]

    def run(scope: Scope, locals_: Locals) -> Any:
        value = left(scope, locals_)
        return holds(value, constant) if type(value) in _NUMERIC else ordered(operator, value, constant)

    return run


def _number_test(operator: str, constant: Any) -> Callable[[Any], bool | None]:
    holds = ORDERS[operator]

    def test(value: Any) -> bool | None:
        if type(value) in _NUMERIC:
            return holds(value, constant)
        return ordered(operator, value, constant)

    return test


def compile_logic(compiler: Compiler, node: tree.Logic, env: Env) -> Run:
    parts = [compiler.compile(part, env) for part in node.parts]
    decides = node.op == "or"       # true decides an `or`, false an `and`

    def run(scope: Scope, locals_: Locals) -> Any:
        answer: bool | None = not decides
        for part in parts:
            value = part(scope, locals_)
            if value is decides:
                return decides
            if type(value) is not bool:
                answer = None
        return answer

    return run


def compile_if(compiler: Compiler, node: tree.If, env: Env) -> Run:
    condition = compiler.compile(node.condition, env)
    then, otherwise = compiler.compile(node.then, env), compiler.compile(node.otherwise, env)

    def run(scope: Scope, locals_: Locals) -> Any:
        return (then if condition(scope, locals_) is True else otherwise)(scope, locals_)

    return run


def compile_between(compiler: Compiler, node: tree.Between, env: Env) -> Run:
    value, low, high = (compiler.compile(part, env) for part in (node.value, node.low, node.high))

    def run(scope: Scope, locals_: Locals) -> bool | None:
        middle, start, end = value(scope, locals_), low(scope, locals_), high(scope, locals_)
        if start is None or end is None:
            return None
        return contains(Range(start, end), middle)

    return run


def compile_in(compiler: Compiler, node: tree.In, env: Env) -> Run:
    slot = compiler.slot()
    value = compiler.compile(node.value, env)
    tests = _any_test(compiler, node.tests, Env((("?", slot),), None, env), slot)

    def run(scope: Scope, locals_: Locals) -> Any:
        locals_[slot] = value(scope, locals_)
        return tests(scope, locals_)

    return run


def compile_tests(compiler: Compiler, node: tree.Tests, env: Env) -> Run:
    if not node.tests:
        return lambda _scope, _locals: True
    fitting = _any_test(compiler, node.tests, env, QUESTION)
    if not node.negated:
        return fitting

    def run(scope: Scope, locals_: Locals) -> Any:
        answer = fitting(scope, locals_)
        return None if answer is None else not answer

    return run


def _any_test(compiler: Compiler, tests: tuple[tree.Node, ...], env: Env, slot: int) -> Run:
    words = _words(tests)
    runs = [_test(compiler, test, env, slot) for test in tests]
    if len(runs) == 1:
        return runs[0]

    def run(scope: Scope, locals_: Locals) -> bool | None:
        if words and type(locals_[slot]) is str:
            return locals_[slot] in words
        answer: bool | None = False
        for test in runs:
            value = test(scope, locals_)
            if value:
                return True
            if value is None:
                answer = None
        return answer

    return run


def _words(tests: tuple[tree.Node, ...]) -> frozenset[str] | None:
    """The texts of tests that are nothing but texts."""
    values = [test.value for test in tests if isinstance(test, tree.ValueTest)]
    texts = [value.value for value in values if isinstance(value, tree.Literal) and type(value.value) is str]
    return frozenset(texts) if len(texts) == len(tests) else None


def _test(compiler: Compiler, node: tree.Node, env: Env, slot: int) -> Run:
    if isinstance(node, tree.OperatorTest):
        return _operator_test(compiler, node, env, slot)
    assert isinstance(node, tree.ValueTest)
    if isinstance(node.value, tree.Literal):
        holds = _constant_test("=", node.value.value)
        return lambda _scope, locals_: holds(locals_[slot])
    if isinstance(node.value, tree.Interval) and (span := _constant_range(node.value)):
        return _in_constant_range(span, slot)
    value = compiler.compile(node.value, env)
    if not node.asks:
        return lambda scope, locals_: fits(locals_[slot], value(scope, locals_))

    def run(scope: Scope, locals_: Locals) -> bool | None:
        answer = value(scope, locals_)
        return answer if type(answer) is bool or answer is None else fits(locals_[slot], answer)

    return run


def _constant_range(node: tree.Interval) -> Range | None:
    """A range between two numbers that are written out."""
    ends = [end.value for end in (node.low, node.high) if isinstance(end, tree.Literal) and is_number(end.value)]
    return Range(ends[0], ends[1], node.low_closed, node.high_closed) if len(ends) == 2 else None


def _in_constant_range(span: Range, slot: int) -> Run:
    above, below = ORDERS[">=" if span.low_closed else ">"], ORDERS["<=" if span.high_closed else "<"]
    low, high = span.low, span.high

    def run(_scope: Scope, locals_: Locals) -> bool | None:
        value = locals_[slot]
        if type(value) in _NUMERIC:
            return above(value, low) and below(value, high)
        return fits(value, span)

    return run


def _operator_test(compiler: Compiler, node: tree.OperatorTest, env: Env, slot: int) -> Run:
    if isinstance(node.value, tree.Literal):
        holds = _constant_test(node.op, node.value.value)
        return lambda _scope, locals_: holds(locals_[slot])
    operator, value = node.op, compiler.compile(node.value, env)
    return lambda scope, locals_: compare(operator, locals_[slot], value(scope, locals_))
