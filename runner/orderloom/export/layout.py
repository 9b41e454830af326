"""A layered layout: boxes and labelled links in, places and wires out; the same input always gives the same picture.

Boxes lie in rows by their longest path from the start; a row for labels lies beneath each. A link that is longer than
a row runs through bends; links of one style into one box share their bends, so that they come together as one trunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from orderloom.export.ordering import ordered_rows
from orderloom.export.placing import placed_columns

LABEL_HEIGHT = 18.0
_GAP_BETWEEN_ROWS = 13.0
_MARGIN = 24.0
_BEND_WIDTH = 10.0
_PORT_GAP = 16.0

_ShortLink = tuple[int, int, str]       # upper vertex, lower vertex, style


@dataclass(frozen=True)
class Box:
    """What is to be placed; its key is its position in the sequence."""

    width: float
    height: float


@dataclass(frozen=True)
class Link:
    """From box to box, by position. The label takes its own room; links of one `style` may share a trunk."""

    source: int
    target: int
    style: str = ""
    label_width: float = 0.0


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Wire:
    """A piece of one or more links, from above to below; `arrow`: it ends at a box."""

    start: Point
    end: Point
    style: str
    arrow: bool


@dataclass(frozen=True)
class Layout:
    """Centres of boxes and of labels (None: the link has none), the wires, and the size of it all."""

    boxes: tuple[Point, ...]
    rows: tuple[int, ...]
    labels: tuple[Point | None, ...]
    wires: tuple[Wire, ...]
    width: float
    height: float


@dataclass
class _Vertex:
    """A box, a label or a bend: something that takes a place in a row."""

    row: int
    width: float
    height: float = 0.0
    box: bool = False
    weight: float = 1.0
    x: float = 0.0
    y: float = 0.0


@dataclass
class _Net:
    """The vertices and the short links between neighbouring rows (upper, lower, style)."""

    vertices: list[_Vertex]
    links: dict[_ShortLink, None] = field(default_factory=dict)     # a set that keeps its order
    label_of: dict[int, int] = field(default_factory=dict)

    def add(self, vertex: _Vertex) -> int:
        self.vertices.append(vertex)
        return len(self.vertices) - 1

    def join(self, upper: int, lower: int, style: str) -> None:
        self.links[upper, lower, style] = None


def layout(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """Place the boxes. The links must have no cycle."""
    rows = _longest_paths(len(boxes), links)
    net = _net(boxes, links, rows)
    order = ordered_rows([v.row for v in net.vertices], [(a, b) for a, b, _ in net.links])
    placed_columns(
        order, [(a, b) for a, b, _ in net.links],
        widths=[v.width for v in net.vertices], weights=[v.weight for v in net.vertices],
        put=lambda key, x: setattr(net.vertices[key], "x", x),
    )
    height = _place_rows(net, order)
    width = _shift_into_view(net)
    return Layout(
        boxes=tuple(Point(v.x, v.y) for v in net.vertices[: len(boxes)]),
        rows=tuple(rows),
        labels=tuple(_label_point(net, index) for index in range(len(links))),
        wires=tuple(_wires(net)),
        width=width,
        height=height,
    )


def _longest_paths(count: int, links: Sequence[Link]) -> list[int]:
    rows = [0] * count
    for _ in range(count):
        changed = False
        for link in links:
            if rows[link.target] < rows[link.source] + 1:
                rows[link.target] = rows[link.source] + 1
                changed = True
        if not changed:
            break
    return rows


def _net(boxes: Sequence[Box], links: Sequence[Link], rows: Sequence[int]) -> _Net:
    # rows are doubled: boxes take the even ones, labels the odd ones
    net = _Net([_Vertex(2 * rows[key], box.width, box.height, box=True) for key, box in enumerate(boxes)])
    bends: dict[tuple[int, str, int], int] = {}
    for index, link in enumerate(links):
        upper, first = link.source, 2 * rows[link.source] + 1
        if link.label_width:
            label = net.add(_Vertex(first, link.label_width, LABEL_HEIGHT, weight=2.0))
            net.label_of[index] = label
            net.join(upper, label, link.style)
            upper, first = label, first + 1
        for row in range(first, 2 * rows[link.target]):
            key = (link.target, link.style, row)
            if key not in bends:
                bends[key] = net.add(_Vertex(row, _BEND_WIDTH, weight=4.0))
            net.join(upper, bends[key], link.style)
            upper = bends[key]
        net.join(upper, link.target, link.style)
    return net


def _place_rows(net: _Net, order: Sequence[Sequence[int]]) -> float:
    top, reach = _MARGIN, [0.0] * len(order)
    for upper, lower, _ in net.links:
        row = net.vertices[upper].row
        reach[row] = max(reach[row], abs(net.vertices[upper].x - net.vertices[lower].x))
    for row, keys in enumerate(order):
        height = max((net.vertices[key].height for key in keys), default=0.0)
        for key in keys:
            net.vertices[key].y = top + height / 2
            if not net.vertices[key].box and not net.vertices[key].height:
                net.vertices[key].height = height           # a bend runs straight through its row
        top += height + _GAP_BETWEEN_ROWS + min(reach[row] * 0.06, 30.0)     # a long way sideways needs some way down
    return top - _GAP_BETWEEN_ROWS + _MARGIN


def _shift_into_view(net: _Net) -> float:
    left = min((v.x - v.width / 2 for v in net.vertices), default=0.0)
    for vertex in net.vertices:
        vertex.x += _MARGIN - left
    return max((v.x + v.width / 2 for v in net.vertices), default=0.0) + _MARGIN


def _label_point(net: _Net, link: int) -> Point | None:
    key = net.label_of.get(link)
    return None if key is None else Point(net.vertices[key].x, net.vertices[key].y)


def _wires(net: _Net) -> list[Wire]:
    links, plain = _without_plain_bends(net)
    leaving, arriving = _ports(net, links, lower=False), _ports(net, links, lower=True)
    wires = []
    for link in links:
        upper, lower, style = link
        above, below = net.vertices[upper], net.vertices[lower]
        start = Point(leaving[link], above.y + above.height / 2)
        wires.append(Wire(start, Point(arriving[link], below.y - below.height / 2), style, below.box))
    unlike_bends = {*plain, *net.label_of.values()}
    for key, style in {lower: style for _, lower, style in net.links}.items():
        bend = net.vertices[key]
        if not bend.box and key not in unlike_bends:
            top, bottom = Point(bend.x, bend.y - bend.height / 2), Point(bend.x, bend.y + bend.height / 2)
            wires.append(Wire(top, bottom, style, arrow=False))
    return wires


def _without_plain_bends(net: _Net) -> tuple[list[_ShortLink], set[int]]:
    """The links, those from box to next box without a label as one; and the bends that fell away by it."""
    into = {lower: upper for upper, lower, _ in net.links if net.vertices[upper].box}
    coming = Counter(lower for _, lower, _ in net.links)
    labels = set(net.label_of.values())
    plain = {
        upper for upper, lower, _ in net.links
        if net.vertices[lower].box and upper in into and coming[upper] == 1 and upper not in labels
        and not net.vertices[upper].box
    }
    kept = [link for link in net.links if link[1] not in plain]
    return [(into[upper] if upper in plain else upper, lower, style) for upper, lower, style in kept], plain


def _ports(net: _Net, links: Sequence[_ShortLink], *, lower: bool) -> dict[_ShortLink, float]:
    """Where each link touches the box at its upper or lower end: side by side, in the order of the far ends."""
    at: dict[int, list[_ShortLink]] = {}
    for link in links:
        at.setdefault(link[1] if lower else link[0], []).append(link)
    found = {}
    for key, touching in at.items():
        vertex = net.vertices[key]
        step = min(_PORT_GAP, vertex.width * 0.7 / len(touching)) if vertex.box else 0.0
        far = sorted(touching, key=lambda link: (net.vertices[link[0] if lower else link[1]].x, link))
        for position, link in enumerate(far):
            found[link] = vertex.x + (position - (len(touching) - 1) / 2) * step
    return found
