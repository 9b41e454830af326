"""Puts goods that came back where they belong: on the shelf, or apart from what is sold."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ConfigDict

from orderloom import NodeError, Outcome, Setting, StockKeeper, World, node
from orderloom.model import Location, Model, Take

_AS_NEW = {"new", "like_new"}
_GONE = {"destroy", "donate", "liquidate"}


class Inspected(Model):
    """What came back of an article, and how. More may stand there and is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    sku: str
    quantity: int = 1
    condition: str | None = None
    disposition: str | None = None
    location_id: str | None = None


class Left(Model):
    """What was not put back, and why."""

    sku: str
    quantity: int
    why: str


class Restocked(Outcome, name="restocked"):
    """`takes` is on the shelf again, `aside` counted where nothing is sold from; `left` is neither."""

    takes: tuple[Take, ...]
    left: tuple[Left, ...] = ()
    aside: tuple[Take, ...] = ()


@node("restock", effects="keyed")
def restock(
    lines: list[Inspected],
    world: World,
    location: str | None = None,
    places: Setting[dict[str, str] | None] = None,
    connection: Setting[str] = "stock",
) -> Restocked:
    """Put back what an inspection found fit for sale, and set the rest aside.

    Fit is what bears `disposition: restock`, or none at all and the condition new or like_new. It goes to the line's
    `location_id`, else to `location`, else to the first location that has the article or is enabled. Goods to be
    refurbished, quarantined or returned to the vendor are counted at the line's `location_id` or the one that `places`
    names for the disposition, which must be one that nothing is sold from (`enabled: false`). What is destroyed, given
    away or has no such place is no stock any more, and is told.
    """
    keeper = world.connection(connection, StockKeeper)
    takes, aside, left = [], [], []
    for line in lines:
        why = _why_not(line, places or {})
        if why:
            left.append(Left(sku=line.sku, quantity=line.quantity, why=why))
        elif _is_fit(line):
            takes.append(Take(location_id=_location(line, location, keeper), sku=line.sku, quantity=line.quantity))
        else:
            aside.append(Take(location_id=_apart(line, places or {}, keeper), sku=line.sku, quantity=line.quantity))
    if takes or aside:
        keeper.restock([*takes, *aside], world.key, world.now())
    return Restocked(takes=tuple(takes), left=tuple(left), aside=tuple(aside))


def _is_fit(line: Inspected) -> bool:
    return line.disposition == "restock" or (line.disposition is None and line.condition in _AS_NEW)


def _why_not(line: Inspected, places: Mapping[str, str]) -> str | None:
    if line.quantity < 1:
        return "nothing of it came back"
    if line.disposition in _GONE or (line.disposition not in (None, "restock") and not _place(line, places)):
        return f"it is to be treated otherwise: {line.disposition}"
    if line.disposition is None and line.condition not in _AS_NEW:
        return f"it cannot be sold as new: {line.condition or 'nobody said in what condition it is'}"
    return None


def _place(line: Inspected, places: Mapping[str, str]) -> str | None:
    return line.location_id or places.get(line.disposition or "")


def _apart(line: Inspected, places: Mapping[str, str], keeper: StockKeeper) -> str:
    """Where nothing is sold from. Raises `NodeError` (invalid) for a location that sells."""
    wanted = _place(line, places) or ""
    found: Location | None = next((one for one in keeper.locations() if one.location_id == wanted), None)
    if found is not None and found.enabled:
        told = f"{line.quantity} of {line.sku} ({line.disposition}) would be sold from {wanted}"
        raise NodeError("invalid", f"{told}: name a location with `enabled: false` under `places`")
    return wanted


def _location(line: Inspected, told: str | None, keeper: StockKeeper) -> str:
    wanted = line.location_id or told
    if wanted:
        return wanted
    having = sorted(level.location_id for level in keeper.levels([line.sku]))
    known = having or sorted(place.location_id for place in keeper.locations() if place.enabled)
    if not known:
        raise NodeError("invalid", f"nobody says where {line.sku} goes: name a `location`")
    return known[0]
