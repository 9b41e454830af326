"""The node `capture`: what a channel sent in, canonical orders or returns out, one for each document of the payload."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Any, Literal

from orderloom import Outcome, PassedOver, Payload, Place, Problem, Revising, Setting, Unreadable, did_you_mean, node
from orderloom.model import Order, Return

from .documents import Found, documents, moved
from .formats import FORMATS, DocumentKind, Format
from .formats.amazon.joined import joined
from .formats.csv_rows import ColumnMap, read_orders
from .formats.edi import EDI, Change, Envelope, is_edi, read_messages
from .formats.ubl import Changed
from .guard import guarded
from .problems import Findings, shown
from .recognise import WRAPPED_ORDERS, WRAPPED_RETURNS, format_of, other_than_json, other_than_order
from .sources import Source, Zone, columns_for, revises, zone_for
from .xml_payload import FORMATS as XML_FORMATS
from .xml_payload import is_xml, read_xml_payload, zone_of

_WRAPPERS = {"order": WRAPPED_ORDERS, "return": WRAPPED_RETURNS}
_SIGNS = {
    "order": "an order of Shopify or WooCommerce has `line_items`, one of ours has `order_id` and `lines`",
    "return": "a return of ours has `return_id`, `order_id` and `lines`",
}


class CapturedOrder(Outcome, name="captured"):
    """An order was read."""

    order: Order


class CapturedReturn(Outcome, name="captured"):
    """A request to send goods back was read."""

    request: Return


def _outcomes(settings: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    return _schema_of(settings.get("document", "order"))


@cache
def _schema_of(document: str) -> Mapping[str, dict[str, Any]]:
    schema = (CapturedReturn if document == "return" else CapturedOrder).model_json_schema(mode="serialization")
    return {"captured": {**schema, "required": sorted({"outcome", *schema.get("required", ())})}}


@node(
    "capture",
    kind="trigger",
    outcomes=_outcomes,
    derived_from="`document`: captured gives `order` (an Order), or with `document: return` gives `request` (a Return)",
)
def capture(
    payload: Payload,
    sources: Setting[tuple[Source, ...]] = (),  # what serves webhooks, folders and forms reads them too
    document: Setting[Literal["order", "return"]] = "order",
    account: Setting[str] = "main",
    columns: ColumnMap | None = None,
    envelope: Setting[Envelope] = "strict",
    zone: Setting[Zone | None] = None,
) -> Iterator[CapturedOrder | CapturedReturn | Revising | PassedOver | Unreadable]:
    """Read every order (or return) of a payload into the canonical model; one that cannot be read spoils no other.

    A CSV is read by a column map, that of its source or else `columns`: rows to orders, and what the map's rule table
    leaves out counted by reason. What comes from a source that `revises` begins no run, nor does what changes or
    cancels an order of EDI or UBL. With `envelope: lenient` counts and control numbers of EDI that are wrong are
    noted, not refused. `zone` is that of UBL's days and times that name none; where nothing is said, UTC.
    """
    only_changes = revises(payload.name, sources)
    read = _read_payload(payload, sources, document, payload.account or account, columns, envelope, zone)
    for found in read:
        if only_changes and isinstance(found, (CapturedOrder, CapturedReturn)):
            yield Revising(found)
        else:
            yield found


def _read_payload(
    payload: Payload,
    sources: tuple[Source, ...],
    document: DocumentKind,
    account: str,
    columns: ColumnMap | None,
    envelope: Envelope,
    zone: str | None,
) -> Iterator[CapturedOrder | CapturedReturn | Revising | PassedOver | Unreadable]:
    if document == "order" and is_xml(payload) and not _is_edi(payload):
        return _from_xml(payload, zone_for(payload.name, sources, zone))
    return _found(payload, sources, document, account, columns, envelope)


def _found(
    payload: Payload, sources: tuple[Source, ...], document: DocumentKind, account: str, columns: ColumnMap | None,
    envelope: Envelope,
) -> Iterator[CapturedOrder | CapturedReturn | Revising | PassedOver | Unreadable]:
    if _is_csv(payload):
        yield from _from_csv(payload, columns_for(payload.name, sources, columns), account)
        return
    if document == "order" and _is_edi(payload):
        yield from _from_edi(payload, account, envelope)
        return
    unknown = _unknown_format(payload, document)
    if unknown:
        yield Unreadable((unknown,), payload.data.decode("utf-8", errors="replace"))
        return
    found_any = False
    for found in joined(documents(payload.data, payload.name, _WRAPPERS[document])):
        found_any = True
        read = partial(_captured, found, payload, document, account)
        yield guarded(read, partial(_place, found, payload), partial(_text, found))
    if not found_any:
        message = f"the payload holds no {document}: its list is empty"
        yield Unreadable((Problem("V004", message, Place(payload.name), f"send it with at least one {document}"),))


def _is_csv(payload: Payload) -> bool:
    if payload.format is not None:
        return payload.format in ("csv", "xlsx")
    return payload.name.lower().endswith((".csv", ".tsv", ".xlsx", ".xlsm"))


def _from_csv(
    payload: Payload, columns: ColumnMap | None, account: str
) -> Iterator[CapturedOrder | PassedOver | Unreadable]:
    if columns is None:
        mend = "add `columns: mappings/NAME.columns.yaml` to its source, or to the step's `with:`"
        yield Unreadable((Problem("V600", "nothing says what the columns of this CSV are", Place(payload.name), mend),))
        return
    for found in read_orders(payload.data, payload.name, columns, account):
        yield CapturedOrder(outcome="captured", order=found) if isinstance(found, Order) else found


def _is_edi(payload: Payload) -> bool:
    if payload.format is not None:
        return payload.format in EDI
    return payload.name.lower().endswith((".edi", ".x12")) or is_edi(payload.data)


def _from_edi(
    payload: Payload, account: str, envelope: Envelope
) -> Iterator[CapturedOrder | Revising | PassedOver | Unreadable]:
    for found in read_messages(payload.data, payload.name, account, envelope):
        if isinstance(found, Change):
            yield Revising(CapturedOrder(outcome="captured", order=found.order))
        else:
            yield CapturedOrder(outcome="captured", order=found) if isinstance(found, Order) else found


def _from_xml(payload: Payload, zone: str | None) -> Iterator[CapturedOrder | Revising | Unreadable]:
    found = guarded(
        lambda: next(read_xml_payload(payload, zone_of(zone))),
        lambda: Place(payload.name),
        lambda: payload.data.decode("utf-8", errors="replace"),
    )
    if isinstance(found, Changed):
        yield Revising(CapturedOrder(outcome="captured", order=found.order))
    else:
        yield CapturedOrder(outcome="captured", order=found) if isinstance(found, Order) else found


def _unknown_format(payload: Payload, document: DocumentKind) -> Problem | None:
    if payload.format is None:
        return None
    known = [name for name, form in FORMATS.items() if document in form.readers]
    known += (*EDI[:3], *XML_FORMATS) if document == "order" else ()
    if payload.format in known:
        return None
    what = f"gives no {document}" if payload.format in FORMATS else "is not known"
    mend = did_you_mean(payload.format, known) or f"formats of {document}s are {', '.join(known)}"
    return Problem("V002", f"the format {shown(payload.format)} {what}", Place(payload.name), mend)


def _captured(
    found: Found, payload: Payload, document: DocumentKind, account: str
) -> CapturedOrder | CapturedReturn | PassedOver | Unreadable:
    if found.source is None:
        return Unreadable(_not_json(found, payload), found.text)
    findings = Findings(found.source, found.path, found.lines_before)
    form = _format(found.data, payload, document, findings)
    read = form.readers[document](found.data, account, findings) if form else None
    if isinstance(read, PassedOver):
        return read
    if isinstance(read, Order) and not findings.problems:
        return CapturedOrder(outcome="captured", order=read)
    if isinstance(read, Return) and not findings.problems:
        return CapturedReturn(outcome="captured", request=read)
    return Unreadable(tuple(sorted(dict.fromkeys(findings.problems), key=Problem.sort_key)), _text(found))


def _not_json(found: Found, payload: Payload) -> tuple[Problem, ...]:
    what = other_than_json(payload.data)
    if what is None:
        return found.problems
    place = Place(payload.name, 1, 1, 2)
    return (Problem("V001", f"this is {what}, a format that is not known here", place, _known_formats()),)


def _format(data: Any, payload: Payload, document: DocumentKind, findings: Findings) -> Format | None:
    if not isinstance(data, dict):
        message = f"`{{}}` should be an object that holds one {document}, not {shown(data)}"
        findings.add("V011", (), message, "one document is `{…}`; many stand in a list, or each on a line of its own")
        return None
    other = other_than_order(data) if document == "order" else None
    if other:
        _refuse_other(other, findings)
        return None
    name = payload.format or format_of(data, document)
    if name is None:
        findings.add("V001", (), f"nothing here says what kind of {document} this is", _SIGNS[document])
        return None
    if name == "canonical":
        name = document
    return FORMATS[name]


def _refuse_other(other: str, findings: Findings) -> None:
    if other.startswith("a Shopify"):
        mend = "send the order itself: subscribe to the orders/… webhooks"
        findings.add("V003", (), f"this is {other}, and an order is wanted here", mend)
    elif other.endswith(" of ours"):
        findings.add("V003", (), f"this is {other}, and an order is wanted here", "give it to the flow that takes such")
    else:
        findings.add("V001", (), f"this is {other}, a format that is not known here", _known_formats())


def _known_formats() -> str:
    return f"known formats are {', '.join([*FORMATS, *EDI[:3], XML_FORMATS[0]])}"


def _place(found: Found, payload: Payload) -> Place:
    return moved(found.source.place(found.path), found.lines_before) if found.source else Place(payload.name)


def _text(found: Found) -> str:
    if found.source is None:
        return found.text
    if not found.path:
        return found.source.text
    return json.dumps(found.data, ensure_ascii=False, default=_number)


def _number(value: Any) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)
