"""Money as Stripe counts it: whole numbers of a unit that is not always the currency's minor unit.

Source: docs.stripe.com/currencies, read 2026-11-28. Zero-decimal currencies are charged in their main unit; ISK and UGX
have no decimals and are counted with two all the same; three-decimal ones end in 0, for card networks know two.
"""

from __future__ import annotations

from decimal import Decimal

from orderloom.model import MINOR_DIGITS, Money
from orderloom.world.errors import ConnectionFailedError

_ZERO = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_TWO_THOUGH_NONE = frozenset(["ISK", "UGX"])
_THREE = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def digits(currency: str) -> int:
    """How many decimals Stripe counts in its whole numbers."""
    if currency in _ZERO:
        return 0
    return 3 if currency in _THREE else 2


def to_stripe(money: Money) -> int:
    """Raises `ConnectionFailedError` (invalid) for a sum that Stripe cannot move."""
    counted = money.amount.scaleb(digits(money.currency))
    if counted != counted.to_integral_value():
        raise _unmovable(money, f"it counts {money.currency} in larger units")
    whole = int(counted)
    if money.currency in _THREE and whole % 10:
        raise _unmovable(money, "the last of its three decimals has to be 0")
    if money.currency in _TWO_THOUGH_NONE and whole % 100:
        raise _unmovable(money, f"{money.currency} has no decimals")
    return whole


def _unmovable(money: Money, why: str) -> ConnectionFailedError:
    return ConnectionFailedError("invalid", f"Stripe cannot move {money}: {why}")


def from_stripe(counted: int, currency: str) -> Money:
    """What Stripe says, with the currency's own decimals."""
    code = currency.upper()
    amount = Decimal(counted).scaleb(-digits(code))
    shown = MINOR_DIGITS[code]
    return Money.of(amount.quantize(Decimal(1).scaleb(-shown)) if shown <= digits(code) else amount, code)
