"""The node `choose-carrier`: a planned shipment in, the same shipment with its carrier out, and why no other."""

from __future__ import annotations

from orderloom import DecisionTable, Outcome, Setting, World, node
from orderloom.model import Carrier, Model, Money, Order, Shipment
from orderloom_nodes.choose_carrier.exchange import Exchange
from orderloom_nodes.choose_carrier.live import Answered, ask
from orderloom_nodes.choose_carrier.quote import Quote, Refused, quote
from orderloom_nodes.choose_carrier.ranking import Ranked, as_rate_quote, not_taken, rank
from orderloom_nodes.choose_carrier.rates import RateCards
from orderloom_nodes.choose_carrier.trip import Trip, lines_without_weight, trip_of


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
    shipment: Shipment, order: Order, rates: RateCards, table: DecisionTable, world: World, live: Setting[str] = ""
) -> Chosen | NoneFits:
    """Price every service, ask the table about each quote, take the lowest rank and then the lowest cost.

    The table reads the documents `quote`, `shipment` and `order`, and gives `rank` (0 is best, nothing: out) and `why`.
    `live` names a connection that asks carriers for their prices; cards then price the carriers that it does not, and
    all of them, marked as estimated, while it does not answer. A shipment without a known weight cannot be priced.
    """
    trip = trip_of(shipment, order, world.now())
    if not trip.parcels:
        lines = ", ".join(lines_without_weight(shipment, order)) or "of the shipment"
        return NoneFits(shipment=shipment, reasons=(Reason(reason=f"no weight is known for lines {lines}: enter it"),))
    answered = ask(world, live, shipment, trip) if live else Answered((), None)
    quotes, refused = _offers(rates, trip, answered, order)
    ranked = rank(quotes, table.for_call(world.log), shipment, order)
    best = ranked[0] if ranked and ranked[0].rank is not None else None
    why_not = [None if found is best else not_taken(found, best) for found in ranked]
    passed = (_reason(found.quote, why) for found, why in zip(ranked, why_not, strict=True) if why is not None)
    unasked = (Reason(reason=answered.failure),) if answered.failure else ()
    reasons = (*unasked, *passed, *(_reason(offer, offer.why) for offer in refused))
    if best is None:
        return NoneFits(shipment=shipment, reasons=reasons)
    return Chosen(shipment=_carried(shipment, best, ranked, why_not), why=_why(best), reasons=reasons)


def _offers(rates: RateCards, trip: Trip, answered: Answered, order: Order) -> tuple[list[Quote], list[Refused]]:
    """Those of the carriers that were asked, and of the cards for all others; in one currency."""
    asked = {found.carrier_code for found in answered.quotes}
    carded = [quote(service, trip) for service in rates.services if service.carrier_code not in asked]
    offers = [*answered.quotes, *(_as_estimate(one, answered) for one in carded)]
    exchange = rates.exchange or Exchange(rates.currency(order.currency), {})
    told = [_compared(one, exchange) if isinstance(one, Quote) else one for one in offers]
    return [one for one in told if isinstance(one, Quote)], [one for one in told if isinstance(one, Refused)]


def _as_estimate(offer: Quote | Refused, answered: Answered) -> Quote | Refused:
    return offer._replace(estimated=True) if isinstance(offer, Quote) and answered.failure else offer


def _compared(offer: Quote, exchange: Exchange) -> Quote | Refused:
    amount = exchange.convert(offer.price)
    if amount is None:
        why = f"asks {offer.price}, and no rate to {exchange.currency} is given: add it to exchange.yaml"
        return Refused(offer.carrier_code, offer.service_code, why)
    return offer._replace(cost=Money(amount=amount, currency=exchange.currency))


def _carried(shipment: Shipment, best: Ranked, ranked: list[Ranked], why_not: list[str | None]) -> Shipment:
    taken = best.quote
    return shipment.model_copy(
        update={
            "carrier": Carrier(carrier_code=taken.carrier_code, service_code=taken.service_code),
            "rate_quotes": tuple(map(as_rate_quote, ranked, why_not)),
            "estimated_delivery": best.quote.arrives,
        }
    )


def _reason(offer: Quote | Refused, why: str) -> Reason:
    return Reason(carrier_code=offer.carrier_code, service_code=offer.service_code, reason=why)


def _why(best: Ranked) -> str:
    offer = best.quote
    cost = f"{offer.price.amount} {offer.price.currency}"
    if offer.cost is not None and offer.cost.currency != offer.price.currency:
        cost += f" ({offer.cost.amount} {offer.cost.currency})"
    estimate = ", estimated" if offer.estimated else ""
    return f"{offer.name}: {best.why} (rank {best.rank}), {cost}{estimate}, there on {offer.day}"
