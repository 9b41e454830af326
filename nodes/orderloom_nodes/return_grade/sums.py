"""What is given back for goods as they came: each lot's share of what its line is worth, exact to the minor unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from orderloom.model import MINOR_DIGITS, Money


@dataclass(frozen=True)
class Lot:
    """Units of a line that came in one condition; `before` others of the line came in another."""

    line_id: str
    units: int
    before: int
    share: Decimal


def lot_sums(lots: Sequence[Lot], due: Mapping[str, tuple[int, Money]]) -> list[Money]:
    """`due` is how many units of each line are worth what. All units with the share 1 are worth just that."""
    return [_sum(lot, *due[lot.line_id]) for lot in lots]


def _sum(lot: Lot, units: int, worth: Money) -> Money:
    whole = int(worth.amount.scaleb(MINOR_DIGITS[worth.currency]))
    part = _up_to(whole, units, lot.before + lot.units) - _up_to(whole, units, lot.before)
    back = (Decimal(part) * lot.share).quantize(Decimal(1), ROUND_HALF_EVEN)
    return Money.of(back.scaleb(-MINOR_DIGITS[worth.currency]), worth.currency)


def _up_to(whole: int, units: int, count: int) -> int:
    """What the first `count` of `units` have of a sum: the odd minor units go to the first ones."""
    return count * (whole // units) + min(count, whole % units)
