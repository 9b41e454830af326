"""When a parcel leaves and when it arrives: cut-offs by the location's own clock, weekends, holidays, summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.model import Address, Location
from orderloom_nodes.route.dates import arrives_at, is_holiday, ready_at, transit_days, working_days
from orderloom_nodes.route.distance import Point

NEW_YORK = ZoneInfo("America/New_York")
LOUISVILLE, NEWARK = Point(38.2, -85.7), Point(40.7, -74.2)


def newark(**more: object) -> Location:
    given_fields = {
        "location_id": "newark",
        "address": Address(country_code="US", region_code="NJ"),
        "timezone": "America/New_York",
    }
    return Location.model_validate({**given_fields, **more})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-12-01T13:59:59.999999", "2026-12-01T14:00"),
        ("2026-12-01T14:00:00", "2026-12-02T14:00"),
        ("2026-12-04T14:00:00", "2026-12-07T14:00"),  # Friday at the cut-off
        ("2026-12-05T09:00:00", "2026-12-07T14:00"),  # Saturday
        ("2026-11-25T15:00:00", "2026-11-27T14:00"),  # the eve of Thanksgiving
        ("2026-12-31T20:00:00", "2027-01-04T14:00"),  # over New Year and a weekend
    ],
)
def test_the_cut_off_is_by_the_clock_of_the_location(now: str, leaves: str) -> None:
    assert ready_at(newark(), at(now).astimezone(UTC)) == at(leaves)


def test_handling_days_are_working_days() -> None:
    assert ready_at(newark(handling_days=2), at("2026-12-03T10:00")) == at("2026-12-07T14:00")


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_every_hour_of_both_days_of_the_clock_change_falls_to_the_next_monday(day: str) -> None:
    midnight = at(f"{day}T00:00").astimezone(UTC)
    monday = (at(f"{day}T12:00") + timedelta(days=1)).date()

    for hour in range(23):
        assert ready_at(newark(), midnight + timedelta(hours=hour)) == at(f"{monday}T14:00")


@pytest.mark.parametrize(
    ("day", "hours", "next_day"), [("2026-04-24", 23, "2026-04-27"), ("2026-10-29", 25, "2026-10-30")]
)
def test_every_hour_of_a_working_day_on_which_the_clock_changes_is_before_or_after_the_cut_off(
    day: str, hours: int, next_day: str
) -> None:
    zone = ZoneInfo("Africa/Cairo")  # it changes on Fridays and Thursdays; XX rests at weekends only
    cairo = newark(timezone="Africa/Cairo", address=Address(country_code="XX"))
    begin = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)

    for hour in range(hours):
        now = begin + timedelta(hours=hour)
        leaves = ready_at(cairo, now).astimezone(zone)
        assert now.astimezone(zone).date().isoformat() == day
        assert (leaves.date().isoformat(), leaves.hour) == (day if now.astimezone(zone).hour < 14 else next_day, 14)


@pytest.mark.parametrize(
    ("day", "utc_hour"), [("2026-03-06", 19), ("2026-03-09", 18), ("2026-10-30", 18), ("2026-11-02", 19)]
)
def test_two_in_the_afternoon_is_another_hour_of_utc_after_the_change(day: str, utc_hour: int) -> None:
    leaves = ready_at(newark(), at(f"{day}T08:00").astimezone(UTC))

    assert (leaves.date().isoformat(), leaves.hour) == (day, utc_hour)


def test_a_cut_off_that_summer_time_leaps_over_still_has_a_moment() -> None:
    cairo = newark(
        timezone="Africa/Cairo", cut_off="00:30", address=Address(country_code="EG")
    )  # 2026-04-24 has no 00:30

    assert ready_at(cairo, datetime(2026, 4, 23, 20, 0, tzinfo=UTC)).tzinfo is UTC


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(0, 5))
def test_a_parcel_never_leaves_before_it_is_ordered_nor_on_a_day_of_rest(now: datetime, handling_days: int) -> None:
    leaves = ready_at(newark(handling_days=handling_days), now)

    assert leaves > now
    assert working_days("US", "NJ")(leaves.astimezone(NEW_YORK).date())


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(0, 72))
def test_who_orders_later_is_never_served_earlier(now: datetime, hours: int) -> None:
    assert ready_at(newark(), now) <= ready_at(newark(), now + timedelta(hours=hours))


def test_the_farther_the_longer_and_a_border_takes_two_days_more() -> None:
    days = [transit_days(km * 1000, abroad=False) for km in (10, 251, 801, 1601, 3001, 6001)]

    assert days == [1, 2, 3, 4, 6, 8]
    assert transit_days(10_000, abroad=True) == 3


def test_a_parcel_arrives_in_the_evening_by_the_clock_of_the_goal() -> None:
    arrives = arrives_at(at("2026-12-03T14:00"), 2, NEWARK, LOUISVILLE, working_days("US", "KY"))

    assert arrives == datetime(2026, 12, 8, 2, 0, tzinfo=UTC)  # Monday 20:00, six hours behind


def test_no_parcel_arrives_on_a_holiday_of_the_goal() -> None:
    assert is_holiday("US", "KY", datetime(2026, 12, 25).date())
    assert (
        arrives_at(at("2026-12-24T14:00"), 1, NEWARK, LOUISVILLE, working_days("US", "KY")).date().isoformat()
        == "2026-12-29"
    )


def test_a_country_without_a_list_of_holidays_rests_at_weekends() -> None:
    is_open = working_days("XX")

    assert [is_open(datetime(2026, 12, day).date()) for day in (4, 5, 6, 7)] == [True, False, False, True]
