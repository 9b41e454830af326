"""Where goods lie, from two files: `locations.yaml` says where, `levels.csv` how many. Read once, when first asked.

What has been promised, sent off and put back since they were counted is in a ledger (stock_ledger.py).

stock/locations.yaml    locations: a list; the fields are those of the model Location
stock/levels.csv        location_id,sku,on_hand,reserved,safety_stock,as_of,expected_at (the last four may be left out)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from orderloom.model import Location, Reservation, StockLevel, Take
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.source.absent import meant
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.shelf import Shelf
from orderloom.world.stock_audit import Difference, mend
from orderloom.world.stock_ledger import StockLedger
from orderloom.world.stock_levels import read_levels
from orderloom.world.stock_locations import read_locations

_MEND = "`orderloom stock audit --mend` counts anew"
_FILES = ("locations.yaml", "levels.csv")


class StockFiles:
    """The connection `stock` over a folder of files; a file that is wrong fails every call, with its first finding."""

    remote: ClassVar[bool] = False

    def __init__(self, folder: Path, shelf: Shelf | None = None) -> None:
        self.folder = folder
        self._shelf = shelf or Shelf()
        self._ledger = StockLedger(self._shelf)

    def locations(self) -> tuple[Location, ...]:
        """Every location, by its id. Raises `ConnectionFailedError` (invalid) where a file cannot be read."""
        return self._read[0]

    def levels(self, skus: Collection[str]) -> tuple[StockLevel, ...]:
        """The levels of these articles, by article and location, as they are now. Raises `ConnectionFailedError`."""
        by_sku = self._read[1]
        counted = [level for sku in sorted(set(skus)) for level in by_sku.get(sku, ())]
        new = self._ledger.uncounted(skus, {(level.location_id, level.sku) for level in counted})
        return tuple(map(self._ledger.applied, counted)) + tuple(new)

    def skus(self) -> Collection[str]:
        """Every article that has a row. Raises `ConnectionFailedError` (invalid)."""
        return self._read[1].keys()

    def reserve(
        self,
        order_id: str,
        takes: Sequence[Take],
        key: str,
        now: datetime,
        until: datetime | None = None,
        channel: str | None = None,
    ) -> Reservation | None:
        """Promise units to an order: all of them, or None where one is there no more."""
        capacities = {location.location_id: location.capacity for location in self.locations()}
        return self._ledger.reserve(order_id, takes, key, now, until, self._by_place, channel, capacities)

    def reservation(self, key: str) -> Reservation | None:
        return self._ledger.reservation(key)

    def picks(self, location_id: str, day: date) -> int:
        return self._ledger.picks(location_id, day)

    def expire(self, now: datetime) -> None:
        """Give up the promises whose time is over."""
        self._ledger.expire(now)

    def release(self, reservation_id: str, key: str, now: datetime) -> bool:  # noqa: ARG002 (its status tells a repeat)
        """Give up what is left of it."""
        return self._ledger.release(reservation_id)

    def use(self, reservation_id: str, takes: Sequence[Take], key: str, now: datetime) -> None:
        """Units of it leave the shelf."""
        self._ledger.use(reservation_id, takes, key, now)

    def restock(self, takes: Sequence[Take], key: str, now: datetime) -> None:
        """Put units on the shelf. Raises `ConnectionFailedError` (invalid) for a location that is not known."""
        known = {location.location_id for location in self.locations()}
        strange = sorted({take.location_id for take in takes} - known)
        if strange:
            raise ConnectionFailedError("invalid", f"no location is named `{strange[0]}`")
        self._ledger.restock(takes, key, now)

    def audit(self) -> list[Difference]:
        """Each sum of reserved units that is not what the open reservations hold."""
        return self._ledger.audit()

    def mend(self) -> list[Difference]:
        """Count the sums anew; gives what was wrong."""
        return mend(self._shelf)

    def _by_place(self, skus: set[str]) -> Mapping[tuple[str, str], StockLevel]:
        return {(level.location_id, level.sku): level for level in self.levels(skus)}

    def probe(self) -> str:
        """How many places and articles there are, and that reserved units add up. Raises `ConnectionFailedError`."""
        self._shelf.probe()
        if wrong := self._ledger.audit():
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            raise ConnectionFailedError("invalid", f"stock does not add up: {wrong[0]}{more}; {_MEND}")
        return f"locations: {len(self.locations())}, articles: {len(self.skus())}"

    def absent(self) -> list[Problem]:
        """Y001 of each file that is not there."""
        files = [file for name in _FILES if not (file := self.folder / name).is_file()]
        return [Problem("Y001", f"there is no file `{file}`", Place(str(file)), meant(file)) for file in files]

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files, for `check`; nothing where they can be used."""
        try:
            self.load()
        except ProblemsError as error:
            return error.problems
        return ()

    def load(self) -> tuple[tuple[Location, ...], dict[str, tuple[StockLevel, ...]]]:
        """Both files anew. Raises `ProblemsError` with every finding."""
        locations = read_locations(self.folder / _FILES[0])
        levels = read_levels(self.folder / _FILES[1], {location.location_id for location in locations})
        kept = {location.location_id: location.safety_stock for location in locations}
        by_sku: dict[str, list[StockLevel]] = {}
        for level in sorted(levels, key=lambda level: level.location_id):
            told = level.model_copy(update={"kept_from": kept[level.location_id]}) if kept[level.location_id] else level
            by_sku.setdefault(level.sku, []).append(told)
        return locations, {sku: tuple(found) for sku, found in by_sku.items()}

    @cached_property
    def _read(self) -> tuple[tuple[Location, ...], dict[str, tuple[StockLevel, ...]]]:
        try:
            return self.load()
        except ProblemsError as error:
            if self.absent():
                raise ConnectionUnusableError(_told(error.problems)) from error
            raise ConnectionFailedError("invalid", _told(error.problems)) from error


def _told(problems: tuple[Problem, ...]) -> str:
    first = problems[0]
    rest = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    mend = f"; {first.help}" if first.help else ""
    return f"the stock files cannot be used: {first.place}: {first.message}{mend}{rest}"
