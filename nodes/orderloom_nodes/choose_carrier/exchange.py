"""A table of exchange rates in; prices of all currencies in one, to compare them, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from orderloom import Document, ProblemsError
from orderloom.model import MINOR_DIGITS, Money, minor_unit
from orderloom_nodes.choose_carrier.reading import Reader

_TABLE = ("currency", "rates", "as_of", "about")
_THREE = "three capitals of ISO 4217, such as USD"


@dataclass(frozen=True)
class Exchange:
    """`rates` is what one unit of a currency is worth in `currency`."""

    currency: str
    rates: Mapping[str, Decimal]

    def convert(self, price: Money) -> Decimal | None:
        """To the minor unit, half to even; None where the currency has no rate."""
        if price.currency == self.currency:
            return price.amount
        rate = self.rates.get(price.currency)
        return None if rate is None else (price.amount * rate).quantize(minor_unit(self.currency), ROUND_HALF_EVEN)


def is_exchange(document: Document) -> bool:
    return isinstance(document.data, Mapping) and "rates" in document.data and "services" not in document.data


def read_exchange(document: Document) -> Exchange:
    """Raises `ProblemsError` with all findings."""
    reader = Reader(document)
    reader.mapping((), "a table of exchange rates", _TABLE, needed=("currency", "rates"))
    currency = reader.text(("currency",))
    if currency and currency not in MINOR_DIGITS:
        reader.blame("C206", f"`{currency}` is no currency", ("currency",), _THREE)
    named = reader.mapping(("rates",), "`rates`") if reader.at(("rates",)) is not None else {}
    for code in named:
        if code not in MINOR_DIGITS:
            reader.blame("C206", f"`{code}` is no currency", ("rates", code), _THREE, key=True)
    rates = {code: rate for code in named if (rate := reader.number(("rates", code), above=0)) is not None}
    if reader.problems:
        raise ProblemsError(reader.problems)
    return Exchange(currency, rates)
