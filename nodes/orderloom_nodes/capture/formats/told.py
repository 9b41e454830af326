"""What marketplaces write alike, read alike: amounts as objects, whole units, a currency, many sums added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

from orderloom import did_you_mean
from orderloom.model import MINOR_DIGITS, Discount, Money, minor_unit

from ..problems import shown
from ..reading import Reading

MOST_LINES, MOST_UNITS = 10_000, 1_000_000
_MICRO = Decimal("0.000001")


class Names(NamedTuple):
    """How a channel calls the two halves of an amount."""

    amount: str
    currency: str


def currency_of(places: Iterable[tuple[Reading | None, str]], names: Names) -> str:
    """The currency of the first of these amounts that is there; empty after a finding where none tells one."""
    for holder, name in places:
        part = holder.part(name) if holder is not None else None
        code = part.text(names.currency) if part is not None else None
        if part is not None and code:
            if code in MINOR_DIGITS:
                return code
            mend = did_you_mean(code, MINOR_DIGITS) or "it is three capitals of ISO 4217, such as USD"
            part.find("V015", names.currency, f"`{{}}` is {shown(code)}, which is no currency", mend)
            return ""
    return ""


def amount(
    read: Reading | None, name: str, currency: str, names: Names, *, payable: bool = False, signed: bool = False
) -> Money | None:
    """An amount written as an object; one in another currency than the order's is a finding."""
    part = read.part(name) if read is not None else None
    if part is None or not currency:
        return None
    own = part.text(names.currency) or currency
    if own != currency:
        message = f"`{{}}` is {shown(own)} in an order of {currency}"
        part.find("V016", names.currency, message, "all amounts of an order are in one currency")
        return None
    return part.money(names.amount, currency, payable=payable, signed=signed)


def units(read: Reading, name: str, known: Collection[str] = ()) -> int | None:
    """How many units; 0 is taken here, and said to be cancelled by who knows why. None after a finding."""
    value = read.data.get(name)
    if value is None or value == "":
        read.missing(name, known)
        return None
    if isinstance(value, Decimal) and value != value.to_integral_value():
        read.find("V018", name, f"`{{}}` is {shown(value)}: an order counts whole units")
        return None
    count = read.whole(name)
    if count is not None and not 0 <= count <= MOST_UNITS:
        read.find("V018", name, f"`{{}}` is {count:,}: a line has from 1 to {MOST_UNITS:,} units")
        return None
    return count


def the_lines(read: Reading, name: str, known: Collection[str] = ()) -> list[Reading]:
    """The entries that become lines; none after a finding where the list is missing, empty or too long."""
    if read.data.get(name) is None:
        read.missing(name, known)
        return []
    found = list(read.parts(name))
    if not found and not read.findings.problems:
        read.find("V019", name, "`{}` is empty: an order has at least one line")
    if len(found) > MOST_LINES:
        read.find("V021", name, f"`{{}}` has {len(found):,} lines; {MOST_LINES:,} are the most of one order")
        return []
    return found


def told_twice(items: Iterable[Reading], name: str) -> None:
    """A finding for each line whose id another one has already."""
    seen: set[str] = set()
    for item in items:
        own_id = item.identity(name) or ""
        if own_id and own_id in seen:
            item.find("V020", name, f"`{{}}` is {shown(own_id)}, which another line has already")
        seen.add(own_id)


def total(amounts: Iterable[Money | None]) -> Money | None:
    """Their sum; None where none is told."""
    known = [one for one in amounts if one is not None]
    return sum(known[1:], known[0]) if known else None


def off(amount: Money | None) -> Money | None:
    """What a discount takes off, whatever sign the channel writes it with."""
    return None if amount is None else Money(amount=abs(amount.amount), currency=amount.currency)


def unit_price(whole: Money, quantity: int) -> Money:
    """A line's price by its units; a third of a cent is kept to six decimals, the most that a unit price has."""
    each = (whole.amount / quantity).quantize(_MICRO)
    paid = each.quantize(minor_unit(whole.currency))
    return Money(amount=paid if paid == each else each.normalize() + 0, currency=whole.currency)


def discounts(amount: Money | None, code: str | None = None, title: str | None = None) -> tuple[Discount, ...]:
    """One discount, or none where nothing is taken off."""
    return (Discount(amount=amount, code=code, title=title),) if amount is not None and amount.amount else ()
