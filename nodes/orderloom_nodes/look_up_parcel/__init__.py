"""A tracking number in; where that parcel is by what its carrier told, and what a claim needs, out."""

from __future__ import annotations

from datetime import timedelta

from orderloom import Outcome, Parcels, Setting, World, node
from orderloom_nodes.look_up_parcel.claims import Claim, claim_of, silent_for
from orderloom_nodes.route.waiting import Duration

STUCK_AFTER = timedelta(days=4)
LOST_AFTER = timedelta(days=14)


class Arrived(Outcome, name="arrived"):
    """It was delivered. Should the customer say otherwise, `claim` has what is known of it."""

    reason: str
    claim: Claim


class OnItsWay(Outcome, name="on_its_way"):
    """It is late or not, and was seen lately."""

    reason: str
    claim: Claim


class Stuck(Outcome, name="stuck"):
    """Nobody has seen it for `stuck_after`, or a delivery failed."""

    reason: str
    claim: Claim


class Lost(Outcome, name="lost"):
    """Its carrier says so, or nobody has seen it for `lost_after`."""

    reason: str
    claim: Claim


class Returned(Outcome, name="returned"):
    """It goes back, or was called back."""

    reason: str
    claim: Claim


@node("look-up-parcel")
def look_up_parcel(
    tracking_number: str,
    world: World,
    stuck_after: Setting[Duration] = STUCK_AFTER,
    lost_after: Setting[Duration] = LOST_AFTER,
    orders: Setting[str] = "orders",
) -> Arrived | OnItsWay | Stuck | Lost | Returned:
    """Tell where a parcel is by what `orderloom event track` noted of it, with all that a claim at the carrier needs.

    A parcel that nobody told of is silent since it was handed over, and one that the book of orders does not know is
    stuck: somebody has to ask.
    """
    book = world.optional(orders, Parcels)
    record = book.of_parcel(tracking_number) if book is not None else None
    claim = claim_of(tracking_number, record)
    silent = silent_for(claim, world.now())
    if claim.status == "delivered":
        return Arrived(reason=f"{claim.said} it was delivered", claim=claim)
    if claim.status in {"returned_to_sender", "cancelled"}:
        return Returned(reason=f"{claim.said} it goes back to the sender", claim=claim)
    if claim.status == "lost":
        return Lost(reason=f"{claim.said} it is lost: claim what it was worth", claim=claim)
    if silent is None:
        return Stuck(reason=f"nothing is known of parcel {tracking_number}: ask its carrier", claim=claim)
    if silent >= lost_after:
        return Lost(reason=f"nobody has seen it for {silent.days} days: claim what it was worth", claim=claim)
    if claim.status == "delivery_failed":
        return Stuck(reason=f"{claim.said} the delivery failed: ask the customer for the address", claim=claim)
    if silent >= stuck_after:
        return Stuck(reason=f"nobody has seen it for {silent.days} days: ask its carrier to look for it", claim=claim)
    return OnItsWay(reason=f"{claim.said} it is {claim.status.replace('_', ' ')}", claim=claim)
