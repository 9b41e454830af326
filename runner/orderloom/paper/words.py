"""Any text in; text that a label's font can show, and that fits, out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
_CUT = "..."


def readable(text: str) -> str:
    """One line in the letters of Windows-1252, which the fonts of every PDF reader have; others are transliterated.

    Controls, overrides of direction and what has no width are left out, blanks run together.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(" " if char.isspace() else char for char in composed if char.isspace() or _is_seen(char))
    return " ".join("".join(map(_latin, kept)).split())


def fit(
    text: str, width_pt: float, size: float, *, least: float, lines: int = 1, font: str = REGULAR
) -> tuple[float, list[str]]:  # fmt: skip
    """A size from `size` down to `least`, and the lines, none wider than that; what fits at no size is cut at `...`."""
    said = readable(text)
    tried = size
    while True:
        found = list(_wrapped(said, width_pt, tried, font))
        if len(found) <= lines:
            return tried, found
        if tried <= least:
            return tried, [*found[: lines - 1], _cut(found[lines - 1], width_pt, tried, font)]
        tried = max(least, tried - 0.5)


def width_of(text: str, size: float, font: str = REGULAR) -> float:
    """In points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 (papers alone pay for it)

    return float(stringWidth(text, font, size))


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _latin(char: str) -> str:
    if char.isascii():
        return char
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        from anyascii import anyascii  # noqa: PLC0415 (as above)

        return anyascii(char) or "?"
    return char


def _wrapped(text: str, width: float, size: float, font: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, font) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _pieces(word, width, size, font)
        yield from whole
    yield line


def _pieces(word: str, width: float, size: float, font: str) -> Iterator[str]:
    """A word that is wider than the line, broken where it must be."""
    piece = ""
    for char in word:
        if piece and width_of(piece + char, size, font) > width:
            yield piece
            piece = ""
        piece += char
    yield piece


def _cut(line: str, width: float, size: float, font: str) -> str:
    while line and width_of(line + _CUT, size, font) > width:
        line = line[:-1]
    return line + _CUT
