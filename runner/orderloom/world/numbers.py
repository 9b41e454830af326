"""Numbers that are counted, one after another in each series; the same effect has the same one, also after a crash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from orderloom.world.protocols import Numbered
from orderloom.world.shelf import Shelf


class Counter:
    """The connection `numbers`: each series begins with 1."""

    remote: ClassVar[bool] = False

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def take(self, series: str, key: str, now: datetime) -> Numbered:
        """The number that this key has in the series, with the moment at which it got it."""
        with self._shelf.changing():
            known = self._shelf.get("number", f"{series}\n{key}")
            if known is None:
                last = self._shelf.get("series", series) or 0
                known = {"number": last + 1, "at": now.astimezone(UTC).isoformat()}
                self._shelf.put("number", f"{series}\n{key}", known)
                self._shelf.put("series", series, last + 1)
        return Numbered(known["number"], datetime.fromisoformat(known["at"]))

    def probe(self) -> str:
        """Whether numbers can be counted."""
        self._shelf.probe()
        return f"counts numbers in {self._shelf.count('series')} series"
