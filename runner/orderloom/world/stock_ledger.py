"""What happened to counted stock since: units promised to orders, sent off and put back, on a shelf of this machine.

Reservations are all or nothing, made one at a time over threads and processes, and there once for each key. What
moved before a location's stock was counted (`as_of`) is in the count already; what moved after it is added to it.

Nothing here is read whole, so that the millionth order takes as long as the first: an article's movements beyond
the latest few hundred are kept as one sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from orderloom.model import Reservation, StockLevel, Take
from orderloom.world.shelf import Shelf
from orderloom.world.stock_audit import SEPARATOR, Difference, audit

NO_CAPACITIES: Mapping[str, int | None] = MappingProxyType({})
Levels = Callable[[set[str]], Mapping[tuple[str, str], StockLevel]]

SINGLE_MOVES = 200  # so many of an article at a place are kept one by one, to tell a later count what it has seen
_SEPARATOR, _BEHIND = SEPARATOR, "\x20"  # keys are `sku SEPARATOR location`; BEHIND follows all that begin so


class StockLedger:
    """Reservations and movements by location and article."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def applied(self, level: StockLevel) -> StockLevel:
        """The level as it is now."""
        name = _name(level.location_id, level.sku)
        held = self._shelf.get("stock-reserved", name) or 0
        moves: list[tuple[str, int]] = self._shelf.get("stock-moved", name) or []
        since = sum(quantity for at, quantity in moves if _after(at, level.as_of))
        if not held and not since:
            return level
        return level.model_copy(update={"reserved": level.reserved + held, "on_hand": level.on_hand + since})

    def uncounted(self, skus: Iterable[str], counted: set[tuple[str, str]]) -> list[StockLevel]:
        """What was put where none was ever counted."""
        found = []
        for sku in sorted(set(skus)):
            moved = self._shelf.between("stock-moved", f"{sku}{_SEPARATOR}", f"{sku}{_BEHIND}")
            for name in moved:
                location_id = name.partition(_SEPARATOR)[2]
                if (location_id, sku) not in counted and sum(quantity for _, quantity in moved[name]):
                    found.append(self.applied(StockLevel(location_id=location_id, sku=sku, on_hand=0)))
        return found

    def reservation(self, key: str) -> Reservation | None:
        found = self._shelf.get("reservation", reservation_id_of(key))
        return None if found is None else Reservation.model_validate(found["reservation"])

    def picks(self, location_id: str, day: date) -> int:
        """Units that are promised to be picked there on that day."""
        return int(self._shelf.get("stock-picks", _picks_name(location_id, day)) or 0)

    def reserve(
        self,
        order_id: str,
        takes: Sequence[Take],
        key: str,
        now: datetime,
        until: datetime | None,
        levels: Levels,
        channel: str | None = None,
        capacities: Mapping[str, int | None] = NO_CAPACITIES,
    ) -> Reservation | None:
        with self._shelf.changing():
            self._sweep(now)
            known = self.reservation(key)
            if known is not None and known.status in {"open", "used"}:
                return known
            held = levels({take.sku for take in takes})
            if any(not _fits(held, place, quantity, channel) for place, quantity in sums_of(takes).items()):
                return None
            if any(not self._has_room(at, quantity, capacities) for at, quantity in picks_of(takes).items()):
                return None
            made = Reservation(
                reservation_id=reservation_id_of(key), order_id=order_id, takes=tuple(takes), reserved_at=now,
                expires_at=until,
            )
            self._keep(made, {})
            self._hold(takes, 1)
            self._plan(takes, 1)
        return made

    def audit(self) -> list[Difference]:
        """Each sum of reserved units that is not what the open reservations come to."""
        if not self._shelf.exists:
            return []
        with self._shelf.changing():
            return audit(self._shelf)

    def expire(self, now: datetime) -> None:
        """Give up the promises whose time is over, so that whoever looks next finds their units."""
        if self._due(now):
            with self._shelf.changing():
                self._sweep(now)

    def release(self, reservation_id: str) -> bool:
        """Give up what is not used of it; False where it is not open."""
        with self._shelf.changing():
            return self._end(reservation_id, "released")

    def use(self, reservation_id: str, takes: Sequence[Take], key: str, now: datetime) -> None:
        """Units leave the shelf. Those that no open reservation holds leave it all the same."""
        with self._shelf.changing():
            if self._met("use", key):
                return
            found = self._shelf.get("reservation", reservation_id)
            if found is not None and found["reservation"]["status"] == "open":
                self._use_up(Reservation.model_validate(found["reservation"]), Counter(found["used"]), takes)
            self._move(takes, -1, now)

    def restock(self, takes: Sequence[Take], key: str, now: datetime) -> None:
        with self._shelf.changing():
            if not self._met("restock", key):
                self._move(takes, 1, now)

    # Everything below is called while nobody else writes

    def _hold(self, takes: Iterable[Take], sign: int) -> None:
        for (location_id, sku), quantity in sums_of(takes).items():
            name = _name(location_id, sku)
            held = (self._shelf.get("stock-reserved", name) or 0) + sign * quantity
            if held > 0:
                self._shelf.put("stock-reserved", name, held)
            else:
                self._shelf.drop("stock-reserved", name)

    def _has_room(self, at: tuple[str, date], quantity: int, capacities: Mapping[str, int | None]) -> bool:
        capacity = capacities.get(at[0])
        return capacity is None or self.picks(*at) + quantity <= capacity

    def _plan(self, takes: Iterable[Take], sign: int) -> None:
        for (location_id, day), quantity in picks_of(takes).items():
            name = _picks_name(location_id, day)
            left = (self._shelf.get("stock-picks", name) or 0) + sign * quantity
            if left > 0:
                self._shelf.put("stock-picks", name, left)
            else:
                self._shelf.drop("stock-picks", name)

    def _move(self, takes: Iterable[Take], sign: int, now: datetime) -> None:
        for (location_id, sku), quantity in sums_of(takes).items():
            name = _name(location_id, sku)
            moves = self._shelf.get("stock-moved", name) or []
            self._shelf.put("stock-moved", name, _shortened([*moves, [now.isoformat(), sign * quantity]]))

    def _use_up(self, held: Reservation, used: Counter[str], takes: Sequence[Take]) -> None:
        promised = Counter({_name(*place): quantity for place, quantity in sums_of(held.takes).items()})
        freed = []
        for (location_id, sku), quantity in sums_of(takes).items():
            name = _name(location_id, sku)
            part = min(quantity, promised[name] - used[name])
            if part > 0:
                used[name] += part
                freed.append(Take(location_id=location_id, sku=sku, quantity=part))
        self._hold(freed, -1)
        done = all(used[name] >= quantity for name, quantity in promised.items())
        self._keep(held.model_copy(update={"status": "used"}) if done else held, used)

    def _end(self, reservation_id: str, status: str) -> bool:
        found = self._shelf.get("reservation", reservation_id)
        if found is None or found["reservation"]["status"] != "open":
            return False
        held, used = Reservation.model_validate(found["reservation"]), found["used"]
        rest = {place: quantity - used.get(_name(*place), 0) for place, quantity in sums_of(held.takes).items()}
        given_up = [Take(location_id=at, sku=sku, quantity=left) for (at, sku), left in rest.items() if left > 0]
        self._hold(given_up, -1)
        days = {take.location_id: take.pick_on for take in held.takes}
        self._plan([take.model_copy(update={"pick_on": days[take.location_id]}) for take in given_up], -1)
        self._keep(held.model_copy(update={"status": status}), used)
        return True

    def _keep(self, made: Reservation, used: Mapping[str, int]) -> None:
        document = {"reservation": made.model_dump(mode="json", exclude_none=True), "used": dict(used)}
        self._shelf.put("reservation", made.reservation_id, document)
        if made.expires_at is not None:
            due = f"{_sortable(made.expires_at)} {made.reservation_id}"
            if made.status == "open":
                self._shelf.put("reservation-due", due, made.reservation_id)
            else:
                self._shelf.drop("reservation-due", due)

    def _sweep(self, now: datetime) -> None:
        for reservation_id in self._due(now).values():
            self._end(reservation_id, "expired")

    def _due(self, now: datetime) -> Mapping[str, str]:
        return self._shelf.between("reservation-due", "", f"{_sortable(now)}!")

    def _met(self, kind: str, key: str) -> bool:
        if self._shelf.get(f"stock-{kind}", key) is not None:
            return True
        self._shelf.put(f"stock-{kind}", key, True)
        return False


