"""Money: decimal text and an ISO 4217 currency; exact arithmetic within one currency, nothing between two.

    MixedCurrenciesError(ValueError)    two currencies met in one sum or comparison

The table is ISO 4217 List One (active) as published by SIX, with the entities withdrawn since 2006 that old
orders still carry; written down November 2026. Units of account without minor digits (XAU, XDR …) are left out.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from orderloom.model.base import EXACT, Exact, Model, exact

_ACTIVE_2 = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_ACTIVE_0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_ACTIVE_3 = "BHD IQD JOD KWD LYD OMR TND"
_ACTIVE_4 = "CLF UYW"
_WITHDRAWN_2 = "ANG BGN CUC CYP EEK GHC HRK LTL LVL MRO MTL MZM ROL SDD SIT SKK SLL STD TMM VEB VEF ZMK ZWD ZWL"
_WITHDRAWN_0 = "BYR"

MINOR_DIGITS: dict[str, int] = {
    code: digits
    for digits, codes in (
        (2, _ACTIVE_2), (0, _ACTIVE_0), (3, _ACTIVE_3), (4, _ACTIVE_4), (2, _WITHDRAWN_2), (0, _WITHDRAWN_0),
    )
    for code in codes.split()
}


class MixedCurrenciesError(ValueError):
    """Two currencies met in one sum or comparison."""

    def __init__(self, one: str, other: str) -> None:
        self.one, self.other = one, other
        super().__init__(f"{one} and {other} cannot be added or compared: convert one of them first")


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount: 0.01 for USD, 1 for JPY, 0.001 for KWD. Raises `ValueError` for an unknown code."""
    return Decimal(1).scaleb(-MINOR_DIGITS[currency_code(currency)])


def currency_code(value: Any) -> str:
    """An ISO 4217 code of the table. Raises `ValueError` with a sentence."""
    if isinstance(value, str) and value in MINOR_DIGITS:
        return value
    raise ValueError(f"`{value}` is no currency of ISO 4217: write three capitals, such as USD")


Currency = Annotated[
    str,
    PlainValidator(currency_code),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}),
]


class Money(Model):
    """An amount in one currency. A float is refused; totals have the currency's digits, unit prices up to 6."""

    amount: Exact
    currency: Currency

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """`Money.of("19.99", "USD")`. Raises `ValueError` with a sentence."""
        return cls(amount=exact(amount), currency=currency_code(currency))

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, with the currency's digits: 0.00 USD, 0 JPY."""
        return cls(amount=minor_unit(currency) * 0, currency=currency)

    @property
    def is_whole(self) -> bool:
        """Whether it can be paid: no digit beyond the currency's minor unit."""
        return self.rounded().amount == self.amount

    def rounded(self) -> Money:
        """To the currency's minor digits, half to even."""
        amount = self.amount.quantize(minor_unit(self.currency), ROUND_HALF_EVEN, EXACT)
        return Money(amount=amount, currency=self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(amount=EXACT.add(self.amount, self._same(other)), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(amount=EXACT.subtract(self.amount, self._same(other)), currency=self.currency)

    def __mul__(self, count: int) -> Money:
        if isinstance(count, bool) or not isinstance(count, int):
            return NotImplemented
        if count == 1:
            return self
        return Money(amount=EXACT.multiply(self.amount, Decimal(count)), currency=self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return self * -1

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money, not with {type(other).__name__}")
        if other.currency != self.currency:
            raise MixedCurrenciesError(self.currency, other.currency)
        return other.amount
