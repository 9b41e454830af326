"""What sending is taken to cost while no carrier has been asked, and the services that a shipment can go by."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from orderloom.model import Model
from orderloom.model.base import NotNegative
from orderloom.model.money import Currency

MICRO = 1_000_000  # sums are whole millionths of the currency: plans compare exactly


class Service(Model):
    """A way to send a shipment, chosen together with the location. What is not given is as in the costs."""

    name: str = Field(min_length=1, description="as it stands in the shipment: ground, air")
    per_shipment: NotNegative | None = Field(default=None, description="each shipment: picking, box, pickup")
    per_kg_km: NotNegative | None = Field(default=None, description="each kilogram, each kilometre")
    days: int | None = Field(default=None, ge=0, description="working days on the way; none: by distance")
    by_air: bool = Field(default=False, description="then it takes no dangerous goods")


class Costs(Model):
    """What sending is taken to cost while no carrier has been asked; amounts are in `currency`."""

    currency: Currency = "USD"
    per_shipment: NotNegative = Field(default=Decimal("6.00"), description="each shipment: picking, box, pickup")
    per_kg_km: NotNegative = Field(default=Decimal("0.0008"), description="each kilogram, each kilometre")
    border: NotNegative = Field(default=Decimal("12.00"), description="a shipment that clears customs")
    late_day: NotNegative = Field(default=Decimal("4.00"), description="a shipment, each day after the promise")
    split: NotNegative = Field(default=Decimal(0), description="each shipment after the first: the buyer's patience")
    split_from: NotNegative = Field(
        default=Decimal(0), description="goods worth less leave in one shipment wherever one location has them all"
    )
    later: NotNegative | None = Field(
        default=None, description="a unit that is left for later, where that is cheaper or it is not there; none: never"
    )
    cold_days: int = Field(default=2, ge=0, description="working days that goods which must be kept cold may travel")
    assumed_weight_g: int = Field(default=500, ge=1, description="a unit whose weight nobody knows")
    services: tuple[Service, ...] = ()

    @property
    def ways(self) -> tuple[Service, ...]:
        """The services; where none is named, one by distance."""
        return self.services or (Service(name="standard"),)


ESTIMATE = Costs()
