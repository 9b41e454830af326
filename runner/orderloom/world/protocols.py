"""What a node may ask of the outside: one protocol for each kind of connection. Nodes name these, never what is behind.

Every method that changes something takes the call's `key`: the same key again changes nothing and gives the same
answer, also after a crash. Failures are `ConnectionFailedError` (timeout, rate_limited, unavailable, refused, invalid).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any, ClassVar, Protocol, runtime_checkable

from orderloom.model import (
    Label,
    Location,
    Money,
    Order,
    OrderRecord,
    RateQuote,
    Refund,
    Reservation,
    Return,
    Shipment,
    StockLevel,
    Take,
    Transaction,
)


@runtime_checkable
class Mail(Protocol):
    """Sends a message; the same `key` twice sends it once where the receiver can tell."""

    def send(self, message: EmailMessage, key: str) -> str:
        """Hand the message over; gives its message id."""
        ...


@runtime_checkable
class AnswerLinks(Protocol):
    """Makes the links by which a customer answers."""

    def link(self, event: str, match: str, until: datetime) -> str:
        """An address whose answer is the event `event` about `match`, and that is no good after `until`."""
        ...


@runtime_checkable
class Stock(Protocol):
    """Where goods lie and how many."""

    def locations(self) -> tuple[Location, ...]: ...

    def levels(self, skus: Collection[str]) -> tuple[StockLevel, ...]:
        """The levels of these SKUs at every location that holds them; open reservations are in `reserved`."""
        ...

    def skus(self) -> Collection[str]:
        """Every article that some location holds, or held and still counts: for telling which one may be meant."""
        ...


@runtime_checkable
class StockKeeper(Stock, Protocol):
    """Stock whose units can be promised to an order, given up and put back."""

    def reserve(
        self,
        order_id: str,
        takes: Sequence[Take],
        key: str,
        now: datetime,
        until: datetime | None = None,
        channel: str | None = None,
    ) -> Reservation | None:
        """All of it or nothing (None: another order was faster, or the day on which it is to be picked is full)."""
        ...

    def picks(self, location_id: str, day: date) -> int:
        """Units that are promised to be picked there on that day."""
        ...

    def reservation(self, key: str) -> Reservation | None:
        """The reservation that this key made, with what it holds still."""
        ...

    def expire(self, now: datetime) -> None:
        """Give up the promises whose time is over: to be called before levels are looked at."""
        ...

    def release(self, reservation_id: str, key: str, now: datetime) -> bool:
        """Give the units up; False where there was no open reservation of that id."""
        ...

    def use(self, reservation_id: str, takes: Sequence[Take], key: str, now: datetime) -> None:
        """These units of a reservation have left the shelf."""
        ...

    def restock(self, takes: Sequence[Take], key: str, now: datetime) -> None:
        """Put units on the shelf."""
        ...


@runtime_checkable
class AuditedStock(Protocol):
    """Stock that can tell, and mend, sums of reserved units that are not what open reservations hold."""

    def expire(self, now: datetime) -> None: ...

    def audit(self) -> Sequence[object]: ...

    def mend(self) -> Sequence[object]: ...


@runtime_checkable
class LoadedStock(Protocol):
    """Stock whose locations and counts are taken over from elsewhere."""

    def load(self, places: Sequence[Location], counted: Sequence[StockLevel]) -> None: ...


@runtime_checkable
class Payments(Protocol):
    """A payment gateway. A transaction of status `unknown` was asked for and not answered: `find` it first."""

    def collect(self, order: Order, amount: Money, key: str) -> Transaction:
        """Take the money; `status` is success, failure (with decline_code and decline_type), pending or unknown."""
        ...

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction:
        """Give money back of one of its own transactions; `failure` where the gateway refuses it."""
        ...

    def find(self, key: str) -> Transaction | None:
        """What became of the call with this key; None where the gateway never saw it."""
        ...

    def holds(self, transaction_id: str) -> bool:
        """Whether this is a transaction of this gateway."""
        ...


@runtime_checkable
class HoldingPayments(Payments, Protocol):
    """A gateway that sets money aside first and takes it later, in parts or at once.

    What cannot be done is a transaction of status `failure` with Stripe's code as `decline_code`:
    charge_expired_for_capture, charge_already_captured, amount_too_large.
    """

    def authorize(self, order: Order, amount: Money, key: str) -> Transaction:
        """Set money aside; as `collect`, and `expires_at` says until when it can be captured."""
        ...

    def capture(self, authorization_id: str, amount: Money, key: str, *, last: bool = False) -> Transaction:
        """Take so much of it; `last` gives up what is left of it afterwards."""
        ...

    def void(self, authorization_id: str, key: str) -> Transaction:
        """Give up what is set aside and not taken."""
        ...


@runtime_checkable
class GiftCards(Protocol):
    """Gift cards and store credit: money that customers hold with us. A card is a code with a balance."""

    def balance(self, code: str) -> Money | None:
        """What is left on it; None where no such card was given out."""
        ...

    def redeem(self, code: str, amount: Money, key: str) -> Transaction:
        """Take so much off the card: a sale with the method `gift_card`, or a failure with a decline code."""
        ...

    def issue(self, amount: Money, key: str, order_id: str) -> Transaction:
        """A new card with this balance, as store credit for an order; `code_of` the transaction tells its code."""
        ...

    def code_of(self, transaction_id: str) -> str | None:
        """The code of the card that a transaction of ours issued or was paid with."""
        ...

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction:
        """Put money back on the card that it came from."""
        ...

    def find(self, key: str) -> Transaction | None:
        """What became of the call with this key."""
        ...

    def holds(self, transaction_id: str) -> bool:
        """Whether a redemption with this id is ours."""
        ...


@runtime_checkable
class Orders(Protocol):
    """Earlier orders with what has become of them."""

    def find(self, reference: str) -> OrderRecord | None:
        """By our order id, the shop's own number, or an id of another system, where just one order has it."""
        ...

    def of_transaction(self, transaction_id: str) -> OrderRecord | None: ...

    def of_customer(self, email: str) -> tuple[OrderRecord, ...]: ...

    def note(
        self,
        order: Order,
        key: str,
        *,
        shipments: Sequence[Shipment] = (),
        refunds: Sequence[Refund] = (),
        returns: Sequence[Return] = (),
    ) -> None:
        """Keep the order as it is now, and add what has happened; what was noted before stays.

        Units of new `shipments` count as shipped; of the same revision, what is further along stands.
        """
        ...


