"""Offers the customer other articles for those that are not there; the run waits for the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pydantic import NonNegativeInt

from orderloom import (
    AnswerLinks,
    AnswerRefused,
    Mail,
    Outcome,
    Setting,
    Stock,
    StockKeeper,
    Wait,
    World,
    did_you_mean,
    node,
)
from orderloom.model import Order
from orderloom_nodes.offer_substitute.candidates import Allows, Offer, offers, swapped
from orderloom_nodes.offer_substitute.letter import letter
from orderloom_nodes.offer_substitute.prices import PriceList
from orderloom_nodes.route.waiting import Duration

_WORDS = ("accepted", "declined")
EVENT = "substitute.answered"
VALID_FOR = timedelta(days=1)


class Accepted(Outcome, name="accepted"):
    """The customer takes the other articles: `order` holds them, at the price that was agreed."""

    order: Order
    swaps: tuple[Offer, ...]


class Declined(Outcome, name="declined"):
    """The customer wants none of them, or there is none to offer: `reason` says which."""

    reason: str


def _answer(
    said: Any,
    *,
    order: Order,
    missing: Sequence[Any],
    prices: PriceList | None = None,
    dearer_percent: int = 0,
    cheaper_percent: int = 0,
    **_: Any,
) -> Accepted | Declined:
    """`accepted`, `declined`, or an object with `outcome` and `swaps`: line id → the article that is taken."""
    record: Mapping[str, Any] = {"outcome": said} if isinstance(said, str) else said
    if not isinstance(record, Mapping) or record.get("outcome", "accepted") not in _WORDS:
        word = record.get("outcome") if isinstance(record, Mapping) else said
        mend = did_you_mean(str(word), _WORDS) or "say accepted or declined"
        raise AnswerRefused([f"`{word}` is no answer to an offer: {mend}"])
    if record.get("outcome", "accepted") == "declined":
        return Declined(reason=str(record.get("reason") or "the customer declined"))
    made = offers(order, _skus(missing), None, _allows(prices, dearer_percent, cheaper_percent))
    chosen = _chosen(record.get("swaps"), made)
    return Accepted(order=swapped(order, chosen), swaps=chosen)


@node("offer-substitute", kind="wait", effects="keyed", answer=_answer)
def offer_substitute(
    order: Order,
    missing: list[Any],
    world: World,
    stock: Setting[str] = "stock",
    mail: Setting[str] = "mail",
    prices: PriceList | None = None,
    dearer_percent: Setting[NonNegativeInt] = 0,
    cheaper_percent: Setting[NonNegativeInt] = 0,
    valid_for: Setting[Duration] = VALID_FOR,
    links: Setting[str] = "links",
) -> Accepted | Declined | Wait:
    """Offer what the missing lines name as `substitution`, where all units of it are there.

    The price stays what was agreed. Where a line allows none, or none is in stock, nobody is asked and it is declined
    at once. Otherwise the customer gets one message, with a link where there is the connection `links`, and the answer
    comes as an event or from a desk. The offer is good for `valid_for` (1d): give the step the same `timeout`.

    With `prices`, a CSV of sku, price and currency, only articles are offered that the list has at most
    `dearer_percent` above and `cheaper_percent` below what was agreed: nobody makes a bad bargain.
    """
    skus = _skus(missing)
    shelves = world.connection(stock, Stock)
    if isinstance(shelves, StockKeeper) and not world.rehearsal:
        shelves.expire(world.now())
    made = offers(order, skus, shelves, _allows(prices, dearer_percent, cheaper_percent))
    lacking = [sku for sku in skus if sku not in {offer.missing for offer in made}]
    if lacking:
        near = " at a price near enough" if prices else ""
        return Declined(reason=f"there is no other article in stock{near} for {', '.join(lacking)}")
    until = world.now() + valid_for
    _written(order, made, until, world, mail, links)
    shown = [offer.model_dump(mode="json") for offer in made]
    about = {"event": EVENT, "match": order.order_id, "until": until.isoformat(timespec="seconds")}
    return Wait("event", {**about, "offers": shown, "words": list(_WORDS)})


def _skus(missing: Sequence[Any]) -> list[str]:
    """A list of articles, or of records that name one as `sku`, as `route` gives them."""
    found = [one if isinstance(one, str) else _member(one, "sku") for one in missing]
    return list(dict.fromkeys(str(sku) for sku in found if sku))


def _member(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)


def _chosen(said: Any, made: tuple[Offer, ...]) -> tuple[Offer, ...]:
    first = {offer.line_id: offer for offer in reversed(made)}  # the first one offered for a line
    wanted: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    for line_id, sku in wanted.items():
        found = next((offer for offer in made if offer.line_id == line_id and offer.sku == sku), None)
        if found is None:
            offered = ", ".join(f"{offer.line_id}: {offer.sku}" for offer in made)
            raise AnswerRefused([f"`{sku}` was not offered for line {line_id}: offered are {offered}"])
        first[line_id] = found
    return tuple(first.values())


def _allows(prices: PriceList | None, dearer: int, cheaper: int) -> Allows | None:
    return partial(prices.allows, dearer_percent=dearer, cheaper_percent=cheaper) if prices else None


def _written(order: Order, made: tuple[Offer, ...], until: datetime, world: World, mail: str, links: str) -> None:
    post, signer = world.optional(mail, Mail), world.optional(links, AnswerLinks)
    message = letter(order, made, until, signer.link(EVENT, order.order_id, until) if signer else None)
    if post is not None and message is not None and not world.rehearsal:
        post.send(message, world.key)
