"""Papers as others see them: their words by PDFium, their barcodes by ZXing."""

from __future__ import annotations

from typing import NamedTuple

import pypdfium2
import zxingcpp


class Bars(NamedTuple):
    """`identifier` is the symbology identifier of ISO/IEC 15424: ]C1 is GS1-128, ]Q1 a QR code."""

    identifier: str
    text: str


def words(paper: bytes) -> str:
    """All text of all pages."""
    document = pypdfium2.PdfDocument(paper)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "\n")


def pages(paper: bytes) -> int:
    return len(pypdfium2.PdfDocument(paper))


def barcodes(paper: bytes) -> list[Bars]:
    """Of the first page, from the top down."""
    picture = pypdfium2.PdfDocument(paper)[0].render(scale=4).to_pil()
    found = sorted(zxingcpp.read_barcodes(picture), key=lambda one: one.position.top_left.y)
    return [Bars(one.symbology_identifier, one.text) for one in found]
