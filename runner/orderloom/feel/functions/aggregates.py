"""List functions that give one value for a whole list: sums, extremes, means, `all` and `any` (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderloom.feel.arithmetic import add_numbers, compute, divide_numbers, multiply_numbers
from orderloom.feel.comparing import ORDERED, ordered
from orderloom.feel.values import DECIMAL, clean, is_number, kind


def _listed(arguments: tuple[Any, ...]) -> list[Any]:
    """`sum([1, 2])` and `sum(1, 2)` are the same."""
    if len(arguments) == 1 and isinstance(arguments[0], list | tuple):
        return [clean(item) for item in arguments[0]]
    return [clean(item) for item in arguments]


def _extreme(operator: str) -> Callable[..., Any]:
    def extreme(*arguments: Any) -> Any:
        best: Any = None
        for value in _listed(arguments):
            if kind(value) not in ORDERED:
                return None
            if best is None:
                best = value
                continue
            before = ordered(operator, value, best)
            if before is None:
                return None
            best = value if before else best
        return best

    return extreme


def _numbers(arguments: tuple[Any, ...]) -> list[Any] | None:
    values = _listed(arguments)
    return values if values and all(map(is_number, values)) else None


def _sum(*arguments: Any) -> Any:
    values = _listed(arguments)
    if not values or kind(values[0]) not in {"number", "days and time duration", "years and months duration"}:
        return None
    total = values[0]
    for value in values[1:]:
        total = compute("+", total, value)
        if total is None:
            return None
    return total


def _product(*arguments: Any) -> Any:
    values = _numbers(arguments)
    if values is None:
        return None
    result: Any = 1
    for value in values:
        result = multiply_numbers(result, value)
    return result


def _mean(*arguments: Any) -> Any:
    values = _numbers(arguments)
    return None if values is None else divide_numbers(_sum(values), len(values))


def _median(*arguments: Any) -> Any:
    values = _numbers(arguments)
    if values is None:
        return None
    values.sort()
    middle = len(values) // 2
    if len(values) % 2:
        return values[middle]
    return divide_numbers(add_numbers(values[middle - 1], values[middle]), 2)


def _stddev(*arguments: Any) -> Any:
    values = _numbers(arguments)
    if values is None or len(values) < 2:
        return None
    mean = Decimal(_mean(values))
    squares = [DECIMAL.power(DECIMAL.subtract(value, mean), 2) for value in values]
    return DECIMAL.sqrt(Decimal(divide_numbers(_sum(squares), len(values) - 1) or 0))


def _mode(*arguments: Any) -> Any:
    values = _listed(arguments)
    if not all(map(is_number, values)):
        return None
    counts = Counter(values)
    most = max(counts.values(), default=0)
    return sorted(value for value, count in counts.items() if count == most)


def _quantifier(decides: bool) -> Callable[..., Any]:
    """`any` is decided by true, `all` by false."""

    def decided(*arguments: Any) -> Any:
        answer: bool | None = not decides
        for value in _listed(arguments):
            if value is decides:
                return decides
            if value is not None and type(value) is not bool:
                return None
            answer = None if value is None else answer
        return answer

    return decided


BODIES: dict[str, Callable[..., Any]] = {
    "count": len,
    "min": _extreme("<"),
    "max": _extreme(">"),
    "sum": _sum,
    "product": _product,
    "mean": _mean,
    "median": _median,
    "stddev": _stddev,
    "mode": _mode,
    "all": _quantifier(False),
    "any": _quantifier(True),
}
