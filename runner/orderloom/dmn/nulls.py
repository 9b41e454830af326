"""A formula of a model in, the same as a function of the scope out: where its value is null, it tells the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orderloom.dmn.formulas import within
from orderloom.dmn.log import log_of
from orderloom.dmn.model import Text
from orderloom.feel import Expression
from orderloom.feel.errors import FeelError
from orderloom.feel.formatting import format_string
from orderloom.feel.nulls import Origin, origin_of_null

_LONGEST = 60


def telling(formula: Expression, text: Text, what: str) -> Callable[[Mapping[str, Any]], Any]:
    """`what` names the element in the message."""
    evaluate = formula.evaluate

    def run(scope: Mapping[str, Any]) -> Any:
        value = evaluate(scope)
        if value is None and log_of(scope).looks_for_reason(id(formula)):
            _tell(formula, text, what, scope)
        return value

    return run


def _tell(formula: Expression, text: Text, what: str, scope: Mapping[str, Any]) -> None:
    origin = origin_of_null(formula, scope)
    if origin is None:
        return
    part = _short(formula.text[origin.start : origin.end])
    place = within(text, origin.start, origin.end)
    log_of(scope).note("X045", f"{what}: `{part}` is null{_made_of(origin)}", place)


def _made_of(origin: Origin) -> str:
    given = [(_short(text), _spelt(value)) for text, value in origin.of]
    told = " and ".join(f"`{text}` is {value}" for text, value in given if _bare(text) != _bare(value))
    return f": {told}" if told else ""


def _bare(text: str) -> str:
    return text.replace(" ", "")


def _spelt(value: Any) -> str:
    try:
        return _short(f'"{value}"' if isinstance(value, str) else format_string(value))
    except FeelError:
        return "a value too large to show"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
