"""What was received in; the rows of its acknowledgement out: TA1 and 997 for X12, CONTRL for EDIFACT."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from .answers import Acknowledgement, GroupAnswer, MessageAnswer, Spot
from .writing import Row


def ta1_row(received: Acknowledgement) -> Row:
    """TA1: accepted (A) or rejected (R) with the first note."""
    code = "R" if received.codes else "A"
    note = received.codes[0] if received.codes else "000"
    return ("TA1", f"{received.control:0>9}", received.date, received.time, code, note)


def functional_acknowledgements(received: Acknowledgement) -> list[tuple[str, list[Row]]]:
    """A 997 for each group; a group of acknowledgements is never acknowledged. None where TA1 has rejected all."""
    if received.codes:
        return []
    return [("997", list(_of_group(group))) for group in received.groups if group.kind != "FA"]


def _of_group(group: GroupAnswer) -> Iterator[Row]:
    yield ("AK1", group.kind, group.control)
    for message in group.messages:
        yield ("AK2", message.kind, message.control)
        for (place, tag), spots in groupby(message.spots, key=lambda spot: (spot.place, spot.tag)):
            yield from _of_segment(place, tag, list(spots))
        accepted = message.accepted and not group.codes
        yield ("AK5", "A" if accepted else "R", *([] if accepted else _codes_of(message)))
    count, taken = len(group.messages), group.accepted
    code = "A" if taken == count and not group.codes else "P" if taken else "R"
    yield ("AK9", code, group.told or count, count, taken, *group.codes[:5])


def _codes_of(message: MessageAnswer) -> tuple[str, ...]:
    return (message.codes or (("5",) if message.spots else ()))[:5]


def _of_segment(place: int, tag: str, spots: list[Spot]) -> Iterator[Row]:
    whole = [spot.code for spot in spots if not spot.element]
    yield ("AK3", tag, place, "", *(whole or ["8"])[:5])
    for spot in spots:
        if spot.element:
            where: str | tuple[int, int] = (spot.element, spot.component) if spot.component else str(spot.element)
            yield ("AK4", where, "", spot.code, spot.value[:99])


def contrl_rows(received: Acknowledgement) -> list[Row]:
    """CONTRL: action 4 rejects, 7 acknowledges; a message or group says so for itself."""
    return list(_contrl(received))


def _contrl(received: Acknowledgement) -> Iterator[Row]:
    partner, us = received.partner, received.us
    code = "4" if received.codes else "7"
    yield (
        "UCI", received.control, (partner.id, partner.qualifier), (us.id, us.qualifier), code, *received.codes[:1],
    )  # fmt: skip
    if received.codes:
        return
    for group in received.groups:
        if not group.kind:
            for message in group.messages:
                yield from _message(message)
            continue
        yield ("UCF", group.control, "", "", "4" if group.codes else "7", *group.codes[:1])
        for message in () if group.codes else group.messages:
            yield from _message(message)


def _message(message: MessageAnswer) -> Iterator[Row]:
    what = (message.kind, *message.version.split(":"))
    spots = () if message.accepted else message.spots
    yield ("UCM", message.control, what, "7" if message.accepted else "4", *message.codes[:1])
    for (place, _), found in groupby(spots, key=lambda spot: (spot.place, spot.tag)):
        within = list(found)
        whole = [spot.code for spot in within if not spot.element]
        yield ("UCS", place, *whole[:1])
        for spot in within:
            if spot.element:
                yield ("UCD", spot.code, (spot.element, spot.component) if spot.component else (spot.element,))
