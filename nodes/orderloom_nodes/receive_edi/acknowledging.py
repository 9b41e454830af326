"""A file in; for each interchange what of it is taken, with the standard's codes, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from orderloom import PassedOver, Place, Problem, Unreadable
from orderloom_nodes.capture.formats.edi import Envelope, drafts_of, grave, reads
from orderloom_nodes.edi.answers import Acknowledgement, GroupAnswer, MessageAnswer, Partner, Spot
from orderloom_nodes.edi.envelope import Fault, Group, Interchange, Message
from orderloom_nodes.edi.interchanges import Loose, interchanges

_ANSWERS = {"997", "999", "CONTRL", "TA1"}
_LEAST = "18"  # CONTRL: an error of no other kind


def acknowledgements(
    data: bytes, name: str, envelope: Envelope = "strict"
) -> Iterator[Acknowledgement | PassedOver | Unreadable]:
    """What to answer to each interchange of X12 and EDIFACT."""
    others: Counter[str] = Counter()
    for found in interchanges(data):
        if isinstance(found, Loose):
            mend = "nobody can tell whom to answer: let the partner send it with its envelope"
            yield Unreadable((Problem("V700", found.looks_like, Place(name, found.line, 1, 2), mend),), found.text)
        elif found.syntax == "tradacoms":
            others["TRADACOMS has no acknowledgement"] += 1
        elif _only_answers(found):
            others["acknowledgements, which nobody acknowledges"] += 1
        else:
            yield of_interchange(found, envelope)
    for reason, count in sorted(others.items()):
        yield PassedOver(reason, count)


def _only_answers(whole: Interchange) -> bool:
    kinds = {message.kind for group in whole.groups for message in group.messages} | set(whole.others)
    return bool(kinds) and kinds <= _ANSWERS and not whole.faults


def of_interchange(whole: Interchange, envelope: Envelope = "strict") -> Acknowledgement:
    """One interchange."""
    broken = grave(whole.faults, envelope)
    groups = tuple(_group(whole, group, envelope) for group in whole.groups)
    received = sum(len(group.messages) for group in groups)
    return Acknowledgement(
        syntax="x12" if whole.syntax == "x12" else "edifact", version=whole.version, control=whole.control or "0",
        date=whole.date, time=whole.time, test=whole.test, wants_answer=whole.wants_answer,
        partner=Partner(id=whole.sender, qualifier=whole.sender_qualifier, group=_first(whole, "sender")),
        us=Partner(id=whole.receiver, qualifier=whole.receiver_qualifier, group=_first(whole, "receiver")),
        codes=_codes(broken), reasons=tuple(fault.said for fault in _faults(whole)),
        groups=groups, received=received, accepted=0 if broken else sum(group.accepted for group in groups),
    )  # fmt: skip


def _first(whole: Interchange, side: str) -> str:
    return str(getattr(whole.groups[0], side)) if whole.groups else ""


def _codes(faults: Iterable[Fault]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fault.standard or _LEAST for fault in faults))


def _faults(whole: Interchange) -> Iterator[Fault]:
    yield from whole.faults
    for group in whole.groups:
        yield from group.faults
        for message in group.messages:
            yield from message.faults


def _group(whole: Interchange, group: Group, envelope: Envelope) -> GroupAnswer:
    known = any(reads(whole, message) for message in group.messages) or not group.messages
    codes = _codes(grave(group.faults, envelope))
    if whole.syntax == "x12" and not known:
        codes = codes or ("1",)  # a functional group that is not supported
    return GroupAnswer(
        kind=group.kind, control=group.control, version=group.version, told=group.told or len(group.messages),
        codes=codes, messages=tuple(_message(whole, group, message, envelope) for message in group.messages),
    )  # fmt: skip


def _message(whole: Interchange, group: Group, message: Message, envelope: Envelope) -> MessageAnswer:
    if not reads(whole, message):
        code = "1" if whole.syntax == "x12" else "12"  # AK502: not supported; 0085: invalid value
        return _answer(message, (code,))
    faults, order, _ = drafts_of(whole, group, message, "main", envelope)
    own = _codes(fault for fault in faults if fault.level != "segment")
    spots = sorted((_spot(fault, message) for fault in faults if fault.level == "segment"), key=lambda one: one.place)
    return _answer(message, own, tuple(spots), accepted=order is not None)


def _answer(
    message: Message, codes: tuple[str, ...], spots: tuple[Spot, ...] = (), *, accepted: bool = False
) -> MessageAnswer:
    return MessageAnswer(
        kind=message.kind, control=message.control, version=message.version, accepted=accepted, codes=codes, spots=spots
    )


def _spot(fault: Fault, message: Message) -> Spot:
    segment = fault.segment
    place = message.segments.index(segment) + 1 if segment in message.segments else 1
    value = segment.get(fault.element, fault.component) if segment is not None and fault.element else ""
    tag = fault.tag or (segment.tag if segment is not None else "")
    return Spot(
        tag=tag[:3], place=place, element=fault.element, component=fault.component, code=fault.standard or _LEAST,
        value=value, said=fault.said,
    )  # fmt: skip
