"""The node `choose-carrier`: a planned shipment in, the same shipment with its carrier out, and why no other."""

from __future__ import annotations

from orderloom import DecisionTable, Outcome, World, node
from orderloom.model import Carrier, Model, Order, Shipment
from orderloom_nodes.choose_carrier.quote import Quote, Refused, quote
from orderloom_nodes.choose_carrier.ranking import Ranked, as_rate_quote, not_taken, rank
from orderloom_nodes.choose_carrier.rates import RateCards
from orderloom_nodes.choose_carrier.trip import lines_without_weight, trip_of


class Reason(Model):
    """Why a service does not carry the shipment; no service where none could be asked."""

    carrier_code: str | None = None
    service_code: str | None = None
    reason: str


class Chosen(Outcome, name="chosen"):
    """A carrier takes it; the shipment holds its name, every quote and the day of arrival."""

    shipment: Shipment
    why: str
    reasons: tuple[Reason, ...]


class NoneFits(Outcome, name="none_fits"):
    """No carrier takes it, or the table rules out all that do."""

    shipment: Shipment
    reasons: tuple[Reason, ...]


@node("choose-carrier", kind="action", effects="none", errors=("no_match", "conflict", "missing_fact", "wrong_type"))
def choose_carrier(
    shipment: Shipment, order: Order, rates: RateCards, table: DecisionTable, world: World
) -> Chosen | NoneFits:
    """Price every service, ask the table about each quote, take the lowest rank and then the lowest cost.

    The table reads the documents `quote`, `shipment` and `order`, and gives `rank` (0 is best, nothing: out) and `why`.
    A shipment whose weight is not known cannot be priced: no carrier fits it.
    """
    trip = trip_of(shipment, order, world.now())
    if not trip.parcels:
        lines = ", ".join(lines_without_weight(shipment, order)) or "of the shipment"
        return NoneFits(shipment=shipment, reasons=(Reason(reason=f"no weight is known for lines {lines}: enter it"),))
    offers = [quote(service, trip) for service in rates.services]
    refused = [_reason(offer, offer.why) for offer in offers if isinstance(offer, Refused)]
    ranked = rank([offer for offer in offers if isinstance(offer, Quote)], table.for_call(world.log), shipment, order)
    best = ranked[0] if ranked and ranked[0].rank is not None else None
    why_not = [None if found is best else not_taken(found, best) for found in ranked]
    passed = (_reason(found.quote, why) for found, why in zip(ranked, why_not, strict=True) if why is not None)
    reasons = (*passed, *refused)
    if best is None:
        return NoneFits(shipment=shipment, reasons=reasons)
    return Chosen(shipment=_carried(shipment, best, ranked, why_not), why=_why(best), reasons=reasons)


def _carried(shipment: Shipment, best: Ranked, ranked: list[Ranked], why_not: list[str | None]) -> Shipment:
    service = best.quote.service
    return shipment.model_copy(
        update={
            "carrier": Carrier(carrier_code=service.carrier_code, service_code=service.service_code),
            "rate_quotes": tuple(map(as_rate_quote, ranked, why_not)),
            "estimated_delivery": best.quote.arrives,
        }
    )


def _reason(offer: Quote | Refused, why: str) -> Reason:
    return Reason(carrier_code=offer.service.carrier_code, service_code=offer.service.service_code, reason=why)


def _why(best: Ranked) -> str:
    offer = best.quote
    cost = f"{offer.amount} {offer.price.currency}"
    return f"{offer.name}: {best.why} (rank {best.rank}), {cost}, there on {offer.day}"
