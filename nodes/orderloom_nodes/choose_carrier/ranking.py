"""Quotes and a rule table in; the quotes in the order of preference, and those that the table rules out, out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from orderloom import DecisionTable, NodeError
from orderloom.model import Order, RateQuote, Shipment
from orderloom_nodes.choose_carrier.quote import Quote


class Ranked(NamedTuple):
    """A quote with the table's word on it. `rank` None: it is out."""

    quote: Quote
    rank: Decimal | int | None
    why: str


def rank(quotes: list[Quote], table: DecisionTable, shipment: Shipment, order: Order) -> list[Ranked]:
    """The table is asked once per quote; the lowest rank first, then the lowest cost, then by carrier and service.

    Raises `NodeError`: what the table itself raises, and `wrong_type` where it gives no number as `rank`.
    """
    shared = {"shipment": shipment, "order": order}
    settled = table.settled(shared) if quotes else {}
    asked = [_ask(found, table, shared, settled) for found in quotes]
    return sorted(asked, key=lambda found: (found.rank is None, found.rank or 0, found.quote.amount, found.quote.name))


def _ask(found: Quote, table: DecisionTable, shared: Mapping[str, Any], settled: Mapping[str, Any]) -> Ranked:
    decision = table.decide({"quote": found.facts, **shared}, settled)
    outputs = decision.outputs
    if isinstance(outputs, tuple) or "rank" not in outputs:
        raise NodeError("wrong_type", f"table `{table.name}` must give one row with an output `rank` for each quote")
    rank_given = outputs["rank"]
    if rank_given is not None and (isinstance(rank_given, bool) or not isinstance(rank_given, (int, Decimal))):
        raise NodeError("wrong_type", f"table `{table.name}` gave rank `{rank_given}`: a number or nothing is wanted")
    return Ranked(found, rank_given, str(outputs.get("why") or decision.why))


def not_taken(found: Ranked, best: Ranked | None) -> str:
    """Why this quote was passed over."""
    if found.rank is None or best is None:
        return found.why
    if found.rank != best.rank:
        return f"rank {found.rank}, and {best.quote.name} has {best.rank}: {found.why}"
    dearer = found.quote.amount - best.quote.amount
    if dearer:
        return f"{dearer} {(found.quote.cost or found.quote.price).currency} dearer than {best.quote.name}"
    return f"costs the same as {best.quote.name}, which comes first by name"


def as_rate_quote(found: Ranked, why_not: str | None) -> RateQuote:
    """How the shipment keeps it; the chosen one has no `why_not`."""
    return RateQuote(
        quote_id=found.quote.quote_id,
        carrier_code=found.quote.carrier_code,
        service_code=found.quote.service_code,
        amount=found.quote.price,
        transit_days=found.quote.transit_days,
        guaranteed=found.quote.guaranteed,
        delivers_by=found.quote.arrives,
        estimated=found.quote.estimated,
        eligible=found.rank is not None,
        rejected_because=() if why_not is None else (why_not,),
    )
