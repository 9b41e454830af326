"""A plan as an SVG picture: a shape for each kind of step, outcomes on the edges, a key below; nothing to load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from orderloom.export.graph import Edge, drawn
from orderloom.export.layout import LABEL_HEIGHT, Box, Layout, Link, Point, layout
from orderloom.export.pen import (
    FONT,
    INK,
    LOOKS,
    NAME_SIZE,
    PAPER,
    SMALL_SIZE,
    STROKES,
    Frame,
    arrow_heads,
    element,
    line,
    outline,
    shape,
    text_width,
    wire,
    words,
)

if TYPE_CHECKING:
    from orderloom.flow.plan import Plan, PlannedStep

_STOP = Box(10, 10)
_BOX_HEIGHT = 46.0
_SIDE, _HEAD, _KEY = 24.0, 58.0, 66.0
_TITLE_SIZE, _SUMMARY_SIZE = 18.0, 13.0


def svg(plan: Plan) -> str:
    """The whole picture as text."""
    shown = drawn(plan)
    boxes, links, stops = _boxes(plan, shown)
    placed = layout(boxes, links)
    body = [
        *(wire(piece) for piece in placed.wires),
        *(_box(step, placed.boxes[step.index], boxes[step.index]) for step in plan.steps),
        *(_stop(placed.boxes[key]) for key in stops),
        *_labels(placed, shown),
    ]
    return _document(plan, placed, body, _key(plan, shown))


def _document(plan: Plan, placed: Layout, body: Sequence[str], key: tuple[str, float]) -> str:
    title, about = f"{plan.flow.name}, version {plan.flow.version}", plan.flow.summary
    texts = max(text_width(title, _TITLE_SIZE, bold=True), text_width(about, _SUMMARY_SIZE), key[1])
    width, height = round(max(placed.width, texts + 2 * _SIDE)), round(placed.height + _HEAD + _KEY)
    left = (width - placed.width) / 2
    content = [
        element("title", escape(title), id="title"),
        element("desc", escape(_spoken(plan)), id="about"),
        element("defs", arrow_heads()),
        element("rect", width=width, height=height, fill=PAPER),
        words(title, _SIDE, 34, _TITLE_SIZE, INK, font_weight="600"),
        words(about, _SIDE, 54, _SUMMARY_SIZE),
        element("g", "\n".join(["", *body, ""]), transform=f"translate({left:.1f} {_HEAD:.0f})"),
        element("g", key[0], transform=f"translate({_SIDE:.0f} {_HEAD + placed.height:.1f})"),
    ]
    return element(
        "svg", "\n".join(["", *content, ""]),
        xmlns="http://www.w3.org/2000/svg", width=width, height=height, viewBox=f"0 0 {width} {height}",
        role="img", aria_labelledby="title about", font_family=FONT,
    ) + "\n"


def _spoken(plan: Plan) -> str:
    steps = ", ".join(f"{step.name} ({step.node.name})" for step in plan.steps)
    return f"{plan.flow.summary} {len(plan.steps)} steps: {steps}."


def _boxes(plan: Plan, shown: Sequence[Edge]) -> tuple[list[Box], list[Link], list[int]]:
    """A box for each step, and a small one where an outcome leads nowhere (their positions come last)."""
    boxes = [Box(_box_width(step), _BOX_HEIGHT) for step in plan.steps]
    links, stops = [], []
    for edge in shown:
        target = edge.target
        if target is None:
            stops.append(target := len(boxes))
            boxes.append(_STOP)
        links.append(Link(edge.source, target, edge.kind, _label_width(edge) if edge.words else 0.0))
    return boxes, links, stops


def _box_width(step: PlannedStep) -> float:
    name, caption = text_width(step.name, NAME_SIZE, bold=True), text_width(_caption(step), SMALL_SIZE)
    return max(name, caption, 60.0) + 34.0


def _label_width(edge: Edge) -> float:
    return text_width(edge.label, SMALL_SIZE) + 10


def _caption(step: PlannedStep) -> str:
    marks = [
        step.node.name,
        "for each" if step.step.for_each else "",
        "when" if step.step.when else "",
        f"ends {step.step.end}" if step.step.end else "",
    ]
    return " · ".join(mark for mark in marks if mark)


def _box(step: PlannedStep, at: Point, box: Box) -> str:
    kind, frame = step.node.kind, Frame(at.x - box.width / 2, at.y - box.height / 2, box.width, box.height)
    found, bottom = "", frame.y + frame.height
    if step.step.for_each:      # a pile: once for each item
        found += outline(kind, frame.moved(5), fill=PAPER, stroke=LOOKS[kind].line, stroke_width=1)
        bottom += 5
    found += shape(kind, frame)
    if step.step.end:           # a bar below: the run is over here
        found += element("rect", x=frame.x + 12, y=bottom + 2.5, width=frame.width - 24, height=4, fill=INK)
    found += words(step.name, at.x, at.y - 3, NAME_SIZE, INK, font_weight="600", text_anchor="middle")
    found += words(_caption(step), at.x, at.y + 13, SMALL_SIZE, text_anchor="middle")
    return element("g", found)


def _stop(at: Point) -> str:
    return element("circle", cx=at.x, cy=at.y, r=4.5, fill=PAPER, stroke=STROKES["route"].colour, stroke_width=1.6)


def _labels(placed: Layout, shown: Sequence[Edge]) -> Iterator[str]:
    for edge, at in zip(shown, placed.labels, strict=True):
        if at is not None:
            width, height = _label_width(edge) - 2, LABEL_HEIGHT
            slant = "italic" if edge.kind == "error" else None
            yield element("rect", x=at.x - width / 2, y=at.y - height / 2, width=width, height=height, rx=4, fill=PAPER)
            colour = STROKES[edge.kind].colour
            yield words(edge.label, at.x, at.y + 4, SMALL_SIZE, colour, text_anchor="middle", font_style=slant)


def _key(plan: Plan, shown: Sequence[Edge]) -> tuple[str, float]:
    """What shapes and strokes mean, as far as they are used, in two rows; and how wide that is."""
    kinds = [kind for kind in LOOKS if any(step.node.kind == kind for step in plan.steps)]
    strokes = [kind for kind in STROKES if any(edge.kind == kind for edge in shown)]
    shapes, first = _key_row(14, {k: LOOKS[k].words for k in kinds}, lambda k, x: shape(k, Frame(x, 5, 30, 18)))
    lines, second = _key_row(
        42, {k: STROKES[k].words for k in strokes}, lambda k, x: line(k, Point(x, 42), f"H{x + 30:.1f}", arrow=True)
    )
    return shapes + lines, max(first, second)


def _key_row(y: float, meanings: dict[str, str], sign: Callable[[str, float], str]) -> tuple[str, float]:
    x, found = 0.0, ""
    for kind, meaning in meanings.items():
        found += sign(kind, x) + words(meaning, x + 38, y + 4, SMALL_SIZE)
        x += 38 + text_width(meaning, SMALL_SIZE) + 22
    return found, x
