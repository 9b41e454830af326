"""The ledger's shelf in; each sum of reserved units that is not what the open reservations come to, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from orderloom.world.shelf import Shelf

SEPARATOR = "\x1f"  # keys of sums are `sku SEPARATOR location`


class Difference(NamedTuple):
    """`kept` stands as reserved, and open reservations hold `held`."""

    location_id: str
    sku: str
    kept: int
    held: int

    def __str__(self) -> str:
        return f"{self.sku} at {self.location_id}: {self.kept} stand as reserved, open reservations hold {self.held}"


def audit(shelf: Shelf) -> list[Difference]:
    """By article and location. What nobody changes meanwhile is looked at: the caller sees to that."""
    kept: Mapping[str, int] = shelf.all("stock-reserved")
    held = _held(shelf.all("reservation").values())
    names = sorted(name for name in {*kept, *held} if kept.get(name, 0) != held[name])
    return [_difference(name, kept.get(name, 0), held[name]) for name in names]


def mend(shelf: Shelf) -> list[Difference]:
    """Let the sums be what the open reservations hold; gives what was wrong."""
    with shelf.changing():
        found = audit(shelf)
        for wrong in found:
            name = f"{wrong.sku}{SEPARATOR}{wrong.location_id}"
            if wrong.held:
                shelf.put("stock-reserved", name, wrong.held)
            else:
                shelf.drop("stock-reserved", name)
    return found


def _held(reservations: Any) -> Counter[str]:
    held: Counter[str] = Counter()
    for found in reservations:
        if found["reservation"]["status"] != "open":
            continue
        wanted: Counter[str] = Counter()
        for take in found["reservation"]["takes"]:
            wanted[f"{take['sku']}{SEPARATOR}{take['location_id']}"] += take["quantity"]
        for name, units in wanted.items():
            held[name] += units - found["used"].get(name, 0)
    return +held


def _difference(name: str, kept: int, held: int) -> Difference:
    sku, _, location_id = name.partition(SEPARATOR)
    return Difference(location_id, sku, kept, held)
