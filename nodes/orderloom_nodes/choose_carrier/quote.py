"""A service and a trip in, its price to the minor unit and its day of arrival out; or why it does not take it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from orderloom.model import Address, Money, minor_unit
from orderloom_nodes.choose_carrier.service import Service, Zone
from orderloom_nodes.choose_carrier.trip import Parcel, Trip
from orderloom_nodes.route.dates import ONE_DAY, after, evening, is_holiday

_KINDS = {
    "po_box": "a PO box", "military": "a military address", "locker": "a locker", "pickup_point": "a pickup point",
    "residential": "a home", "business": "a business",
}  # fmt: skip


class Quote(NamedTuple):
    """A price. `billable_kg`: by scales or by volume, whichever is more, of all parcels together; None: asked live.

    `cost` is the price in the currency that all quotes are compared in. `estimated`: the carrier could not be asked.
    """

    carrier_code: str
    service_code: str
    title: str
    zone: str
    transit_days: int
    price: Money
    day: date
    arrives: datetime
    billable_kg: Decimal | None
    cost: Money | None = None
    estimated: bool = False
    quote_id: str | None = None
    guaranteed: bool = False

    @property
    def amount(self) -> Decimal:
        """What it is compared by."""
        return (self.cost or self.price).amount

    @property
    def name(self) -> str:
        return f"{self.carrier_code} {self.service_code}"

    @property
    def facts(self) -> dict[str, Any]:
        """What the rule table reads as `quote`."""
        return {
            "carrier_code": self.carrier_code,
            "service_code": self.service_code,
            "name": self.title,
            "amount": self.cost or self.price,
            "transit_days": self.transit_days,
            "arrives": self.arrives,
            "zone": self.zone,
            "billable_kg": self.billable_kg,
            "estimated": self.estimated,
            "guaranteed": self.guaranteed,
        }


class Refused(NamedTuple):
    """A service that does not take the trip."""

    carrier_code: str
    service_code: str
    why: str


def quote(service: Service, trip: Trip) -> Quote | Refused:
    """Each part of the price is rounded to the minor unit, half to even, before the parts are added: so they add up."""
    refusal = _refusal(service, trip)
    if refusal:
        return _no(service, refusal)
    zone = next((zone for zone in service.zones if _is_in(zone, trip)), None)
    if zone is None:
        return _no(service, f"does not deliver to {_place(trip.goal)} from {trip.distance_km} km away")
    amount, billable = Decimal(0), Decimal(0)
    for parcel in trip.parcels:
        weight = billable_kg(parcel, service.divisor, service.round_up_kg, service.round_up_cm)
        price = _bracket_price(service, zone, weight)
        if price is None:
            return _no(service, f"its prices for zone {zone.name} end below {_figure(weight)} kg")
        amount += _with_surcharges(price, service, parcel, trip)
        billable += weight
    day = _day(service, zone, trip)
    return Quote(
        service.carrier_code, service.service_code, service.name, zone.name, zone.transit_days,
        Money(amount=amount, currency=service.currency), day, evening(day, trip.goal_point), billable,
    )  # fmt: skip


def _no(service: Service, why: str) -> Refused:
    return Refused(service.carrier_code, service.service_code, why)


def billable_kg(
    parcel: Parcel, divisor: Decimal | None, round_up_kg: Decimal | None = None, round_up_cm: Decimal | None = None
) -> Decimal:  # fmt: skip
    """The greater of the weight and the volume by the divisor (cm³ to the kilogram, rounded up to the gram).

    Sides are rounded up to whole `round_up_cm` before they are multiplied, the result to whole `round_up_kg`.
    """
    volume, weight = parcel.volume_cm3, parcel.weight_kg
    if parcel.sides_cm and round_up_cm:
        length, width, height = (_up(side, round_up_cm) for side in parcel.sides_cm)
        volume = length * width * height
    if divisor and volume is not None:
        weight = max(weight, (volume / divisor).quantize(Decimal("0.001"), ROUND_UP))
    return _up(weight, round_up_kg) if round_up_kg else weight


def _up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step


def _is_in(zone: Zone, trip: Trip) -> bool:
    if trip.goal.country_code not in zone.to:
        return False
    if zone.postal and not trip.postal.startswith(zone.postal):
        return False
    return zone.up_to_km is None or trip.distance_km <= zone.up_to_km


def _refusal(service: Service, trip: Trip) -> str | None:
    if trip.start.country_code not in service.origins:
        return f"does not collect in {trip.start.country_code}"
    kind = trip.goal.kind
    if kind is not None and kind in service.not_to:
        return f"does not deliver to {_KINDS[kind]}"
    if trip.hazmat and not service.hazmat:
        return "takes no dangerous goods"
    if service.max_weight_kg is not None and trip.heaviest_kg > service.max_weight_kg:
        return f"{_figure(trip.heaviest_kg)} kg is over its {_figure(service.max_weight_kg)} kg"
    if service.max_length_cm is not None and trip.longest_cm > service.max_length_cm:
        return f"{_figure(trip.longest_cm)} cm is over its {_figure(service.max_length_cm)} cm"
    return None


def _bracket_price(service: Service, zone: Zone, weight: Decimal) -> Decimal | None:
    for bracket in service.brackets:
        if weight <= bracket.up_to_kg and zone.name in bracket.prices:
            return bracket.prices[zone.name]
    return None


def _with_surcharges(price: Decimal, service: Service, parcel: Parcel, trip: Trip) -> Decimal:
    """Each parcel pays for itself."""
    extra, unit = service.surcharges, minor_unit(service.currency)
    parts = [price]
    if extra.fuel_percent:
        parts.append(price * extra.fuel_percent / 100)
    if trip.goal.kind == "residential":
        parts.append(extra.residential)
    if trip.hazmat:
        parts.append(extra.hazmat)
    if extra.remote and trip.postal.startswith(extra.remote_postal.get(trip.goal.country_code, ())):
        parts.append(extra.remote)
    if (
        extra.oversize_over_cm is not None
        and parcel.longest_cm is not None
        and parcel.longest_cm > extra.oversize_over_cm
    ):
        parts.append(extra.oversize)
    total = Decimal(0)
    for part in parts:
        total += part.quantize(unit, ROUND_HALF_EVEN)
    return total


def _day(service: Service, zone: Zone, trip: Trip) -> date:
    goal = trip.goal
    days = service.pickup_days, zone.transit_days, service.delivery_days
    return _delivered(trip.leaves_on, *days, goal.country_code, goal.region_code or "")


@lru_cache(maxsize=4096)
def _delivered(
    left: date, pickup_days: frozenset[int], transit_days: int, delivery_days: frozenset[int], country: str, region: str
) -> date:
    """Collected on the next pickup day, there after the days of delivery; holidays at the goal do not count."""
    while left.weekday() not in pickup_days:
        left += ONE_DAY
    return after(
        left, transit_days, lambda day: day.weekday() in delivery_days and not is_holiday(country, region, day)
    )


def _place(address: Address) -> str:
    return f"{address.postal_code}, {address.country_code}" if address.postal_code else address.country_code


def _figure(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
