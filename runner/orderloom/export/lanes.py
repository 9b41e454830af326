"""What follows what in; columns of lines and dots for a terminal out, a row a step, as logs of branches are drawn.

    ●     route
    ├─╮
    ●  │  tell
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_DOT = "●"


@dataclass(frozen=True)
class Drawn:
    """One row: what stands above its dot (lines that come together), the dot's line, and what stands below.

    `beside` goes before whatever else is told of the row.
    """

    above: Sequence[str]
    dot: str
    below: Sequence[str]
    beside: str


def lanes(count: int, edges: Iterable[tuple[int, int]], dots: Mapping[int, str] | None = None) -> list[Drawn]:
    """Rows from 0 to `count`, an edge leading downwards from each of its pairs; `dots` are signs in place of `●`."""
    targets: dict[int, list[int]] = {}
    for source, target in sorted(set(edges)):
        targets.setdefault(source, []).append(target)
    drawing = _Drawing([], dots or {})
    return [drawing.row(number, targets.get(number, [])) for number in range(count)]


@dataclass
class _Drawing:
    held: list[int | None]  # of each lane the row that it leads to
    dots: Mapping[int, str]

    def row(self, number: int, targets: Sequence[int]) -> Drawn:
        coming = [lane for lane, target in enumerate(self.held) if target == number]
        column = coming[0] if coming else self._free()
        self.held[column] = number
        above = [self._joint(column, coming[1:], "╯")] if coming[1:] else []
        for lane in coming[1:]:
            self.held[lane] = None
        dot = self._line({column: self.dots.get(number, _DOT)})
        self.held[column] = targets[0] if targets else None
        opened = [self._open(target) for target in targets[1:]]
        below = [self._joint(column, opened, "╮")] if opened else []
        self._trim()
        return Drawn(above, dot, below, self._line({}))

    def _free(self) -> int:
        for lane, target in enumerate(self.held):
            if target is None:
                return lane
        self.held.append(None)
        return len(self.held) - 1

    def _open(self, target: int) -> int:
        lane = self._free()
        self.held[lane] = target
        return lane

    def _trim(self) -> None:
        while self.held and self.held[-1] is None:
            self.held.pop()

    def _line(self, signs: Mapping[int, str]) -> str:
        told = [signs.get(lane, " " if target is None else "│") for lane, target in enumerate(self.held)]
        return " ".join(told).rstrip()

    def _joint(self, column: int, others: Sequence[int], corner: str) -> str:
        """The line on which lanes leave one, or come back to it."""
        low, high = min(column, *others), max(column, *others)
        signs: list[str] = []
        for lane, target in enumerate(self.held):
            signs.append(self._sign(lane, target, column, others, corner, low, high))
            signs.append("─" if low <= lane < high else " ")
        return "".join(signs).rstrip()

    def _sign(
        self, lane: int, target: int | None, column: int, others: Sequence[int], corner: str, low: int, high: int
    ) -> str:
        if lane == column:
            return "┤" if lane == high else "├" if lane == low else "┼"
        if lane in others:
            inner = "┴" if corner == "╯" else "┬"
            mirrored = "╰" if corner == "╯" else "╭"
            return corner if lane == high else mirrored if lane == low else inner
        crossing = low < lane < high
        return ("─" if crossing else " ") if target is None else ("┼" if crossing else "│")
