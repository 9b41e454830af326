"""Bytes in, text out: UTF-8 with or without a byte order mark. Other encodings are named, never guessed."""

from __future__ import annotations

import codecs

from orderloom.problems import Place, ProblemsError, refuse
from orderloom.source.document import Lines

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(content: bytes, file: str) -> str:
    """The text of a UTF-8 file without its byte order mark."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            raise _foreign(name, Place(file))
    if _zeros_alternate(content):
        raise _foreign("UTF-16", Place(file))
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(error, file) from None


def too_large(file: str, limit_bytes: int) -> ProblemsError:
    """The refusal of a text over the cap."""
    message = f"this is larger than {limit_bytes / 1_000_000:g} MB"
    return refuse("Y002", message, Place(file), "split it into several files")


def _zeros_alternate(content: bytes) -> bool:
    head = content[:64]
    return len(head) >= 4 and (not any(head[1::2]) or not any(head[::2]))


def _foreign(name: str, place: Place) -> ProblemsError:
    return refuse("Y003", f"the file is {name}; orderloom reads UTF-8", place, _convert(name, place.file))


def _not_utf8(error: UnicodeDecodeError, file: str) -> ProblemsError:
    content = error.object
    before = content[: error.start].decode("utf-8", "replace")
    letter = content[error.start : error.start + 1].decode("cp1252", "replace")
    place = Lines(before + letter, file).place(len(before))
    what = f"byte 0x{content[error.start]:02x} is not UTF-8"
    seems = f"; as Latin-1 it would be `{letter}`" if letter.isprintable() and letter != "\ufffd" else ""
    return refuse("Y003", what + seems, place, _convert("WINDOWS-1252", file))


def _convert(name: str, file: str) -> str:
    return f"save it as UTF-8, for example: iconv -f {name} -t UTF-8 {file}"
