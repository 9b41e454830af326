"""Puts goods that came back on the shelf again, those that can be sold as new."""

from __future__ import annotations

from pydantic import ConfigDict

from orderloom import NodeError, Outcome, Setting, StockKeeper, World, node
from orderloom.model import Model, Take

_AS_NEW = {"new", "like_new"}


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
    """`takes` is on the shelf again; `left` is not."""

    takes: tuple[Take, ...]
    left: tuple[Left, ...] = ()


@node("restock", effects="keyed")
def restock(
    lines: list[Inspected], world: World, location: str | None = None, connection: Setting[str] = "stock"
) -> Restocked:
    """Put back what an inspection found fit for sale.

    That is what bears `disposition: restock`, or none at all and the condition new or like_new. It goes to the line's
    `location_id`, else to `location`, else to the first location that has the article or is enabled.
    """
    keeper = world.connection(connection, StockKeeper)
    takes, left = [], []
    for line in lines:
        why = _why_not(line)
        if why:
            left.append(Left(sku=line.sku, quantity=line.quantity, why=why))
        else:
            takes.append(Take(location_id=_location(line, location, keeper), sku=line.sku, quantity=line.quantity))
    if takes:
        keeper.restock(takes, world.key, world.now())
    return Restocked(takes=tuple(takes), left=tuple(left))


def _why_not(line: Inspected) -> str | None:
    if line.quantity < 1:
        return "nothing of it came back"
    if line.disposition not in (None, "restock"):
        return f"it is to be treated otherwise: {line.disposition}"
    if line.disposition is None and line.condition not in _AS_NEW:
        return f"it cannot be sold as new: {line.condition or 'nobody said in what condition it is'}"
    return None


def _location(line: Inspected, told: str | None, keeper: StockKeeper) -> str:
    wanted = line.location_id or told
    if wanted:
        return wanted
    having = sorted(level.location_id for level in keeper.levels([line.sku]))
    known = having or sorted(place.location_id for place in keeper.locations() if place.enabled)
    if not known:
        raise NodeError("invalid", f"nobody says where {line.sku} goes: name a `location`")
    return known[0]
