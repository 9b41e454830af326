"""Cells of our tables in FEEL as the standard's tables have them, and back: bare words, dates and formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderloom.feel import FeelSyntaxError, MonthsDuration, format_value, parse, parse_unary_tests
from orderloom.feel import tree as feel
from orderloom.rules.constants import Constants
from orderloom.rules.kinds import KINDS, TEXT, Kind
from orderloom.rules.reading.cells import as_feel
from orderloom.rules.reading.literals import bare_words, literal, plain

_AT = re.compile(r'@"([^"]+)"')
_TEMPORAL = (date, time, datetime, timedelta, MonthsDuration)
_SAFE_WORDS = re.compile(r'[^\W\d_][^"()\[\]{}<>=?!,@\n]*')  # words that stand for themselves, in any reading


def text_literal(text: str) -> str:
    """A text as FEEL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return '"' + escaped.replace("\t", "\\t") + '"'


def value_literal(value: Any) -> str:
    """A plain value as FEEL writes it: `"US"`, `89.50`, `date("2026-03-02")`, `["a", "b"]`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, int | Decimal):
        return format_value(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_literal(str(key))}: {value_literal(one)}" for key, one in value.items()) + "}"
    return f'@"{format_value(value)}"'


# Conditions


def condition_out(kind: Kind, bare: bool, cell: Any) -> str:
    """What a cell of an input asks, as FEEL unary tests; `-` where it asks nothing."""
    if cell is None:
        return "null"
    if isinstance(cell, list):
        return ", ".join(value_literal(_typed(kind, one)) for one in cell) or "-"
    if not isinstance(cell, str):
        return value_literal(_typed(kind, cell))
    text = cell.strip()
    if text in {"", "-"}:
        return "-"
    words = bare_words(text) if kind is TEXT and bare else None
    if words is None:
        return as_feel(text, kind)
    listed = ", ".join(map(value_literal, words.values))
    return f"not({listed})" if words.negated else listed


def condition_in(kind: Kind, bare: bool, text: str) -> Any:
    """FEEL unary tests as a cell of a column of ours: a number or a truth as such, texts `bare` where that reads the
    same; blank where nothing is asked."""
    told = text.strip()
    if told in {"", "-"}:
        return ""
    if kind.name in {"boolean", "number"}:
        return told if (value := literal(kind, told)) is None or value_literal(value) != told else value
    words = _text_constants(told) if kind is TEXT and bare else None
    if words is None:
        return _undated(kind, told)
    listed = ", ".join("null" if word is None else word for word in words.values)
    cell = f"not({listed})" if words.negated else listed
    return cell if bare_words(cell) == words else told


def _undated(kind: Kind, text: str) -> str:
    """`>= 2026-03-02` for `>= @"2026-03-02"`, in a column where that means a date."""
    short = _AT.sub(r"\1", text)
    return short if as_feel(short, kind) == text else text


def _text_constants(text: str) -> Constants | None:
    """Texts and nothing else, as a cell names them."""
    try:
        tests = parse_unary_tests(text).tree
    except FeelSyntaxError:
        return None
    values: list[str | None] = []
    for one in tests.tests:
        inner = one.value if isinstance(one, feel.ValueTest) else None
        if not isinstance(inner, feel.Literal) or not isinstance(inner.value, str | None):
            return None
        if inner.value is not None and (inner.value == "null" or not _SAFE_WORDS.fullmatch(inner.value)):
            return None
        if inner.value is not None and inner.value != inner.value.strip():
            return None
        values.append(inner.value)
    return Constants(tuple(values), negated=tests.negated) if values else None


# Answers


def answer_out(kind: Kind, cell: Any) -> str | None:
    """What a cell of an output gives, as a formula; None where it is blank and the default answers."""
    if cell is None:
        return "null"
    if isinstance(cell, str):
        text = cell.strip()
        if text in {"", "-"}:
            return None
        if text.startswith("="):
            return text[1:].strip()
    value = literal(kind, cell)
    if value is None and isinstance(cell, str) and kind is not TEXT:
        return cell.strip()  # a formula without its sign
    return value_literal(value)


def answer_in(kind: Kind, text: str) -> Any:
    """A formula as a cell of an output of ours: its value where it is a constant of the type, else `=formula`."""
    told = text.strip()
    if not told:
        return None
    known, value = constant(told)
    if not known:
        return f"={told}"
    if value is None:
        return None
    written = plain_value(kind, value)
    return written if written is not None else f"={told}"


def plain_value(kind: Kind, value: Any, cell: bool = True) -> Any:
    """A value of FEEL as a file has it, so that it is read as the same; None where it has no such form.

    In a `cell`, some texts would mean something else: `-`, `null`, `=…`.
    """
    if kind.item is not None and isinstance(value, list | tuple):
        items = [plain_value(KINDS[kind.item], one, cell) for one in value]
        return None if any(one is None for one in items) else items
    written = value if isinstance(value, bool | int | Decimal | str) else None
    if isinstance(value, _TEMPORAL):
        written = format_value(value)
    if kind.name == "any" or written is None:
        return None
    forms = [written, _quoted(written)] if isinstance(written, str) else [written]
    plain_forms = (one for one in forms if not (cell and isinstance(one, str) and _means_more(one)))
    return next((one for one in plain_forms if literal(kind, one) == value), None)


def _means_more(text: str) -> bool:
    return text.strip() in {"", "-", "null"} or text[:1] == "=" or text != text.strip()


def _quoted(text: str) -> str:
    """As our cells quote: breaks and tabs stand as they are."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def constant(text: str) -> tuple[bool, Any]:
    """Whether a formula is a constant, and which: a literal, a list of them, or a date, time or duration."""
    try:
        found = parse(text)
    except FeelSyntaxError:
        return False, None
    return (True, found.evaluate({})) if _is_constant(found.tree) else (False, None)


