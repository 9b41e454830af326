"""The room that is left in a box: the largest empty cuboids, which overlap, and what is left of them around a unit.

After Lai and Chan, *Developing a simulated annealing algorithm for the cutting stock problem* (1997): a unit that is
put down cuts each space that it touches into at most six, and those that lie in another are dropped.
"""

from __future__ import annotations

from typing import NamedTuple

from orderloom_nodes.pack.units import Size


class Space(NamedTuple):
    """From one corner to the opposite one."""

    x0: int
    y0: int
    z0: int
    x1: int
    y1: int
    z1: int

    @property
    def size(self) -> Size:
        return self.x1 - self.x0, self.y1 - self.y0, self.z1 - self.z0

    def takes(self, size: Size) -> bool:
        return (
            size[0] <= self.x1 - self.x0 and size[1] <= self.y1 - self.y0 and size[2] <= self.z1 - self.z0
        )  # fmt: skip

    def touches(self, other: Space) -> bool:
        return (
            self.x0 < other.x1 and other.x0 < self.x1
            and self.y0 < other.y1 and other.y0 < self.y1
            and self.z0 < other.z1 and other.z0 < self.z1
        )  # fmt: skip

    def holds(self, other: Space) -> bool:
        return (
            self.x0 <= other.x0 and self.y0 <= other.y0 and self.z0 <= other.z0
            and self.x1 >= other.x1 and self.y1 >= other.y1 and self.z1 >= other.z1
        )  # fmt: skip


def at_corner(space: Space, size: Size) -> Space:
    """Where a unit of that size lies when it is pushed into the near lower left corner."""
    return Space(*space[:3], space.x0 + size[0], space.y0 + size[1], space.z0 + size[2])


def without(spaces: list[Space], taken: Space, smallest: int) -> list[Space]:
    """What is empty still; spaces with a side below `smallest` take nothing any more and are dropped."""
    kept = [space for space in spaces if not space.touches(taken)]
    cut = [
        piece
        for space in spaces
        if space.touches(taken)
        for piece in _around(space, taken)
        if min(piece.size) >= smallest
    ]
    cut.sort(key=lambda one: -one.size[0] * one.size[1] * one.size[2])
    for piece in cut:
        if not any(other.holds(piece) for other in kept):
            kept.append(piece)
    return kept


def _around(space: Space, taken: Space) -> list[Space]:
    x0, y0, z0, x1, y1, z1 = space
    found = []
    if taken.x0 > x0:
        found.append(Space(x0, y0, z0, taken.x0, y1, z1))
    if taken.x1 < x1:
        found.append(Space(taken.x1, y0, z0, x1, y1, z1))
    if taken.y0 > y0:
        found.append(Space(x0, y0, z0, x1, taken.y0, z1))
    if taken.y1 < y1:
        found.append(Space(x0, taken.y1, z0, x1, y1, z1))
    if taken.z0 > z0:
        found.append(Space(x0, y0, z0, x1, y1, taken.z0))
    if taken.z1 < z1:
        found.append(Space(x0, y0, taken.z1, x1, y1, z1))
    return found
