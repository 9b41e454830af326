"""EDI files in; an order for each message that is one out, and what cannot be read with its reason.

An interchange, group or message that is broken takes what it holds along with it, and nothing else of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Literal

from orderloom import PassedOver, Place, Problem, Unreadable
from orderloom.model import Order

from ....edi.envelope import Fault, Group, Interchange, Message
from ....edi.interchanges import Loose, interchanges
from ....edi.texts import is_edi
from ...guard import guarded
from . import edifact_orders, tradacoms_orders, x12_orders
from .draft import Draft
from .told import Told, problem

__all__ = ["EDI", "Change", "Envelope", "drafts_of", "grave", "is_edi", "problem", "read_messages", "reads"]

Envelope = Literal["strict", "lenient"]
EDI = ("x12", "edifact", "tradacoms", "edi", "x12-850", "edifact-orders", "tradacoms-orders")  # one file may mix them

_READERS = {
    ("x12", "850"): x12_orders.read,
    ("x12", "860"): x12_orders.read,
    ("edifact", "ORDERS"): edifact_orders.read,
    ("edifact", "ORDCHG"): edifact_orders.read,
    ("tradacoms", "ORDERS"): tradacoms_orders.read,
}
_IN_GROUP = {"850": "PO", "860": "PC"}
_PARTS = {("tradacoms", "ORDHDR"), ("tradacoms", "ORDTLR")}  # of a file of orders: told with them
_NAMES = {
    "810": "invoice",
    "214": "shipment status",
    "997": "acknowledgement",
    "999": "acknowledgement",
    "940": "warehouse order",
    "945": "shipping advice",
    "856": "ship notice",
    "855": "answer to an order",
    "820": "payment",
    "INVOIC": "invoice",
    "ORDRSP": "answer to an order",
    "DESADV": "despatch advice",
    "CONTRL": "acknowledgement",
    "INVFIL": "invoice",
    "TA1": "acknowledgement",
}


class Change:
    """An order that only revises one that came before."""

    def __init__(self, order: Order) -> None:
        self.order = order


def read_messages(
    data: bytes, name: str, account: str, envelope: Envelope = "strict"
) -> Iterator[Order | Change | PassedOver | Unreadable]:
    """Every message of a file, in its order; at the end how many were of other kinds."""
    others: Counter[str] = Counter()
    found_any = False
    for found in interchanges(data):
        found_any = True
        if isinstance(found, Loose):
            yield _loose(found, name)
        else:
            yield from _of_interchange(found, name, account, envelope, others)
    if not found_any:
        mend = "an X12 file begins with ISA, EDIFACT with UNA or UNB, TRADACOMS with STX="
        yield Unreadable((Problem("V700", "the file holds no interchange", Place(name), mend),))
    for what, count in sorted(others.items()):
        yield PassedOver(what, count)


def _loose(found: Loose, name: str) -> Unreadable:
    text = found.text.strip()
    begin = " ".join(text[:40].split())
    mend = "nobody can tell whose it is: let the partner send it with its envelope"
    message = f"{found.looks_like}: `{begin}`"
    return Unreadable((Problem("V700", message, Place(name, found.line, 1, 2), mend),), text)


def _of_interchange(
    whole: Interchange, name: str, account: str, envelope: Envelope, others: Counter[str]
) -> Iterator[Order | Change | Unreadable]:
    broken = grave(whole.faults, envelope)
    if broken:
        yield Unreadable(tuple(problem(fault, whole, name) for fault in broken), whole.stretch.text.strip())
        return
    for tag in whole.others:
        others[_named(whole, tag)] += 1
    for group in whole.groups:
        broken = grave(group.faults, envelope)
        if broken and any(reads(whole, message) for message in group.messages):
            problems = tuple(problem(fault, whole, name, group) for fault in broken)
            yield Unreadable(problems, "\n".join(_text(message) for message in group.messages))
            continue
        for message in group.messages:
            if (whole.syntax, message.kind) in _PARTS:
                continue
            if not reads(whole, message):
                others[_named(whole, message.kind)] += 1
                continue
            place = partial(_place, whole, message, name)
            read = partial(_one, whole, group, message, name, account, envelope)
            yield guarded(read, place, partial(_text, message))


def grave(faults: list[Fault], envelope: Envelope) -> list[Fault]:
    """Those for which something is refused."""
    return [fault for fault in faults if envelope == "strict" or not fault.counts]


def reads(whole: Interchange, message: Message) -> bool:
    """Whether it is an order, or changes one."""
    return (whole.syntax, message.kind) in _READERS


def _named(whole: Interchange, kind: str) -> str:
    about = f" ({_NAMES[kind]})" if kind in _NAMES else ""
    standard = {"x12": "X12", "edifact": "EDIFACT", "tradacoms": "TRADACOMS"}[whole.syntax]
    return f"{standard} {kind or '?'}{about} of {whole.sender}: no order"


def _one(
    whole: Interchange, group: Group, message: Message, name: str, account: str, envelope: Envelope
) -> Order | Change | Unreadable:
    faults, order, draft = drafts_of(whole, group, message, account, envelope)
    if order is None:
        problems = tuple(problem(fault, whole, name, group, message) for fault in faults)
        return Unreadable(tuple(dict.fromkeys(problems)), _text(message))
    return Change(order) if draft is not None and draft.revises else order


def drafts_of(
    whole: Interchange, group: Group, message: Message, account: str, envelope: Envelope = "strict"
) -> tuple[list[Fault], Order | None, Draft | None]:
    """One message: what is wrong with it, or the order that it is."""
    broken = grave(message.faults, envelope)
    wanted = _IN_GROUP.get(message.kind)
    if whole.syntax == "x12" and wanted is not None and group.kind != wanted:
        said = f"a set {message.kind} stands in a group of kind `{group.kind}`, and belongs into `{wanted}`"
        broken.append(Fault("V706", "message", "1", said, message.segments[0], 1, mend="correct GS01"))
    if broken:
        return broken, None, None
    told = Told(whole, group, message)
    told.notes += [fault.said for fault in (*whole.faults, *group.faults, *message.faults)]
    draft = _READERS[whole.syntax, message.kind](told, account if account != "main" else whole.sender)
    lenient = [fault for fault in told.faults if envelope == "lenient" and fault.counts]
    told.notes += [fault.said for fault in lenient]
    told.faults = [fault for fault in told.faults if fault not in lenient]
    order = draft.finish()
    return told.faults, order, draft


def _place(whole: Interchange, message: Message, name: str) -> Place:
    return problem(Fault("V099", "message", "", "", message.segments[0]), whole, name).place


def _text(message: Message) -> str:
    mark = message.segments[0].separators.segment
    ends = "" if mark in "\r\n" else mark
    return "\n".join(f"{segment.raw}{ends}" for segment in message.segments)