def reservation_id_of(key: str) -> str:
    """The one reservation that a call with this key makes."""
    return f"rsv-{key[:32]}"


def _name(location_id: str, sku: str) -> str:
    return f"{sku}{_SEPARATOR}{location_id}"


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _shortened(moves: list[Any]) -> list[Any]:
    """The older half as one movement at the time of its last one, once there are twice as many as are kept single.

    A count that fell into that time would have the earlier of them taken off once more: too few units are on offer
    until the next count, never too many.
    """
    if len(moves) <= 2 * SINGLE_MOVES:
        return moves
    older, latest = moves[:-SINGLE_MOVES], moves[-SINGLE_MOVES:]
    return [[older[-1][0], sum(quantity for _, quantity in older)], *latest]


def sums_of(takes: Iterable[Take]) -> Mapping[tuple[str, str], int]:
    """Units by location and article."""
    found: Counter[tuple[str, str]] = Counter()
    for take in takes:
        found[(take.location_id, take.sku)] += take.quantity
    return found


def picks_of(takes: Iterable[Take]) -> Mapping[tuple[str, date], int]:
    """Units by location and the day on which they are picked."""
    found: Counter[tuple[str, date]] = Counter()
    for take in takes:
        if take.pick_on is not None:
            found[take.location_id, take.pick_on] += take.quantity
    return found


def _picks_name(location_id: str, day: date) -> str:
    return f"{day.isoformat()}{_SEPARATOR}{location_id}"


def _fits(
    held: Mapping[tuple[str, str], StockLevel], place: tuple[str, str], quantity: int, channel: str | None
) -> bool:
    level = held.get(place)
    return level is not None and level.available_to(channel) >= quantity


def _after(at: str, counted: datetime | None) -> bool:
    return counted is None or datetime.fromisoformat(at) > counted
