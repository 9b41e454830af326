"""What a carrier sells, as read from its rate card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Zone:
    """Where a price holds: countries, and if given postal prefixes and a distance."""

    name: str
    to: frozenset[str]
    postal: tuple[str, ...]
    up_to_km: int | None
    transit_days: int


@dataclass(frozen=True)
class Surcharges:
    """Sums in the card's currency; `fuel_percent` is of the price of the bracket."""

    fuel_percent: Decimal = Decimal(0)
    residential: Decimal = Decimal(0)
    hazmat: Decimal = Decimal(0)
    remote: Decimal = Decimal(0)
    remote_postal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oversize: Decimal = Decimal(0)
    oversize_over_cm: Decimal | None = None


@dataclass(frozen=True)
class Bracket:
    """Prices by zone for a weight up to and including `up_to_kg`."""

    up_to_kg: Decimal
    prices: Mapping[str, Decimal]


@dataclass(frozen=True)
class Service:
    """One thing that a carrier sells. Days of the week count from Monday, 0."""

    carrier_code: str
    service_code: str
    name: str
    currency: str
    origins: frozenset[str]
    zones: tuple[Zone, ...]
    brackets: tuple[Bracket, ...]
    surcharges: Surcharges
    max_weight_kg: Decimal | None
    max_length_cm: Decimal | None
    divisor: Decimal | None
    hazmat: bool
    pickup_days: frozenset[int]
    delivery_days: frozenset[int]
    round_up_kg: Decimal | None = None
    round_up_cm: Decimal | None = None
    not_to: frozenset[str] = frozenset()
