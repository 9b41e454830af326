"""The forms in which a column of facts may come, and single facts of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Coded:
    """Facts that repeat: `values[code]` is the fact of an order; a code below nought says that it has none."""

    codes: Array
    values: Sequence[Any]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Scaled:
    """Decimals as whole numbers of 64 bits: the fact is `whole / 10 ** places`. `missing` marks orders without one."""

    whole: Array
    places: int
    missing: Array | None = None

    def __len__(self) -> int:
        return len(self.whole)

    def part(self, start: int, end: int) -> Scaled:
        missing = None if self.missing is None else self.missing[start:end]
        return Scaled(self.whole[start:end], self.places, missing)


Column = Sequence[Any] | Array | Coded | Scaled


def fact(column: Column, at: int) -> Any:
    """One fact, as a single decision takes it."""
    if isinstance(column, Coded):
        code = int(column.codes[at])
        return None if code < 0 else column.values[code]
    if isinstance(column, Scaled):
        if column.missing is not None and column.missing[at]:
            return None
        whole = int(column.whole[at])
        return Decimal(whole).scaleb(-column.places) if column.places else whole
    found = column[at]
    return found.item() if isinstance(found, np.generic) else found


def part(column: Column, start: int, end: int) -> Column:
    """The facts of some orders that follow one another."""
    if isinstance(column, Coded):
        return Coded(column.codes[start:end], column.values)
    if isinstance(column, Scaled):
        return column.part(start, end)
    return column[start:end]


def facts(column: Column) -> Sequence[Any]:
    """All of them, as single decisions take them."""
    if isinstance(column, np.ndarray):
        listed: list[Any] = column.tolist()
        return listed
    return [fact(column, at) for at in range(len(column))] if isinstance(column, Coded | Scaled) else column
