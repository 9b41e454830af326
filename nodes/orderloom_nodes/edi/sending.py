"""Messages and both partners in, a whole interchange out, numbered and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .answers import Partner
from .writing import Row, Writer, edifact_writer, x12_writer


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, in which version, under which number, and when."""

    us: Partner
    partner: Partner
    version: str  # X12: 004010, EDIFACT: D:96A:UN
    number: int
    at: datetime
    test: bool = False
    level: str = "UNOC"  # EDIFACT's character set


@dataclass(frozen=True)
class Written:
    """An interchange as it goes out. `altered` tells what could not be written as it was."""

    content: bytes
    control: str
    altered: tuple[str, ...]


def x12(
    envelope: Envelope, sets: Sequence[tuple[str, Sequence[Row]]], group: str, before: Sequence[Row] = ()
) -> Written:
    """One group with its sets, if there are any; a set is its kind and its rows between ST and SE.

    `before` are rows that stand in the interchange itself: TA1.
    """
    writer = x12_writer()
    number = str(envelope.number % 1_000_000_000)
    rows: list[Row] = [*before]
    rows += [_gs(envelope, group, number)] if sets else []
    for place, (kind, inner) in enumerate(sets, 1):
        control = f"{place:04}"
        rows += [("ST", kind, control), *inner, ("SE", len(inner) + 2, control)]
    rows += [("GE", len(sets), number)] if sets else []
    rows.append(("IEA", 1 if sets else 0, f"{number:0>9}"))
    return _whole(writer, _isa(envelope, number, writer) + writer.text(rows), f"{number:0>9}")


def edifact(envelope: Envelope, messages: Sequence[tuple[str, Sequence[Row]]]) -> Written:
    """The messages without groups; a message is its kind (`ORDRSP:D:96A:UN`) and its rows between UNH and UNT."""
    writer = edifact_writer(envelope.level)
    number = str(envelope.number)
    us, partner = envelope.us, envelope.partner
    stamp = (f"{envelope.at:%y%m%d}", f"{envelope.at:%H%M}")
    test: Row = ("", "", "", "", "", "1") if envelope.test else ()
    version = "4" if envelope.level in {"UNOW", "UNOX", "UNOY"} else "3"
    rows: list[Row] = [
        ("UNB", (envelope.level, version), (us.id, us.qualifier), (partner.id, partner.qualifier), stamp, number, *test)
    ]
    for place, (kind, inner) in enumerate(messages, 1):
        rows += [("UNH", str(place), tuple(kind.split(":"))), *inner, ("UNT", len(inner) + 2, str(place))]
    rows.append(("UNZ", len(messages), number))
    return _whole(writer, "UNA:+.? '\n" + writer.text(rows), number)


def _whole(writer: Writer, text: str, control: str) -> Written:
    return Written(text.encode(writer.encoding, errors="replace"), control, tuple(writer.altered))


def _isa(envelope: Envelope, number: str, writer: Writer) -> str:
    """Of fixed widths, and so written by itself. ISA12 is the version's first five digits, ISA11 what it says there."""
    us, partner = envelope.us, envelope.partner
    for side in (us.id, partner.id):
        if len(side) > 15:
            writer.altered.append(f"`{side}` was cut to 15 letters, which is what ISA has room for")
    version = envelope.version[:5]
    eleventh = writer.separators.repetition if version >= "00402" else "U"
    parts = (
        "ISA", "00", " " * 10, "00", " " * 10, f"{us.qualifier or 'ZZ':<2}", f"{writer.data(us.id):<15.15}",
        f"{partner.qualifier or 'ZZ':<2}", f"{writer.data(partner.id):<15.15}",
        f"{envelope.at:%y%m%d}", f"{envelope.at:%H%M}",
        eleventh, version, f"{number:0>9}", "0", "T" if envelope.test else "P", writer.separators.component,
    )  # fmt: skip
    return writer.separators.element.join(parts) + writer.separators.segment + "\n"


def _gs(envelope: Envelope, group: str, number: str) -> Row:
    us, partner = envelope.us, envelope.partner
    at = envelope.at
    return (
        "GS", group, us.group or us.id, partner.group or partner.id, f"{at:%Y%m%d}", f"{at:%H%M}", number, "X",
        envelope.version,
    )  # fmt: skip
