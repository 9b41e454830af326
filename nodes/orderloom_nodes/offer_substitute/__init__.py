"""Offers the customer other articles for those that are not there; the run waits for the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderloom import AnswerRefused, Mail, Outcome, Setting, Stock, StockKeeper, Wait, World, did_you_mean, node
from orderloom.model import Order
from orderloom_nodes.offer_substitute.candidates import Offer, offers, swapped
from orderloom_nodes.offer_substitute.letter import letter

_WORDS = ("accepted", "declined")


class Accepted(Outcome, name="accepted"):
    """The customer takes the other articles: `order` holds them, at the price that was agreed."""

    order: Order
    swaps: tuple[Offer, ...]


class Declined(Outcome, name="declined"):
    """The customer wants none of them, or there is none to offer: `reason` says which."""

    reason: str


def _answer(said: Any, *, order: Order, missing: Sequence[Any], **_: Any) -> Accepted | Declined:
    """`accepted`, `declined`, or an object with `outcome` and `swaps`: line id → the article that is taken."""
    record: Mapping[str, Any] = {"outcome": said} if isinstance(said, str) else said
    if not isinstance(record, Mapping) or record.get("outcome", "accepted") not in _WORDS:
        word = record.get("outcome") if isinstance(record, Mapping) else said
        mend = did_you_mean(str(word), _WORDS) or "say accepted or declined"
        raise AnswerRefused([f"`{word}` is no answer to an offer: {mend}"])
    if record.get("outcome", "accepted") == "declined":
        return Declined(reason=str(record.get("reason") or "the customer declined"))
    made = offers(order, _skus(missing), None)
    chosen = _chosen(record.get("swaps"), made)
    return Accepted(order=swapped(order, chosen), swaps=chosen)


@node("offer-substitute", kind="wait", effects="keyed", answer=_answer)
def offer_substitute(
    order: Order,
    missing: list[Any],
    world: World,
    stock: Setting[str] = "stock",
    mail: Setting[str] = "mail",
) -> Accepted | Declined | Wait:
    """Offer what the missing lines name as `substitution`, where all units of it are there.

    The price stays what was agreed. Where a line allows none, or none is in stock, nobody is asked and it is declined
    at once. Otherwise the customer gets one message, and the answer comes as an event or from a desk.
    """
    skus = _skus(missing)
    shelves = world.connection(stock, Stock)
    if isinstance(shelves, StockKeeper) and not world.rehearsal:
        shelves.expire(world.now())
    made = offers(order, skus, shelves)
    lacking = [sku for sku in skus if sku not in {offer.missing for offer in made}]
    if lacking:
        return Declined(reason=f"there is no other article in stock for {', '.join(lacking)}")
    _written(order, made, world, mail)
    shown = [offer.model_dump(mode="json") for offer in made]
    about = {"event": "substitute.answered", "match": order.order_id}
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


def _written(order: Order, made: tuple[Offer, ...], world: World, mail: str) -> None:
    post = world.optional(mail, Mail)
    message = letter(order, made)
    if post is not None and message is not None and not world.rehearsal:
        post.send(message, world.key)
