"""Writes an EDI document to a partner: what there is to say in, a numbered file out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from orderloom import Documents, NodeError, Numbers, Outcome, Setting, World, node
from orderloom.model import Order, Shipment
from orderloom_nodes.edi import acknowledge, sending
from orderloom_nodes.edi.answers import Acknowledgement, Partner
from orderloom_nodes.edi.sending import Envelope
from orderloom_nodes.write_edi import edifact_desadv, edifact_ordrsp, x12_855, x12_856, x12_940

MessageName = Literal["855", "856", "940", "ordrsp", "desadv", "acknowledgement"]
_GROUPS = {"855": "PR", "856": "SH", "940": "OW"}
_SYNTAX = {"855": "x12", "856": "x12", "940": "x12", "ordrsp": "edifact", "desadv": "edifact"}
_DEFAULT = {"x12": "004010", "edifact": "D:96A:UN"}


class Written(Outcome, name="written"):
    """It is a file now. `altered` are sentences on what could not be written as it was; `references` our numbers."""

    path: str
    message: str
    control: str
    partner: str
    references: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()


@node("write-edi", effects="keyed")
def write_edi(
    message: Setting[MessageName],
    world: World,
    order: Order | None = None,
    asked: Order | None = None,
    shipments: tuple[Shipment, ...] = (),
    acknowledgement: Acknowledgement | None = None,
    partner: Setting[Partner | None] = None,
    us: Setting[Partner | None] = None,
    version: Setting[str] = "",
    level: Setting[Literal["UNOA", "UNOB", "UNOC", "UNOW", "UNOY"]] = "UNOC",
    test: Setting[bool] = False,
    connection: Setting[str] = "documents",
    numbers: Setting[str] = "numbers",
) -> Written:
    """Write one interchange for a partner into `edi/PARTNER/` of the documents, numbered by our own count.

    855 and ordrsp answer an `order`, line by line against what was `asked`; 856 and desadv tell the partner what
    `shipments` hold; 940 asks a warehouse to send them; acknowledgement answers what `receive-edi` read. Partner, us
    and version are those of the interchange that the order came in, unless the step names others. The same call again
    writes the same file under the same number.
    """
    syntax = acknowledgement.syntax if message == "acknowledgement" and acknowledgement else _SYNTAX.get(message, "x12")
    came = _came_in(order, acknowledgement)
    to, by = partner or came.partner, us or came.us
    if to is None or by is None:
        mend = "name `partner: {id: …}` and `us: {id: …}`"
        raise NodeError("invalid", f"nothing says to whom the {message} goes: {mend}")
    series, key = f"{syntax} {by.id} to {to.id}", f"{world.key}/{message}"
    count = world.connection(numbers, Numbers).take(series, key, world.now())
    spoken = version or (came.version if came.syntax == syntax else "") or _DEFAULT[syntax]
    envelope = Envelope(by, to, spoken, count.number, count.at, test or came.test, level)
    if message == "acknowledgement":
        made = _acknowledged(envelope, acknowledgement)
    else:
        made = _document(message, envelope, order, asked, shipments)
    name = f"edi/{_plain(to.id)}/{message}-{made.control}.edi"
    path = world.connection(connection, Documents).write(name, made.content)
    refs = tuple(x12_940.reference(order, one) for one in shipments) if message == "940" and order else ()
    return Written(
        path=path, message=message, control=made.control, partner=to.id, references=refs, altered=made.altered
    )


class _Came:
    """What the interchange said that an order or an acknowledgement came in; nothing where it came by another way."""

    def __init__(self, edi: Mapping[str, Any]) -> None:
        self.partner = _side(edi.get("from"))
        self.us = _side(edi.get("to"))
        self.syntax = str(edi.get("syntax", ""))
        told = str(edi.get("message_version", ""))
        self.version = ":".join(told.split(":")[:3]) if self.syntax == "edifact" else told
        self.test = bool(edi.get("test"))


def _came_in(order: Order | None, acknowledgement: Acknowledgement | None) -> _Came:
    if acknowledgement is not None:
        version = next((group.version for group in acknowledgement.groups if group.version), "")
        found = _Came({"syntax": acknowledgement.syntax, "test": acknowledgement.test, "message_version": version})
        found.partner, found.us = acknowledgement.partner, acknowledgement.us
        found.version = version if re.match(r"00\d{4}", version) else ""
        return found
    edi = order.metadata.get("edi") if order is not None else None
    return _Came(edi if isinstance(edi, Mapping) else {})


def _side(told: Any) -> Partner | None:
    if not isinstance(told, Mapping) or not told.get("id"):
        return None
    return Partner(id=told["id"], qualifier=told.get("qualifier", ""), group=told.get("group", ""))


def _acknowledged(envelope: Envelope, received: Acknowledgement | None) -> sending.Written:
    if received is None:
        raise NodeError("invalid", "an acknowledgement needs `acknowledgement`, which `receive-edi` gives")
    if received.syntax == "edifact":
        return sending.edifact(envelope, [("CONTRL:D:3:UN", acknowledge.contrl_rows(received))])
    before = [acknowledge.ta1_row(received)] if received.codes or received.wants_answer else []
    return sending.x12(envelope, acknowledge.functional_acknowledgements(received), "FA", before)


def _document(
    message: str, envelope: Envelope, order: Order | None, asked: Order | None, shipments: tuple[Shipment, ...]
) -> sending.Written:
    if order is None:
        raise NodeError("invalid", f"the {message} needs `order`")
    if message not in {"855", "ordrsp"} and not shipments:
        raise NodeError("empty", f"the {message} tells what is sent, and there are no shipments")
    if message == "855":
        return sending.x12(envelope, [("855", list(x12_855.rows(order, asked, envelope.at)))], _GROUPS[message])
    if message == "856":
        sets = [("856", list(x12_856.rows(order, one, envelope.at))) for one in shipments]
        return sending.x12(envelope, sets, _GROUPS[message])
    if message == "940":
        sets = [("940", list(x12_940.rows(order, one, envelope.us))) for one in shipments]
        return sending.x12(envelope, sets, _GROUPS[message])
    us, partner, at = envelope.us, envelope.partner, envelope.at
    if message == "ordrsp":
        kind = f"ORDRSP:{envelope.version}"
        return sending.edifact(envelope, [(kind, list(edifact_ordrsp.rows(order, asked, at, us, partner)))])
    kind = f"DESADV:{envelope.version}"
    return sending.edifact(
        envelope, [(kind, list(edifact_desadv.rows(order, one, at, us, partner))) for one in shipments]
    )


def _plain(identity: str) -> str:
    return re.sub(r"[^A-Za-z0-9.+-]+", "_", identity).strip("._-+")[:60] or "partner"
