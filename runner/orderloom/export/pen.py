"""What every picture is drawn with: SVG elements as text, shapes and strokes by kind, the width of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from orderloom.export.layout import Point, Wire

FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
INK, FAINT, PAPER = "#1b2433", "#4a566b", "#ffffff"
NAME_SIZE, SMALL_SIZE = 14.0, 11.5
CORNER, CUT = 8.0, 14.0

_NARROW, _WIDE = set("iljtfr.,:;'|!()[] "), set("mwMW@%")


@dataclass(frozen=True)
class Stroke:
    """How an edge of one kind is drawn: told apart without colour, by dashes and width."""

    colour: str
    width: float
    dashes: str | None
    words: str


@dataclass(frozen=True)
class Look:
    """How a step of one kind is drawn: told apart without colour, by its shape."""

    fill: str
    line: str
    words: str


STROKES = {
    "route": Stroke("#33415c", 1.6, None, "route, by outcome"),
    "error": Stroke("#b42318", 1.6, "7 4", "error route"),
    "read": Stroke("#6b7a90", 1.1, None, "reads the result"),
    "soft": Stroke("#6b7a90", 1.1, "1.5 3.5", "reads it if there"),
    "after": Stroke("#6b7a90", 1.1, "10 3 2 3", "after"),
}
LOOKS = {
    "trigger": Look("#e4f2e7", "#3b7d4f", "trigger"),
    "action": Look("#eaf0fa", "#3d5f99", "action"),
    "decision": Look("#fdf1d7", "#a36a00", "decision"),
    "wait": Look("#f3e9f7", "#7b4397", "waits"),
}


@dataclass(frozen=True)
class Frame:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, by: float) -> Frame:
        return Frame(self.x + by, self.y + by, self.width, self.height)

    def within(self, by: float) -> Frame:
        return Frame(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


def element(name: str, content: str = "", **attributes: float | str | None) -> str:
    """One SVG element; `content` is markup already, `_` in names of attributes is `-`, None leaves one out."""
    told = "".join(
        f" {key.replace('_', '-')}={quoteattr(_spelt(value))}" for key, value in attributes.items() if value is not None
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def words(text: str, x: float, y: float, size: float, colour: str = FAINT, **attributes: float | str | None) -> str:
    """A line of text; its baseline is at `y`."""
    return element("text", escape(text), x=x, y=y, font_size=size, fill=colour, **attributes)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About as wide as a common sans-serif sets it; rather too wide than too narrow."""
    units = sum(0.34 if c in _NARROW else 0.92 if c in _WIDE else 0.72 if c.isupper() else 0.58 for c in text)
    return units * size * (1.06 if bold else 1.0)


def outline(kind: str, frame: Frame, *, fill: str, stroke: str, stroke_width: float) -> str:
    """The shape of a kind of step: a decision has pointed sides, a trigger round ones, the rest round corners."""
    how: dict[str, Any] = {"fill": fill, "stroke": stroke, "stroke_width": stroke_width}
    if kind == "decision":
        left, right, middle = frame.x, frame.x + frame.width, frame.y + frame.height / 2
        top, bottom = frame.y, frame.y + frame.height
        corners = [(left + CUT, top), (right - CUT, top), (right, middle), (right - CUT, bottom), (left + CUT, bottom)]
        corners.append((left, middle))
        return element("polygon", points=" ".join(f"{_spelt(x)},{_spelt(y)}" for x, y in corners), **how)
    corner = frame.height / 2 if kind == "trigger" else CORNER
    return element("rect", x=frame.x, y=frame.y, width=frame.width, height=frame.height, rx=corner, **how)


def shape(kind: str, frame: Frame) -> str:
    """The filled shape of a step; a waiting one has a double line, for the run stands still there."""
    look = LOOKS[kind]
    found = outline(kind, frame, fill=look.fill, stroke=look.line, stroke_width=1.4)
    if kind == "wait":
        found += outline(kind, frame.within(3.5), fill="none", stroke=look.line, stroke_width=1)
    return found


def wire(piece: Wire) -> str:
    """A piece of an edge: leaves and arrives upright."""
    a, b, middle = piece.start, piece.end, (piece.start.y + piece.end.y) / 2
    if abs(a.x - b.x) < 0.05:
        way = f"V{_spelt(b.y)}"
    else:
        way = "C" + " ".join(_spelt(part) for part in (a.x, middle, b.x, middle, b.x, b.y))
    return line(piece.style, a, way, arrow=piece.arrow)


def line(kind: str, start: Point, way: str, *, arrow: bool) -> str:
    """A path in the stroke of a kind of edge."""
    stroke = STROKES[kind]
    return element(
        "path",
        d=f"M{_spelt(start.x)} {_spelt(start.y)}{way}",
        fill="none",
        stroke=stroke.colour,
        stroke_width=stroke.width,
        stroke_dasharray=stroke.dashes,
        marker_end=f"url(#{kind})" if arrow else None,
    )


def arrow_heads() -> str:
    """The definition of an arrow's head for each kind of edge."""
    return "".join(
        element(
            "marker",
            element("path", d="M0 0.5L8 4L0 7.5z", fill=stroke.colour),
            id=kind, viewBox="0 0 8 8", refX=7.5, refY=4, markerWidth=8, markerHeight=8,
            markerUnits="userSpaceOnUse", orient="auto",
        )
        for kind, stroke in STROKES.items()
    )


def _spelt(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
