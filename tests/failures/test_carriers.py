"""What goes wrong with carriers and labels: rows 42 to 46 of the sixty failures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderloom import World
from orderloom.model import Address, Carrier, Location, Measure
from orderloom.paper import label_zpl
from orderloom.testing import PapersKept
from orderloom.world import FixedClock
from orderloom.world.connections import read_connections
from orderloom.world.errors import ConnectionFailedError
from orderloom_nodes.choose_carrier import Chosen, NoneFits, choose_carrier
from orderloom_nodes.route.dates import ready_at
from orderloom_nodes.ship_documents import ship_documents
from tests.nodes.making import MONDAY, line, order
from tests.nodes.test_choose_carrier import ANY, cards
from tests.paper.test_labels import PLAIN
from tests.world.easypost_fake import FakeEasyPost, easypost
from tests.world.serving import Answer, Asked, Served, said
from tests.world.test_easypost import GROUND, shipment

ORDER = order(line("MUG"))
DOWN = {
    "slow": None,
    "429": said({"error": {"code": "RATE_LIMITED", "message": "slow down"}}, 429, Retry_After="7"),
    "503": Answer(503, b"<html>maintenance</html>"),
    "200 with an error": said({"error": {"code": "INTERNAL_SERVER_ERROR", "message": "try again"}}),
    "a page": Answer(200, b"<!doctype html><title>Login</title>", {"Content-Type": "text/html"}),
    "nothing": Answer(lost=True),
}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[tuple[FakeEasyPost, Any, Served]]:
    with easypost(tmp_path, timeout_s=0.5) as found:
        yield found


def world(connection: Any, key: str = "call", **more: Any) -> World:
    return World(FixedClock(MONDAY), {"easypost": connection, "documents": PapersKept(), **more}, key=key)


def chosen(connection: Any, **more: Any) -> Chosen | NoneFits:
    told = choose_carrier.call(shipment(carrier=None), ORDER, cards(ground={}), ANY, world(connection), **more)
    assert isinstance(told, Chosen | NoneFits)
    return told


@pytest.mark.parametrize("how", DOWN)
def test_while_a_carrier_does_not_answer_the_rate_card_is_taken_and_marked_estimated(
    there: tuple[FakeEasyPost, Any, Served], how: str
) -> None:
    """Row 43."""
    fake, connection, served = there
    fake.before = lambda asked: _stopped(served) if DOWN[how] is None else DOWN[how]

    told = chosen(connection, live="easypost")

    assert isinstance(told, Chosen)
    assert told.shipment.carrier == Carrier(carrier_code="acme", service_code="ground")
    assert all(quote.estimated for quote in told.shipment.rate_quotes)
    assert (len(served.asked), fake.bought) == (1, [])
    assert "8.10 USD, estimated" in told.why
    assert told.reasons[0].reason.startswith("`easypost` gives no price now: ")


def _stopped(served: Served) -> Answer:
    time.sleep(0.7)
    return Answer(lost=True)


def test_a_live_price_is_taken_before_a_dearer_one_of_a_card(there: tuple[FakeEasyPost, Any, Served]) -> None:
    told = chosen(there[1], live="easypost")

    assert isinstance(told, Chosen)
    assert told.shipment.carrier == GROUND
    assert not any(quote.estimated for quote in told.shipment.rate_quotes)
    assert {quote.carrier_code for quote in told.shipment.rate_quotes} == {"usps", "acme"}


def test_a_refused_key_is_no_outage_and_is_told(there: tuple[FakeEasyPost, Any, Served]) -> None:
    """No estimate: it would hide a mistake that does not mend itself."""
    fake, connection, _ = there
    fake.before = lambda _: said({"error": {"code": "APIKEY.INACTIVE", "message": "This api key is inactive."}}, 403)

    with pytest.raises(ConnectionFailedError, match="This api key is inactive") as failed:
        chosen(connection, live="easypost")

    assert failed.value.error_class == "refused"
    assert fake.bought == []


def test_after_failures_in_a_row_a_carrier_is_left_alone_and_the_card_goes_on(tmp_path: Path) -> None:
    """Row 43, the breaker."""
    with easypost(tmp_path) as (fake, _, served):
        fake.before = lambda _: Answer(503)
        (tmp_path / "connections.yaml").write_text(
            f"easypost: {{type: easypost, key: {{file: key}}, base: '{served.base}/v2', private: true,"
            " breaker: {after: 2, pause: 30s}}\n",
            encoding="utf-8",
        )
        connection = read_connections(tmp_path / "connections.yaml", tmp_path)["easypost"]

        told = [chosen(connection, live="easypost") for _ in range(5)]

    assert all(isinstance(one, Chosen) for one in told)
    assert len(served.asked) == 2
    assert "left alone" in told[-1].reasons[0].reason


# Row 44: the time was over after the label was bought


def lost_after(fake: FakeEasyPost, path: str) -> Callable[[Asked], Answer | None]:
    """The first request of that path is done, and its answer is lost."""
    lost: list[Asked] = []

    def after(asked: Asked) -> Answer | None:
        if asked.path.endswith(path) and asked.method == "POST" and not lost:
            lost.append(asked)
            return Answer(lost=True)
        return None

    return after


@pytest.mark.parametrize("path", ["/shipments", "/buy"])
def test_a_label_whose_purchase_was_not_answered_is_looked_up_before_another_is_bought(
    there: tuple[FakeEasyPost, Any, Served], path: str
) -> None:
    fake, connection, served = there
    fake.after = lost_after(fake, path)

    with pytest.raises(ConnectionFailedError, match="broke the connection off") as failed:
        ship_documents(shipment=shipment(), order=ORDER, world=world(connection, labels=connection))
    told = ship_documents(
        shipment=shipment(), order=ORDER, world=replace(world(connection, labels=connection), in_doubt=True)
    )

    assert failed.value.in_doubt
    assert told.tracking_number == fake.bought[0]["tracking_code"]
    assert (fake.charged, len(fake.bought)) == (1, 1)
    assert sum(asked.path.endswith("/buy") for asked in served.asked) == 1


def test_a_purchase_that_is_still_under_way_is_not_made_twice(there: tuple[FakeEasyPost, Any, Served]) -> None:
    """EasyPost refuses the second purchase of one shipment: that is the answer to the first."""
    fake, connection, _ = there
    first = connection.buy(shipment(), "k")
    reference = fake.bought[0]["reference"]
    asked_before_it_was_known = iter([said({**fake.bought[0], "tracking_code": None, "postage_label": None})])
    fake.before = lambda asked: next(asked_before_it_was_known, None) if asked.path.endswith(reference) else None

    again = connection.buy(shipment(), "k")

    assert again == first
    assert fake.charged == 1


def test_a_label_bought_for_another_service_than_is_wanted_now_is_given_back(
    there: tuple[FakeEasyPost, Any, Served],
) -> None:
    """An orphan: its answer was lost, and then another service was chosen."""
    fake, connection, _ = there
    fake.after = lost_after(fake, "/buy")
    with pytest.raises(ConnectionFailedError):
        connection.buy(shipment(), "k")

    label = connection.buy(shipment(carrier=Carrier(carrier_code="usps", service_code="priority")), "k")

    assert [one["refund_status"] for one in fake.bought] == ["submitted", None]
    assert fake.charged == 1
    assert label.cost is not None
    assert label.cost.amount == Decimal("7.42")


# Row 45: other currencies and units, no weight


def test_a_live_price_in_another_currency_is_converted_or_refused_never_compared_as_it_is(
    there: tuple[FakeEasyPost, Any, Served],
) -> None:
    fake, connection, _ = there
    fake.currency = "CAD"

    told = chosen(connection, live="easypost")

    assert isinstance(told, Chosen)
    assert told.shipment.carrier == Carrier(carrier_code="acme", service_code="ground")
    assert "asks 6.07 CAD, and no rate to USD is given: add it to exchange.yaml" in {one.reason for one in told.reasons}
    assert fake.bought == []


@pytest.mark.parametrize("weight", [None, Decimal(0)])
def test_a_shipment_whose_weight_is_missing_or_0_is_held_and_no_carrier_asked(
    there: tuple[FakeEasyPost, Any, Served], weight: Decimal | None
) -> None:
    _, connection, served = there
    asked = shipment(carrier=None, weight_kg=weight)
    unweighed = order(line("MUG", weight=Measure(value=Decimal(0), unit="g")))

    told = choose_carrier.call(asked, unweighed, cards(ground={}), ANY, world(connection), live="easypost")

    assert isinstance(told, NoneFits)
    assert served.asked == []
    assert "enter it" in told.reasons[0].reason


# Row 46


def test_a_command_in_an_address_prints_and_does_nothing() -> None:
    label = label_zpl(replace(PLAIN, receiver=("^XZ~JR", "1 Mill St", "Reno")))

    assert (label.count(b"^XA"), label.count(b"^XZ")) == (1, 1)
    assert b"~JR" not in label
    assert b"_5EXZ_7EJR" in label


# Row 42


@pytest.mark.parametrize("day", ["2026-03-09", "2026-11-02"])  # the first working days after the clocks changed
def test_an_order_a_tenth_of_a_second_before_the_cut_off_leaves_the_same_day_and_one_at_it_the_next(day: str) -> None:
    """By the location's own clock, whatever its offset was the day before."""
    newark = Location(location_id="newark", address=Address(country_code="US"), timezone="America/New_York")
    zone = ZoneInfo("America/New_York")
    cut_off = datetime.fromisoformat(f"{day}T14:00").replace(tzinfo=zone)

    before, at = (ready_at(newark, moment.astimezone(UTC)) for moment in (cut_off - timedelta(seconds=0.1), cut_off))

    assert before.astimezone(zone) == cut_off
    assert at.astimezone(zone) == cut_off + timedelta(days=1)


def test_an_order_of_a_holiday_of_the_locations_own_region_leaves_on_the_next_working_day() -> None:
    """Corpus Christi, a Thursday, rests in Bavaria and not in Berlin."""
    noon = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
    bavaria, berlin = (
        Location(location_id=region, address=Address(country_code="DE", region_code=region), timezone="Europe/Berlin")
        for region in ("BY", "BE")
    )

    assert [ready_at(place, noon).day for place in (bavaria, berlin)] == [5, 4]