def _is_constant(node: feel.Node) -> bool:
    if isinstance(node, feel.Literal):
        return True
    if isinstance(node, feel.ListOf):
        return all(map(_is_constant, node.items))
    named = isinstance(node, feel.Call) and isinstance(node.function, feel.Name)
    if not named or not isinstance(node, feel.Call) or not isinstance(node.function, feel.Name):
        return False
    temporal = node.function.name in {"date", "time", "date and time", "duration"}
    return temporal and len(node.arguments) == 1 and isinstance(node.arguments[0].value, feel.Literal)


def _typed(kind: Kind, value: Any) -> Any:
    """A native value as one of the column's type: `2026-03-02` in a date column is a date."""
    made = literal(kind, value)
    return value if made is None else made


def values_in(kind: Kind, text: str) -> tuple[list[Any], str | None] | None:
    """Allowed values of the standard as `values` or as a `range`; None where they are neither."""
    item = KINDS[kind.item] if kind.item else kind
    try:
        tests = parse_unary_tests(text).tree
    except FeelSyntaxError:
        return None
    if tests.negated or not tests.tests:
        return None
    if len(tests.tests) == 1 and kind.ordered and (span := _range_in(tests.tests[0], text)):
        return [], span
    found = []
    for one in tests.tests:
        known, value = constant(text[one.start : one.end]) if isinstance(one, feel.ValueTest) else (False, None)
        written = plain_value(item, value, cell=False) if known and value is not None else None
        if written is None:
            return None
        found.append(written)
    return found, None


def _range_in(test: feel.Node, text: str) -> str | None:
    if isinstance(test, feel.ValueTest) and isinstance(test.value, feel.Interval):
        span = test.value
        ends = [constant(text[end.start : end.end]) for end in (span.low, span.high)]
        if all(known and value is not None for known, value in ends):
            low, high = (plain(value) for _, value in ends)
            return f"{'[' if span.low_closed else '('}{low}..{high}{']' if span.high_closed else ')'}"
    return None


def values_out(kind: Kind, values: Sequence[Any], span: str | None) -> str | None:
    """`values` and `range` as allowed values of the standard."""
    item = KINDS[kind.item] if kind.item else kind
    listed = [value_literal(_typed(item, one)) for one in values]
    return ", ".join(listed) or (as_feel(span.strip(), kind) if span else None)
