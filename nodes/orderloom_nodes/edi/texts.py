"""A file's bytes in, the text of each interchange out: encodings told apart, and where each interchange begins."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Syntax = Literal["x12", "edifact", "tradacoms"]

# Two letters and a separator that comes again: no text within an order looks like this by chance.
_BEGIN = re.compile(
    r"(?P<x12>ISA(?P<e>[^A-Za-z0-9])[^\n]{2}(?P=e)[^\n]{0,10}(?P=e)[^\n]{2}(?P=e))"
    r"|(?P<edifact>(?:UNA.{6}[\r\n \t]*)?UNB(?P<u>[^A-Za-z0-9\s])[A-Z]{4}[^A-Za-z0-9\s]\d)"
    r"|(?P<tradacoms>STX=[A-Z]{1,4}:\d)",
    re.DOTALL,
)
_OPENS = re.compile(
    rb"\s*(ISA[^A-Za-z0-9]|UNA[^A-Za-z0-9]|UN[BHG][^A-Za-z0-9\s]|STX=|MHD="
    rb"|(GS|ST)[^A-Za-z0-9\s]\w{2,3}[^A-Za-z0-9\s])"
)
# ISO 9735-1, annex A, and D.01B's code list 0001
CHARACTER_SETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp",
    "UNOY": "utf-8",
    "KECA": "euc_kr",
    "IATA": "ascii",
    "IATB": "ascii",
}


@dataclass(frozen=True)
class Stretch:
    """A part of a file: one interchange and what follows it, or (`syntax` None) what stands before the first one."""

    syntax: Syntax | None
    text: str
    line: int  # where it begins in the file
    notes: tuple[str, ...] = ()


def is_edi(data: bytes) -> bool:
    """Whether a payload begins as an interchange does, or as a message without one."""
    return _OPENS.match(_without_mark(data[:200])) is not None


def stretches(data: bytes) -> Iterator[Stretch]:
    """Every interchange of a file, with what stands before the first."""
    text, known, notes = _decoded(data)
    starts = list(_BEGIN.finditer(text))
    first = starts[0].start() if starts else len(text)
    if text[:first].strip("\r\n\t \x1a\x00\ufeff"):
        yield Stretch(None, text[:first], 1, notes)
    line, counted = 1, 0
    for found, following in zip(starts, [*starts[1:], None], strict=False):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        piece = text[found.start() : following.start() if following else len(text)]
        syntax = _syntax(found)
        piece, said = (piece, ()) if known else _in_its_own(piece, syntax)
        yield Stretch(syntax, piece, line, (*notes, *said))


def _syntax(found: re.Match[str]) -> Syntax:
    if found["x12"]:
        return "x12"
    return "edifact" if found["edifact"] else "tradacoms"


def _without_mark(data: bytes) -> bytes:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="ignore").encode()
    if b"\x00" in data[:2]:
        return data.replace(b"\x00", b"")
    return data[1:] if data[:1] == b"\x00" else data.removeprefix(codecs.BOM_UTF8)


def _decoded(data: bytes) -> tuple[str, bool, tuple[str, ...]]:
    """The text, whether its encoding is certain, and what was noted. Where it is not, each byte is one character."""
    if data.startswith(codecs.BOM_UTF8):
        note = "the file begins with a byte order mark and was read as UTF-8"
        try:
            return data[3:].decode("utf-8"), True, (note,)
        except UnicodeDecodeError:
            return data[3:].decode("iso8859-1"), False, ("a byte order mark was left out",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), True, ("the file is UTF-16 and was converted",)
    if b"\x00" in data[:2] and len(data) > 3:
        name = "utf-16-be" if data[0] == 0 else "utf-16-le"
        return data.decode(name, errors="replace"), True, ("the file is UTF-16 and was converted",)
    return data.decode("iso8859-1"), False, ()


def _in_its_own(piece: str, syntax: Syntax) -> tuple[str, tuple[str, ...]]:
    if piece.isascii():
        return piece, ()
    data = piece.encode("iso8859-1")
    if syntax == "edifact" and (found := re.search(r"UNB.([A-Z]{4})", piece[:60], re.DOTALL)):
        wanted = CHARACTER_SETS.get(found[1], "ascii")
        if wanted != "ascii":
            return _read(data, wanted, found[1])
        text, name = _guessed(data)
        return text, (f"{found[1]} has no letters beyond ASCII; they were read as {name}",)
    text, name = _guessed(data)
    return text, (f"letters beyond ASCII were read as {name}",)


def _read(data: bytes, name: str, level: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(name), ()
    except UnicodeDecodeError:
        text, guessed = _guessed(data)
        return text, (f"{level} promises {name}, which this is not; it was read as {guessed}",)


def _guessed(data: bytes) -> tuple[str, str]:
    for name in ("utf-8", "cp1252"):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return data.decode("iso8859-1"), "iso8859-1"
