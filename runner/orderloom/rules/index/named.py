"""Cells of one column that name single values in; for any value, the rows whose cells hold of it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.rules.constants import Constants


@dataclass(frozen=True, slots=True)
class Named:
    """Rows by value; `others` are those for any other value, None where the column allows no other."""

    by_value: Mapping[Any, int]
    others: int | None

    def mask(self, value: Any) -> int | None:
        return self.by_value.get(value, self.others)

    def doubt(self, value: Any) -> int:  # noqa: ARG002 (a value is named or it is not)
        return 0

    @property
    def certain(self) -> bool:
        return True


def index_named(cells: Iterable[tuple[Constants, int]], free: int, allowed: Sequence[Any]) -> Named:
    """`cells` are what cells ask and the rows that have them; `free` are the rows that ask nothing."""
    asked = list(cells)
    others = free | sum(rows for constants, rows in asked if constants.negated)
    by_value: dict[Any, int] = {}
    for constants, rows in asked:
        for value in set(constants.values):
            if value is not None:
                by_value[value] = by_value.get(value, others) ^ rows
    if not allowed:
        return Named(by_value, others)
    return Named({value: by_value.get(value, others) for value in allowed}, None)
