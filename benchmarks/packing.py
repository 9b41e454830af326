"""How full boxes get and how long that takes, beside a plain first fit.

python benchmarks/packing.py [--instances 30]

Boxes of 30 × 20 × 15 cm, cut into so many parts at random: they fit just so, and the best packing fills 100 %. First
fit puts each unit, the largest first, at the first corner of an earlier one where it fits (the way of py3dbp).
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence

from orderloom_nodes.pack.filling import fill
from orderloom_nodes.pack.spaces import Space
from orderloom_nodes.pack.units import Kind, Size, Unit, turns, volume

BOX = (3000, 2000, 1500)


def parts(rng: random.Random, count: int) -> list[Size]:
    """The box, cut across at random until there are so many parts, none thinner than 1 cm."""
    found: list[Size] = [BOX]
    while len(found) < count:
        size = found.pop(max(range(len(found)), key=lambda place: volume(found[place]) * rng.random()))
        axis = rng.choice([axis for axis in range(3) if size[axis] > 300] or [0])
        at = rng.randrange(100, max(101, size[axis] - 99), 50)
        found += [(*size[:axis], side, *size[axis + 1 :]) for side in (at, size[axis] - at)]  # type: ignore[misc]
    return [size for size in found if min(size) > 0]


def first_fit(units: Sequence[Unit]) -> int:
    """The volume that is packed."""
    placed: list[Space] = []
    for unit in sorted(units, key=lambda one: -one.volume):
        at = _first(placed, unit)
        if at is not None:
            placed.append(at)
    return sum(volume(one.size) for one in placed)


def _first(placed: Sequence[Space], unit: Unit) -> Space | None:
    corners = [(0, 0, 0)] + [
        corner
        for one in placed
        for corner in ((one.x1, one.y0, one.z0), (one.x0, one.y1, one.z0), (one.x0, one.y0, one.z1))
    ]
    for corner in corners:
        for size in turns(unit.kind):
            at = Space(*corner, *(near + side for near, side in zip(corner, size, strict=True)))
            if all(far <= side for far, side in zip(at[3:], BOX, strict=True)) and not any(map(at.touches, placed)):
                return at
    return None


def measured(name: str, pack: Callable[[Sequence[Unit]], int], instances: Sequence[Sequence[Unit]]) -> None:
    begun = time.process_time()
    packed = [pack(units) for units in instances]
    cost = (time.process_time() - begun) / len(instances) * 1000
    full = sum(one == sum(unit.volume for unit in units) for one, units in zip(packed, instances, strict=True))
    share = sum(packed) / len(packed) / volume(BOX) * 100
    print(f"  {name:<10} {share:5.1f} % filled   all in one box {full:>3} of {len(instances)}   {cost:7.1f} ms of CPU")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--instances", type=int, default=30)
    count = asked.parse_args().instances
    for number in (5, 8, 12, 20, 40):
        instances = []
        for seed in range(count):
            rng = random.Random(seed)
            instances.append([
                Unit(Kind(str(place), "", tuple(rng.sample(size, 3)), 1, False, False, ""), 0)  # type: ignore[arg-type]
                for place, size in enumerate(parts(rng, number))
            ])  # fmt: skip
        print(f"{number} parts")
        measured("first fit", first_fit, instances)
        measured("orderloom", lambda units: fill(BOX, 10**9, units).volume, instances)
    same = [[Unit(Kind("1", "", (1000, 1000, 700), 1, False, False, ""), place) for place in range(12)]]
    print("12 units of 10 × 10 × 7 cm")
    measured("first fit", first_fit, same)
    measured("orderloom", lambda units: fill(BOX, 10**9, units).volume, same)


if __name__ == "__main__":
    main()
