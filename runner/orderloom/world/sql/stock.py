"""Stock in any database that SQLAlchemy speaks to (extra `sql`): levels, reservations and picks, each promise at once.

A unit is promised by one statement that takes it only if it is there, so that two orders never get the same one,
whatever the database does besides; rows are taken in one order, so that nobody waits for one who waits.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from orderloom.model import Location, Reservation, StockLevel, Take
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.sql.tables import done, levels, locations, metadata, picks, reservations
from orderloom.world.stock_audit import Difference
from orderloom.world.stock_ledger import picks_of, reservation_id_of, sums_of


class _TakenError(Exception):
    """Not everything is there: the transaction is taken back."""


class StockSql:
    """The connection `stock` over a database; its tables are made when they are first needed."""

    remote: ClassVar[bool] = True

    def __init__(self, url: str) -> None:
        try:
            self._engine = sa.create_engine(url, pool_pre_ping=True)
        except (exc.ArgumentError, exc.NoSuchModuleError, ImportError) as error:
            raise ConnectionUnusableError(f"the database's address cannot be used: {_first(error)}") from error
        if self._engine.dialect.name == "sqlite":
            _begin_at_once(self._engine)
        self._made = False

    def locations(self) -> tuple[Location, ...]:
        """Every location, by its id."""
        with self._change() as db:
            rows = db.execute(sa.select(locations.c.document).order_by(locations.c.location_id))
            return tuple(Location.model_validate_json(row[0]) for row in rows)

    def levels(self, skus: Collection[str]) -> tuple[StockLevel, ...]:
        """The levels of these articles, by article and location."""
        kept = {location.location_id: location.safety_stock for location in self.locations()}
        wanted = levels.c.sku.in_(sorted(set(skus)))
        with self._change() as db:
            rows = db.execute(sa.select(levels).where(wanted).order_by(levels.c.sku, levels.c.location_id)).mappings()
            return tuple(_level(row, kept) for row in rows)

    def skus(self) -> Collection[str]:
        """Every article that has a row."""
        with self._change() as db:
            return {row[0] for row in db.execute(sa.select(levels.c.sku).distinct())}

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
        places = {location.location_id: location for location in self.locations()}
        self.expire(now)
        made = Reservation(
            reservation_id=reservation_id_of(key), order_id=order_id, takes=tuple(takes), reserved_at=now,
            expires_at=until,
        )  # fmt: skip
        try:
            with self._change() as db:
                known = _reservation(db, made.reservation_id)
                if known is not None and known.status in {"open", "used"}:
                    return known
                _keep(db, made, {}, known is None)
                _take(db, takes, places, channel)
        except _TakenError:
            return None
        except exc.IntegrityError:  # the same key at the same time: theirs stands
            return self.reservation(key)
        return made

    def reservation(self, key: str) -> Reservation | None:
        with self._change() as db:
            return _reservation(db, reservation_id_of(key))

    def picks(self, location_id: str, day: date) -> int:
        """Units that are promised to be picked there on that day."""
        at = (picks.c.location_id == location_id) & (picks.c.day == day.isoformat())
        with self._change() as db:
            return int(db.execute(sa.select(picks.c.units).where(at)).scalar() or 0)

    def expire(self, now: datetime) -> None:
        """Give up the promises whose time is over."""
        due = (reservations.c.status == "open") & (reservations.c.expires_at <= _moment(now))
        with self._change() as db:
            for (reservation_id,) in db.execute(sa.select(reservations.c.reservation_id).where(due)).all():
                _end(db, reservation_id, "expired")

    def release(self, reservation_id: str, key: str, now: datetime) -> bool:  # noqa: ARG002 (its status tells a repeat)
        """Give up what is left of it."""
        with self._change() as db:
            return _end(db, reservation_id, "released")

    def use(self, reservation_id: str, takes: Sequence[Take], key: str, now: datetime) -> None:  # noqa: ARG002
        """Units of it leave the shelf."""
        try:
            with self._change() as db:
                db.execute(done.insert().values(kind="use", key=key))
                _use(db, reservation_id, takes)
                _move(db, takes, -1)
        except exc.IntegrityError:
            return

    def restock(self, takes: Sequence[Take], key: str, now: datetime) -> None:  # noqa: ARG002
        """Put units on the shelf. Raises `ConnectionFailedError` (invalid) for a location that is not known."""
        strange = sorted({take.location_id for take in takes} - {place.location_id for place in self.locations()})
        if strange:
            raise ConnectionFailedError("invalid", f"no location is named `{strange[0]}`")
        try:
            with self._change() as db:
                db.execute(done.insert().values(kind="restock", key=key))
                _move(db, takes, 1)
        except exc.IntegrityError:
            return

    def load(self, places: Sequence[Location], counted: Sequence[StockLevel]) -> None:
        """Take over locations and counts, in place of those with the same ids; what is reserved here stays so."""
        with self._change() as db:
            for place in places:
                row = {"document": place.model_dump_json(exclude_defaults=True)}
                _put(db, locations, {"location_id": place.location_id}, row)
            for level in counted:
                counts = {
                    "on_hand": level.on_hand - level.reserved, "safety_stock": level.safety_stock,
                    "as_of": _moment(level.as_of), "expected_at": _moment(level.expected_at),
                }  # fmt: skip
                _put(db, levels, {"location_id": level.location_id, "sku": level.sku}, counts)

    def audit(self) -> list[Difference]:
        """Each sum of reserved units that is not what the open reservations hold."""
        with self._change() as db:
            return _differences(db)

    def mend(self) -> list[Difference]:
        """Count the sums anew; gives what was wrong."""
        with self._change() as db:
            wrong = _differences(db)
            for found in wrong:
                db.execute(levels.update().where(_at((found.location_id, found.sku))).values(reserved=found.held))
            return wrong

    def probe(self) -> str:
        """How many places and articles there are, and that reserved units add up. Raises `ConnectionFailedError`."""
        if wrong := self.audit():
            raise ConnectionFailedError(
                "invalid", f"stock does not add up: {wrong[0]}; `orderloom stock audit --mend` counts anew"
            )
        return f"locations: {len(self.locations())}, articles: {len(self.skus())}"

    def close(self) -> None:
        """Let go of the connections to the database."""
        self._engine.dispose()

    @contextmanager
    def _change(self) -> Iterator[sa.Connection]:
        """One transaction. What the database says against it is told in one sentence, without its address."""
        try:
            if not self._made:
                metadata.create_all(self._engine)
                self._made = True
            with self._engine.begin() as db:
                yield db
        except exc.IntegrityError:
            raise
        except exc.SQLAlchemyError as error:
            raise ConnectionFailedError("unavailable", f"the stock's database: {_first(error)}") from error


def _begin_at_once(engine: sa.Engine) -> None:
    """SQLite takes its lock with the first write: two that have read would both fail. Here it is taken first."""

    def plain(db: Any, _: Any) -> None:
        db.isolation_level = None
        db.execute("PRAGMA busy_timeout = 30000")

    event.listen(engine, "connect", plain)
    event.listen(engine, "begin", lambda db: db.exec_driver_sql("BEGIN IMMEDIATE"))


def _first(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def _level(row: Mapping[Any, Any], kept: Mapping[str, dict[str, int]]) -> StockLevel:
    return StockLevel.model_validate({**row, "kept_from": kept.get(row["location_id"], {})})


def _at(place: tuple[str, str]) -> Any:
    return (levels.c.location_id == place[0]) & (levels.c.sku == place[1])


def _reservation(db: sa.Connection, reservation_id: str) -> Reservation | None:
    found = db.execute(
        sa.select(reservations.c.document).where(reservations.c.reservation_id == reservation_id)
    ).scalar()
    return None if found is None else Reservation.model_validate_json(found)


def _keep(db: sa.Connection, made: Reservation, used: Mapping[str, int], new: bool) -> None:
    values = {
        "status": made.status, "document": made.model_dump_json(exclude_none=True), "used": json.dumps(dict(used)),
        "expires_at": _moment(made.expires_at),
    }  # fmt: skip
    if new:
        db.execute(reservations.insert().values(reservation_id=made.reservation_id, **values))
    else:
        at = reservations.c.reservation_id == made.reservation_id
        db.execute(reservations.update().where(at).values(**values))


def _take(db: sa.Connection, takes: Sequence[Take], places: Mapping[str, Location], channel: str | None) -> None:
    for place, quantity in sorted(sums_of(takes).items()):
        location = places.get(place[0])
        kept = location.safety_stock.get(channel or "", 0) if location else 0
        free = levels.c.on_hand - levels.c.reserved
        enough = (free - levels.c.safety_stock >= quantity) & (free - kept >= quantity)
        changed = db.execute(levels.update().where(_at(place) & enough).values(reserved=levels.c.reserved + quantity))
        if not changed.rowcount:
            raise _TakenError
    for (location_id, day), quantity in sorted(picks_of(takes).items()):
        location = places.get(location_id)
        _pick(db, location_id, day, quantity, location.capacity if location else None)


def _pick(db: sa.Connection, location_id: str, day: date, quantity: int, capacity: int | None = None) -> None:
    at = {"location_id": location_id, "day": day.isoformat()}
    row = (picks.c.location_id == location_id) & (picks.c.day == at["day"])
    if not db.execute(sa.select(picks.c.units).where(row)).first():
        try:
            with db.begin_nested():
                db.execute(picks.insert().values(**at, units=0))
        except exc.IntegrityError:
            pass  # another one made it meanwhile
    room = row if capacity is None else row & (picks.c.units + quantity <= capacity)
    if not db.execute(picks.update().where(room).values(units=picks.c.units + quantity)).rowcount:
        raise _TakenError


def _end(db: sa.Connection, reservation_id: str, status: str) -> bool:
    """Who turns its status gives up its units: nobody else does."""
    at = (reservations.c.reservation_id == reservation_id) & (reservations.c.status == "open")
    if not db.execute(reservations.update().where(at).values(status=status)).rowcount:
        return False
    row = db.execute(sa.select(reservations).where(reservations.c.reservation_id == reservation_id)).mappings().one()
    held, used = Reservation.model_validate_json(row["document"]), json.loads(row["used"])
    days = {take.location_id: take.pick_on for take in held.takes}
    for (location_id, sku), quantity in sorted(sums_of(held.takes).items()):
        left = quantity - used.get(f"{location_id} {sku}", 0)
        if left > 0:
            db.execute(levels.update().where(_at((location_id, sku))).values(reserved=levels.c.reserved - left))
            day = days[location_id]
            if day is not None:
                _pick(db, location_id, day, -left)
    _keep(db, held.model_copy(update={"status": status}), used, new=False)
    return True


def _use(db: sa.Connection, reservation_id: str, takes: Sequence[Take]) -> None:
    at = (reservations.c.reservation_id == reservation_id) & (reservations.c.status == "open")
    row = db.execute(sa.select(reservations).where(at).with_for_update()).mappings().first()
    if row is None:
        return
    held, used = Reservation.model_validate_json(row["document"]), json.loads(row["used"])
    promised = sums_of(held.takes)
    for (location_id, sku), quantity in sorted(sums_of(takes).items()):
        name = f"{location_id} {sku}"
        part = min(quantity, promised.get((location_id, sku), 0) - used.get(name, 0))
        if part > 0:
            used[name] = used.get(name, 0) + part
            db.execute(levels.update().where(_at((location_id, sku))).values(reserved=levels.c.reserved - part))
    gone = all(used.get(f"{at_} {sku}", 0) >= quantity for (at_, sku), quantity in promised.items())
    _keep(db, held.model_copy(update={"status": "used"}) if gone else held, used, new=False)


def _move(db: sa.Connection, takes: Sequence[Take], sign: int) -> None:
    for (location_id, sku), quantity in sorted(sums_of(takes).items()):
        at = {"location_id": location_id, "sku": sku}
        changed = db.execute(
            levels.update().where(_at((location_id, sku))).values(on_hand=levels.c.on_hand + sign * quantity)
        )
        if not changed.rowcount:
            db.execute(levels.insert().values(**at, on_hand=sign * quantity, reserved=0, safety_stock=0))


def _put(db: sa.Connection, table: sa.Table, at: Mapping[str, str], values: Mapping[str, Any]) -> None:
    row = sa.and_(*(table.c[name] == value for name, value in at.items()))
    if not db.execute(table.update().where(row).values(**values)).rowcount:
        db.execute(table.insert().values(**at, **values))


def _differences(db: sa.Connection) -> list[Difference]:
    held: dict[tuple[str, str], int] = {}
    rows = db.execute(sa.select(reservations).where(reservations.c.status == "open")).mappings()
    for row in rows:
        used = json.loads(row["used"])
        for place, quantity in sums_of(Reservation.model_validate_json(row["document"]).takes).items():
            held[place] = held.get(place, 0) + quantity - used.get(f"{place[0]} {place[1]}", 0)
    kept = {(row["location_id"], row["sku"]): row["reserved"] for row in db.execute(sa.select(levels)).mappings()}
    names = sorted(name for name in {*held, *kept} if held.get(name, 0) != kept.get(name, 0))
    return [Difference(place, sku, kept.get((place, sku), 0), held.get((place, sku), 0)) for place, sku in names]
