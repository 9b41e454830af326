"""Documents as they are written, plain JSON data, in; the same with amounts and measures as numbers, out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_FIGURES = {"currency": "amount", "unit": "value"}  # money and measures: what stands beside a figure, and the figure
_FIGURE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


def read_figures(data: Any) -> Any:
    """`{"amount": "89.50", "currency": "USD"}` holds the number 89.50, as it does in a flow; all else is as it was."""
    if isinstance(data, Mapping):
        return _figure({name: read_figures(member) for name, member in data.items()})
    return [read_figures(item) for item in data] if isinstance(data, list) else data


def _figure(record: dict[str, Any]) -> dict[str, Any]:
    for beside, name in _FIGURES.items():
        if record.keys() == {beside, name} and isinstance(record[name], str) and _FIGURE.fullmatch(record[name]):
            return {**record, name: Decimal(record[name])}
    return record
