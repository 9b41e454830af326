"""What articles cost by the shop's own list, and which may stand in for another at the price that was agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from orderloom import Place, Problem, ProblemsError
from orderloom.model import Line, Money
from orderloom_nodes.validate.lists import Row, read_sheet

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class PriceList:
    """Article and currency → what a unit costs."""

    prices: Mapping[tuple[str, str], Decimal]
    hash: str = ""
    setting_schema: ClassVar[Mapping[str, Any]] = {
        "type": "string", "description": "the path of a CSV of prices: sku, price, currency",
    }  # fmt: skip

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> PriceList:
        """Raises `ProblemsError` with every row whose price cannot be read."""
        sheet = read_sheet(value, "price list", ("sku", "price", "currency"), place, folders)
        prices, problems = {}, []
        for row in sheet.rows:
            try:
                money = Money.of(row.values["price"], row.values["currency"])
            except (KeyError, ValueError):
                problems.append(_odd(row))
            else:
                prices[row.values["sku"], money.currency] = money.amount
        if problems:
            raise ProblemsError(problems)
        return cls(prices, sheet.hash)

    def allows(self, line: Line, sku: str, dearer_percent: int, cheaper_percent: int) -> bool:
        """Whether the article's own price is near enough to what was agreed for the line; of unknown ones it is not."""
        own, agreed = self.prices.get((sku, line.unit_price.currency)), line.unit_price.amount
        if own is None:
            return False
        return agreed * (HUNDRED - cheaper_percent) <= own * HUNDRED <= agreed * (HUNDRED + dearer_percent)


def _odd(row: Row) -> Problem:
    said = f"{row.values.get('price', '')} {row.values.get('currency', '')}".strip()
    return Problem("V162", f"`{said}` is no price", row.place, "write it as `12.50` and the currency as `USD`")
