"""A payload of XML in, its order or what changes one out."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from orderloom import Payload, ProblemsError, Unreadable
from orderloom.model import Order

from .formats.ubl import Changed, read_order, read_ubl
from .problems import Findings
from .reading import Reading

FORMATS = ("ubl", "ubl-order")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WIDE = (b"<\0", b"\0<")


def is_xml(payload: Payload) -> bool:
    """Whether it is said to be UBL, or begins as XML does in UTF-8 or UTF-16."""
    if payload.format is not None:
        return payload.format in FORMATS
    start = payload.data[:64]
    for mark in _MARKS:
        start = start.removeprefix(mark)
    return start.lstrip(b" \t\r\n\0").startswith(b"<") or start.startswith(_WIDE)


def zone_of(name: str | None) -> tzinfo:
    """The zone of that name; UTC where none is named."""
    return ZoneInfo(name) if name else UTC


def read_xml_payload(payload: Payload, zone: tzinfo) -> Iterator[Order | Changed | Unreadable]:
    """One document. What is no XML, or declares a document type, is kept whole with the reason."""
    text = _shown(payload.data)
    try:
        kind, document = read_ubl(payload.data, payload.name)
    except ProblemsError as error:
        yield Unreadable(error.problems, text)
        return
    findings = Findings(document)
    found = read_order(kind, Reading(document.data, (), findings), zone)
    if found is None or findings.problems:
        yield Unreadable(tuple(dict.fromkeys(findings.problems)), text)
    else:
        yield found


def _shown(data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data.startswith(_WIDE)
    return data.decode("utf-16" if wide else "utf-8", errors="replace")
