"""Our own JSON in, an Order or a Return out; what does not fit is told in our words with its path."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from orderloom.model import Order, Return

from ..problems import Findings
from ..translate import translate

M = TypeVar("M", bound=BaseModel)


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | None:  # noqa: ARG001 (it names its own)
    """The order, or None after findings."""
    return _read(Order, data, findings)


def read_return(data: Mapping[str, Any], account: str, findings: Findings) -> Return | None:  # noqa: ARG001
    """The return, or None after findings."""
    return _read(Return, data, findings)


def _read(model: type[M], data: Mapping[str, Any], findings: Findings) -> M | None:
    try:
        return model.model_validate(_as_sent(data))
    except ValidationError as error:
        translate(error, model, findings)
        return None


def _as_sent(value: Any) -> Any:
    # a JSON number with decimals is a float to the model: coordinates take it, money refuses it
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {name: _as_sent(member) for name, member in value.items()}
    return [_as_sent(item) for item in value] if isinstance(value, list) else value