@runtime_checkable
class Rates(Protocol):
    """Asks carriers what they would take for a shipment, just now."""

    def rates(self, shipment: Shipment) -> tuple[RateQuote, ...]:
        """One quote for each service that takes all of its parcels; nothing is bought."""
        ...


@runtime_checkable
class Parcels(Protocol):
    """What is known of parcels that were sent."""

    def of_parcel(self, tracking_number: str) -> OrderRecord | None:
        """The order whose parcel bears the number, where just one does."""
        ...


@runtime_checkable
class Labels(Protocol):
    """Makes shipping labels, or buys them of carriers."""

    def buy(self, shipment: Shipment, key: str) -> Label:
        """A label with `label_id` and `tracking_number`, its file written."""
        ...

    def find(self, key: str) -> Label | None:
        """The label that the call with this key made; None where it made none, or one that was given back since."""
        ...

    def void(self, label_id: str, key: str) -> bool:
        """Give it back; False where it cannot be given back any more."""
        ...


@dataclass(frozen=True)
class PrintJob:
    """What became of a label at the printer; a `duplicate` may have been printed before, and says so."""

    duplicate: bool


@runtime_checkable
class LabelPrinting(Protocol):
    """A printer of labels."""

    def print(self, label: Label, key: str) -> PrintJob:
        """Print its file; the same key again prints nothing."""
        ...


@runtime_checkable
class Documents(Protocol):
    """Keeps the papers that are printed: packing slips, labels."""

    def write(self, name: str, content: bytes) -> str:
        """Keep `content` under a relative name; gives its path. The same name again replaces it whole."""
        ...


@dataclass(frozen=True)
class Numbered:
    """A number of a series, and when it was given out first."""

    number: int
    at: datetime


@runtime_checkable
class Numbers(Protocol):
    """Counts numbers, such as the control numbers of documents to a partner."""

    def take(self, series: str, key: str, now: datetime) -> Numbered:
        """The next number of the series, from 1 on; the same key again has the same number and moment."""
        ...


@runtime_checkable
class Shop(Protocol):
    """The shop that an order came from, told what became of it. Each call looks first whether it was done already."""

    def fulfil(self, order: Order, shipment: Shipment, key: str) -> str:
        """Lines, carrier and tracking numbers of one parcel; gives the shop's id of the fulfilment."""
        ...

    def cancel(self, order: Order, reason: str, key: str) -> None: ...

    def refund(self, order: Order, refund: Refund, lines: Mapping[str, int], key: str) -> Transaction:
        """Money back through the shop's own gateway; `lines` are quantities by line id, for the shop's books."""
        ...


@dataclass(frozen=True)
class Reply:
    """What an HTTP server answered. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@runtime_checkable
class Http(Protocol):
    """One HTTP service: a base address, its credentials, its limits."""

    def send(
        self,
        method: str,
        path: str,
        *,
        parts: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        key: str = "",
    ) -> Reply:
        """One request; `key` goes out as `Idempotency-Key`. Any status is a reply; no answer is a failure.

        Holes of the path, `orders/{id}`, are filled by `parts`, each encoded so that it stays one part.
        """
        ...


@runtime_checkable
class Reachable(Protocol):
    """A connection that can be tried without changing anything, here or outside: `orderloom doctor` does."""

    remote: ClassVar[bool]  # it asks another machine; left out where the network is not to be touched

    def probe(self) -> str:
        """What was found, in a phrase without secrets. Raises `ConnectionFailedError` where a call would fail now."""
        ...
