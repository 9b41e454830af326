"""Stand-ins for every node that the two whole flows name: their schemas are those of the canonical model, their
values are not looked at, and nothing is ever called. `ask` and `decision` are the real ones."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, WithJsonSchema

from orderloom import DecisionTable, Node, Outcome, Setting, Template, node
from orderloom.model import Order, Party, Return, Shipment
from orderloom.packs import Catalogue
from orderloom_nodes import NODES

HERE = Path(__file__).parent
REAL = ("ask", "decision")


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema without `$ref`, so that it may stand inside another one."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(part, definitions) for key, part in schema.items() if key != "$defs"}


def schema_of(model: type[BaseModel]) -> WithJsonSchema:
    schema = model.model_json_schema(mode="serialization")
    return WithJsonSchema(_inlined(schema, schema.get("$defs", {})))


AnOrder = Annotated[Any, schema_of(Order)]
AReturn = Annotated[Any, schema_of(Return)]
AParty = Annotated[Any, schema_of(Party)]
AShipment = Annotated[Any, schema_of(Shipment)]
Text = Annotated[Any, WithJsonSchema({"type": "string"})]
Texts = Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "string"}})]
Shipments = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "array",
            "items": _inlined(
                Shipment.model_json_schema(mode="serialization"),
                Shipment.model_json_schema(mode="serialization").get("$defs", {}),
            ),
        }
    ),
]
Problems = Annotated[
    Any,
    WithJsonSchema(
        {"type": "array", "items": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}}
    ),
]
APayment = Annotated[
    Any, WithJsonSchema({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]})
]


class Captured(Outcome, name="captured"):
    order: AnOrder
    request: AReturn


@node("capture", kind="trigger")
def capture(
    sources: Setting[list[dict[str, Any]] | None] = None, document: Setting[Literal["order", "return"]] = "order"
) -> Captured:
    """Begins a run with an order or a return."""
    raise AssertionError


class Valid(Outcome, name="valid"):
    order: AnOrder


class Fixable(Outcome, name="fixable"):
    order: AnOrder
    problems: Problems


class Rejected(Outcome, name="rejected"):
    problems: Problems


@node("validate")
def validate(order: AnOrder) -> Valid | Fixable | Rejected:
    """Looks an order over."""
    raise AssertionError


class Paid(Outcome, name="paid"):
    payment: APayment


class Unpaid(Outcome, name="unpaid"):
    reason: Text


@node("collect-payment", effects="keyed", in_doubt="query", errors=("declined",))
def collect_payment(order: AnOrder) -> Paid | Unpaid:
    """Takes the money."""
    raise AssertionError


class Refunded(Outcome, name="refunded"):
    amount: Text


class Refused(Outcome, name="refused"):
    reason: Text


@node("refund", effects="keyed", in_doubt="query")
def refund(
    payment: APayment | None = None, order: AnOrder = None, request: AReturn = None, share: Decimal = Decimal(1)
) -> Refunded | Refused:
    """Gives money back."""
    raise AssertionError


class Routed(Outcome, name="routed"):
    shipments: Shipments
    reservation: Text


class Short(Outcome, name="short"):
    missing: Texts


@node("route", effects="keyed")
def route(order: AnOrder, wait_for_stock: Setting[str | None] = None) -> Routed | Short:
    """Finds the locations and reserves."""
    raise AssertionError


class Released(Outcome, name="released"):
    pass


@node("release-stock", effects="keyed")
def release_stock(reservation: Text) -> Released:
    """Gives a reservation up."""
    raise AssertionError


class Accepted(Outcome, name="accepted"):
    order: AnOrder


class Declined(Outcome, name="declined"):
    pass


@node("offer-substitute", kind="wait", effects="keyed")
def offer_substitute(order: AnOrder, missing: Texts) -> Accepted | Declined:
    """Asks the customer."""
    raise AssertionError


class Chosen(Outcome, name="chosen"):
    shipment: AShipment


class NoneFits(Outcome, name="none_fits"):
    reasons: Texts


@node("choose-carrier", kind="decision", errors=("no_match", "conflict", "missing_fact", "wrong_type"))
def choose_carrier(shipment: AShipment, order: AnOrder, rates: Setting[str], table: DecisionTable) -> Chosen | NoneFits:
    """Picks a service."""
    raise AssertionError


class Documents(Outcome, name="documents"):
    label: Text
    tracking_number: Text


@node("ship-documents", effects="keyed", in_doubt="query")
def ship_documents(shipment: AShipment) -> Documents:
    """Buys the label."""
    raise AssertionError


class Voided(Outcome, name="voided"):
    pass


@node("void-label", effects="keyed")
def void_label(label: Text) -> Voided:
    """Gives a label back."""
    raise AssertionError


class Sent(Outcome, name="sent"):
    message_id: Text


@node("notify", effects="keyed")
def notify(
    template: Setting[str], to: AParty, data: Any = None, subject: Template = "", connection: Setting[str] = "mail"
) -> Sent:
    """Sends a message."""
    raise AssertionError


class Happened(Outcome, name="happened"):
    data: Any


@node("wait-for", kind="wait")
def wait_for(event: Setting[str], match: Text) -> Happened:
    """Waits for an event."""
    raise AssertionError


class Cancelled(Outcome, name="cancelled"):
    pass


@node("cancel-order", effects="keyed")
def cancel_order(order: AnOrder) -> Cancelled:
    """Tells the channel."""
    raise AssertionError


class Found(Outcome, name="found"):
    order: AnOrder


class Unknown(Outcome, name="unknown"):
    pass


@node("find-order")
def find_order(order_id: Text, email: Any) -> Found | Unknown:
    """Looks an order up."""
    raise AssertionError


class _Evaluated(Outcome):
    reasons: Texts


class Accept(_Evaluated, name="accept"):
    pass


class RefundNow(_Evaluated, name="refund_now"):
    pass


class Exchange(_Evaluated, name="exchange"):
    pass


class Review(_Evaluated, name="review"):
    pass


class Reject(_Evaluated, name="reject"):
    pass


@node("return-evaluate", kind="decision", errors=("no_match", "conflict", "missing_fact", "wrong_type"))
def return_evaluate(
    request: AReturn, order: AnOrder, table: DecisionTable
) -> Accept | RefundNow | Exchange | Review | Reject:
    """Applies the policy."""
    raise AssertionError


@node("return-label", effects="keyed", in_doubt="query")
def return_label(request: AReturn, order: AnOrder) -> Documents:
    """Buys the label for the way back."""
    raise AssertionError


class Restocked(Outcome, name="restocked"):
    pass


@node("restock", effects="keyed")
def restock(lines: Any) -> Restocked:
    """Puts goods back on the shelf."""
    raise AssertionError


class Created(Outcome, name="created"):
    order: AnOrder


@node("create-order", effects="keyed")
def create_order(kind: Setting[Literal["exchange", "replacement"]], original: AnOrder, request: AReturn) -> Created:
    """Makes an order of our own."""
    raise AssertionError


@node("listen", kind="trigger")
def listen(account: str = "main") -> Captured:
    """A trigger that takes an input."""
    raise AssertionError


@node("card-charge", effects="once")
def card_charge(order: AnOrder) -> Paid:
    """An effect that its receiver cannot tell apart from itself."""
    raise AssertionError


@cache
def whole_catalogue() -> Catalogue:
    """The real `ask` and `decision`, and stand-ins for all else."""
    stubs = {f"stub/{found.name}": found for found in globals().values() if isinstance(found, Node)}
    sources: dict[str, str | Path] = {f"core/{name}": NODES[name] for name in REAL}
    return Catalogue({**sources, **dict.fromkeys(stubs, __name__)}, dict(stubs))


def whole_folders(shared: Path) -> tuple[Path, ...]:
    """Where the tables of the two flows are: two are shared, two are here."""
    return (shared / "flows", HERE / "tables")
