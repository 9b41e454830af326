"""What stands on a parcel's label in, four by six inches of PDF out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orderloom.paper.gs1 import FNC1
from orderloom.paper.sheet import Sheet
from orderloom.paper.words import readable

WIDTH_MM, HEIGHT_MM = 101.6, 152.4  # 4 x 6 inches, as label printers have them
_EDGE = 4.0


@dataclass(frozen=True)
class LabelText:
    """`banner` stands above and below, white on black; `qr` is what a counter scans, none: no code."""

    banner: str
    sender: Sequence[str]
    receiver: Sequence[str]
    service: str
    tracking_number: str
    reference: str
    sscc: str | None = None
    qr: str | None = None


def label_pdf(text: LabelText) -> bytes:
    """The bars of the tracking number (Code 128) and, below, those of the SSCC (GS1-128)."""
    sheet = Sheet(WIDTH_MM, HEIGHT_MM, f"Label {readable(text.tracking_number)}")
    _banner(sheet, 0, 14, text.banner)
    _address(sheet, 16, "FROM", text.sender, 8, 2.9, room=60 if text.qr else 92)
    sheet.line(37)
    bottom = _address(sheet, 39, "TO", text.receiver, 13, 5.2, room=60 if text.qr else 92)
    if text.qr:
        sheet.qr(WIDTH_MM - 34, 39, text.qr, side=32)
    sheet.line(max(73, bottom))
    sheet.text(_EDGE, 74.5, text.service, width=93, size=12, bold=True)
    sheet.text(_EDGE, 80.5, text.reference, width=93, size=8)
    sheet.line(85)
    sheet.code128(_EDGE, 87, text.tracking_number, width=93.6, height=12, module=0.38)
    sheet.text(_EDGE, 99.5, text.tracking_number, width=93.6, size=9, align="center")
    if text.sscc:
        sheet.line(104.5)
        sheet.code128(_EDGE - 2, 106, f"{FNC1}00{text.sscc}", width=97.6, height=31.75, module=0.495)
        sheet.text(_EDGE, 138.2, f"(00) {text.sscc}", width=93.6, size=10, align="center")
    _banner(sheet, HEIGHT_MM - 8, 8, text.banner)
    return sheet.done()


def _banner(sheet: Sheet, y: float, height: float, text: str) -> None:
    sheet.box(0, y, WIDTH_MM, height, filled=True)
    size = height * 1.7
    sheet.text(2, y + height * 0.14, text, width=WIDTH_MM - 4, size=size, bold=True, align="center", white=True)


def _address(
    sheet: Sheet, y: float, head: str, lines: Sequence[str], size: float, step: float, *, room: float
) -> float:  # fmt: skip
    """The more lines there are, the smaller they are: all of them fit between two rules."""
    sheet.text(_EDGE, y + 0.4, head, width=12, size=6)
    most = 6
    if len(lines) > most:
        size, step = size * most / len(lines), step * most / len(lines)
    for number, line in enumerate(lines):
        sheet.text(_EDGE + 12, y + step * number, line, width=room - 12, size=size, least=4.5, bold=number == 0)
    return y + step * len(lines)
