"""Text, lines and barcodes in millimetres from the top left corner in, a PDF out: the same bytes for the same calls."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from orderloom.paper.words import BOLD, REGULAR, fit, width_of

MM = 72 / 25.4
_LEADING = 1.2


class Sheet:
    """Pages of one size. Text is wrapped and shrunk into its width, never cut off at the edge."""

    def __init__(self, width_mm: float, height_mm: float, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 (0.2 s, for papers alone)

        self.width_mm, self.height_mm, self.pages = width_mm, height_mm, 1
        self._out = BytesIO()
        # Not compressed, so that a person's name is found in it when their data is erased.
        self._canvas: Any = Canvas(self._out, (width_mm * MM, height_mm * MM), invariant=1, pageCompression=0)
        self._canvas.setTitle(title)
        self._canvas.setCreator("orderloom")

    def text(
        self, x: float, y: float, text: str, *, width: float, size: float = 10, least: float = 6, lines: int = 1,
        bold: bool = False, align: str = "left", white: bool = False,
    ) -> float:  # fmt: skip
        """Write below `y`; gives the y below what was written."""
        font = BOLD if bold else REGULAR
        size, told = fit(text, width * MM, size, least=least, lines=lines, font=font)
        step = size * _LEADING / MM
        self._canvas.setFont(font, size)
        self._canvas.setFillGray(1 if white else 0)
        for number, line in enumerate(told):
            room = width * MM - width_of(line, size, font)
            shift = {"left": 0.0, "right": room, "center": room / 2}[align]
            self._canvas.drawString(x * MM + shift, self._up(y + step * number) - size, line)
        return y + step * len(told)

    def line(self, y: float, x: float = 0, width: float | None = None) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.setStrokeGray(0)
        self._canvas.line(x * MM, self._up(y), (x + (self.width_mm if width is None else width)) * MM, self._up(y))

    def box(self, x: float, y: float, width: float, height: float, *, filled: bool = False) -> None:
        self._canvas.setFillGray(0)
        self._canvas.rect(x * MM, self._up(y + height), width * MM, height * MM, stroke=1, fill=int(filled))

    def code128(self, x: float, y: float, value: str, *, width: float, height: float, module: float = 0.5) -> None:
        """Centred in the width; the narrowest bar is `module` mm, or less where it would not fit with its margins."""
        from reportlab.graphics.barcode.code128 import Code128  # noqa: PLC0415 (as above)

        self._canvas.setFillGray(0)
        bars = Code128(value, barWidth=module * MM, barHeight=height * MM, quiet=0)
        quiet = 20 * module * MM
        if bars.width + quiet > width * MM:
            module *= width * MM / (bars.width + quiet)
            bars = Code128(value, barWidth=module * MM, barHeight=height * MM, quiet=0)
        bars.drawOn(self._canvas, x * MM + (width * MM - bars.width) / 2, self._up(y + height))

    def qr(self, x: float, y: float, value: str, *, side: float) -> None:
        """With error correction M, its quiet zone inside of `side`."""
        from reportlab.graphics import renderPDF  # noqa: PLC0415 (as above)
        from reportlab.graphics.barcode.qr import QrCodeWidget  # noqa: PLC0415
        from reportlab.graphics.shapes import Drawing  # noqa: PLC0415

        widget = QrCodeWidget(value, barLevel="M", barWidth=side * MM, barHeight=side * MM, barBorder=4)
        drawing = Drawing(side * MM, side * MM)
        drawing.add(widget)
        renderPDF.draw(drawing, self._canvas, x * MM, self._up(y + side))

    def next_page(self) -> None:
        self._canvas.showPage()
        self.pages += 1

    def done(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()

    def _up(self, y: float) -> float:
        return (self.height_mm - y) * MM
