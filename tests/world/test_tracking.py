"""What carriers tell of parcels: one vocabulary, each event once, and never backwards."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderloom.model import Shipment
from orderloom.model.shipment import Carrier, ShipmentLine
from orderloom.world.tracking import UnreadableTrackingError, read_tracking, tracked
from orderloom.world.tracking.words import our_word, same_carrier

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def sent(**more: Any) -> Shipment:
    lines = (ShipmentLine(line_id="1", sku="MUG", quantity=2),)
    return Shipment(
        **{
            "shipment_id": "s1", "order_id": "o1", "location_id": "reno", "lines": lines, "status": "label_purchased",
            "carrier": Carrier(carrier_code="ups"), "planned_ship_at": "2026-03-02T18:00:00Z", **more,
        }
    )  # fmt: skip


def parcel(*events: tuple[str, str], **more: Any) -> dict[str, Any]:
    told = [{"status": status, "at": f"2026-03-{at}:00Z"} for status, at in events]
    return {"tracking_number": "1z 999", "carrier": "UPS", "events": told, **more}


def after(message: Any, shipment: Shipment | None = None) -> tuple[Shipment, tuple[str, ...]]:
    [told] = read_tracking(message, NOW)
    return tracked(shipment or sent(), told)


@pytest.mark.parametrize(
    ("status", "detail", "ours"),
    [
        ("pre_transit", "status_update", "label_purchased"),
        ("in_transit", "arrived_at_facility", "in_transit"),
        ("out_for_delivery", None, "out_for_delivery"),
        ("return_to_sender", "return", "returned_to_sender"),
        ("failure", "lost", "lost"),
        ("in_transit", "refused", "delivery_failed"),
        ("error", None, "unknown"),
        ("D1", None, "delivered"),
        ("A3", None, "returned_to_sender"),
        ("Out-For Delivery", None, "out_for_delivery"),
        ("abducted", None, "unknown"),
    ],
)
def test_the_words_of_carriers_become_ours(status: str, detail: str | None, ours: str) -> None:
    assert our_word(status, detail) == ours


def test_a_tracker_of_easypost_is_read_from_its_published_answer(shared: Path) -> None:
    cassette = yaml.safe_load((shared / "data/carrier/easypost_test_tracker_create.yaml").read_text(encoding="utf-8"))
    tracker = json.loads(cassette["interactions"][0]["response"]["body"]["string"])

    for message in (tracker, {"object": "Event", "description": "tracker.updated", "result": tracker}, [tracker]):
        [told] = read_tracking(message, NOW)
        assert (told.number, told.carrier) == ("EZ1000000001", "USPS")
        assert [event.status for event in told.events] == ["label_purchased", "label_purchased"]
        assert (told.events[1].city, told.events[1].carrier_status) == ("HOUSTON", "status_update")
        assert told.expected == datetime(2025, 3, 6, 19, 48, 26, tzinfo=UTC)


def test_a_scan_after_delivery_is_kept_as_history_and_moves_nothing_back() -> None:
    now, notes = after(parcel(("delivered", "05T14:02"), ("in_transit", "05T20:00")))

    assert (now.status, len(now.tracking_events)) == ("delivered", 2)
    assert now.delivered_at == datetime(2026, 3, 5, 14, 2, tzinfo=UTC)
    assert notes == ("`in_transit` of 2026-03-05 20:00 UTC comes after it was delivered: kept as history",)


def test_in_whatever_order_messages_come_the_parcel_is_where_it_is() -> None:
    events = [
        ("created", "02T18:00"), ("in_transit", "03T08:00"), ("out_for_delivery", "04T07:00"),
        ("attempted", "04T12:00"), ("in_transit", "04T19:00"), ("out_for_delivery", "05T07:00"),
        ("delivered", "05T14:02"),
    ]  # fmt: skip
    chance = random.Random(7)
    whole = after(parcel(*events))[0]

    for _ in range(50):
        chance.shuffle(events)
        shipment = sent()
        for event in (*events, *events[:3]):  # some come twice
            shipment, _notes = after(parcel(event), shipment)
        assert shipment.status == "delivered"
        assert shipment.tracking_events == whole.tracking_events


def test_a_parcel_that_was_given_up_may_turn_up_and_one_that_arrived_is_not_lost() -> None:
    found = after(parcel(("lost", "06T10:00"), ("delivered", "08T10:00")))[0]
    claimed = after(parcel(("lost", "08T10:00")), after(parcel(("delivered", "06T10:00")))[0])[0]

    assert (found.status, claimed.status) == ("delivered", "delivered")


def test_a_number_that_another_parcel_had_before_takes_nothing_of_it() -> None:
    now, notes = after(parcel(("delivered", "01T09:00"), ("in_transit", "03T08:00")) | {"events": [
        {"status": "delivered", "at": "2025-11-01T09:00:00Z"}, {"status": "in_transit", "at": "2026-03-03T08:00:00Z"},
    ]})  # fmt: skip

    assert (now.status, len(now.tracking_events)) == ("in_transit", 1)
    assert notes == ("1Z999: 1 scans are of an earlier parcel with that number",)


def test_the_word_of_another_carrier_is_told_and_not_taken() -> None:
    before = sent()

    now, notes = after(parcel(("delivered", "05T14:02"), carrier="FedEx"), before)

    assert now == before
    assert notes == ("1Z999 was sent with ups, and this tells of a parcel of FedEx",)
    assert same_carrier("UPSDAP", "ups")


def test_a_word_that_nobody_knows_is_kept_and_moves_nothing() -> None:
    now, _ = after(parcel(("out_for_delivery", "04T07:00"), ("abducted", "04T09:00")))

    assert (now.status, now.tracking_events[1].carrier_status) == ("out_for_delivery", "abducted")


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({}, "tells of no parcel"),
        ([1, "x", None], "tells of no parcel"),
        (parcel(("delivered", "40T14:02")), "is no moment"),
        ({"tracking_number": "1Z", "events": [{"status": "delivered", "at": "2026-03-05T14:02:00"}]}, "is no moment"),
        ({"tracking_number": 7, "events": []}, "is no text"),
    ],
)
def test_what_tells_of_no_parcel_is_refused_in_a_sentence(message: Any, why: str) -> None:
    with pytest.raises(UnreadableTrackingError, match=why):
        read_tracking(message, NOW)
