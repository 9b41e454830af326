"""Where goods lie, from two files: `locations.yaml` says where, `levels.csv` how many. Read once, when first asked.

stock/locations.yaml    locations: a list; the fields are those of the model Location
stock/levels.csv        location_id,sku,on_hand,reserved,safety_stock,as_of (the last three may be left out)
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from orderloom.model import Location, StockLevel
from orderloom.problems import Problem, ProblemsError
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.stock_levels import read_levels
from orderloom.world.stock_locations import read_locations


class StockFiles:
    """The connection `stock` over a folder of files; a file that is wrong fails every call, with its first finding."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def locations(self) -> tuple[Location, ...]:
        """Every location, by its id. Raises `ConnectionFailedError` (invalid) where a file cannot be read."""
        return self._read[0]

    def levels(self, skus: Collection[str]) -> tuple[StockLevel, ...]:
        """The levels of these articles, by article and location. Raises `ConnectionFailedError` (invalid)."""
        by_sku = self._read[1]
        return tuple(level for sku in sorted(set(skus)) for level in by_sku.get(sku, ()))

    def skus(self) -> Collection[str]:
        """Every article that has a row. Raises `ConnectionFailedError` (invalid)."""
        return self._read[1].keys()

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files, for `check`; nothing where they can be used."""
        try:
            self.load()
        except ProblemsError as error:
            return error.problems
        return ()

    def load(self) -> tuple[tuple[Location, ...], dict[str, tuple[StockLevel, ...]]]:
        """Both files anew. Raises `ProblemsError` with every finding."""
        locations = read_locations(self.folder / "locations.yaml")
        levels = read_levels(self.folder / "levels.csv", {location.location_id for location in locations})
        by_sku: dict[str, list[StockLevel]] = {}
        for level in sorted(levels, key=lambda level: level.location_id):
            by_sku.setdefault(level.sku, []).append(level)
        return locations, {sku: tuple(found) for sku, found in by_sku.items()}

    @cached_property
    def _read(self) -> tuple[tuple[Location, ...], dict[str, tuple[StockLevel, ...]]]:
        try:
            return self.load()
        except ProblemsError as error:
            raise ConnectionFailedError("invalid", _told(error.problems)) from error


def _told(problems: tuple[Problem, ...]) -> str:
    first = problems[0]
    rest = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    mend = f"; {first.help}" if first.help else ""
    return f"the stock files cannot be used: {first.place}: {first.message}{mend}{rest}"
