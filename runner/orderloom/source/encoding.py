"""Bytes in, text out: UTF-8 with or without a byte order mark. Other encodings are named; files that office
programs export are converted from the few that can be told for sure."""

from __future__ import annotations

import codecs
import re

from orderloom.problems import Place, Problem, ProblemsError, refuse
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


_WESTERN = re.compile(r"[\x00-\x7f\xa0£§°«»¿¡ªº´À-ÖØ-öø-ÿŒœŸŠšŽž€…–—‘’“”„•™]*")  # not ¹³¼…, letters of other code pages
_FOREIGN_WORD = re.compile(r"[^\x00-\x7f\xa0]{3}")  # no western text has three in a row; read so, others have


def decode_exported(content: bytes, file: str) -> tuple[str, Problem | None]:
    """The text of a file that an office program saved: UTF-8, UTF-16, or Western European where it can be no other.

    What is not UTF-8 comes with a warning. Raises `ProblemsError` (Y003) where the encoding stays open.
    """
    encoding, note = exported_encoding(content, file)
    try:
        return content.decode(encoding).removeprefix("\ufeff"), note
    except UnicodeDecodeError:
        raise _foreign(encoding.upper(), Place(file)) from None


def exported_encoding(content: bytes, file: str) -> tuple[str, Problem | None]:
    """How such a file is encoded, which its beginning may be enough to tell. Raises as `decode_exported` does."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name.lower(), _converted(name, file)
    if _zeros_alternate(content):
        name = "UTF-16-LE" if content[1:2] == b"\0" else "UTF-16-BE"
        return name.lower(), _converted(name, file)
    try:
        decode(content, file)
    except ProblemsError as error:
        western = content.decode("cp1252", "replace")
        if not _WESTERN.fullmatch(western) or _FOREIGN_WORD.search(western):
            raise
        first = re.search(r"\w*[^\x00-\x7f]\w*", western)
        assert first is not None
        message = f"this is Windows-1252, not UTF-8, and read so: `{first[0][:40]}`"
        return "cp1252", Problem("Y007", message, error.problems[0].place, "save it as CSV UTF-8", "warning")
    return "utf-8-sig", None


def _converted(name: str, file: str) -> Problem:
    message = f"this is {name}, not UTF-8, and was converted"
    return Problem("Y007", message, Place(file), "save it as UTF-8", "warning")


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
