"""The clock of a case: it never goes back, and what is put down happens in the order of its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orderloom.change.scenario.agenda import Agenda

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


@given(st.lists(st.integers(-5, 5), max_size=20))
def test_things_always_happen_in_the_order_of_their_time_and_then_as_they_were_put_down(hours: list[int]) -> None:
    agenda, happened = Agenda(START), list[tuple[int, int]]()
    for number, hour in enumerate(hours):
        agenda.at(START + timedelta(hours=hour), lambda what=(hour, number): happened.append(what))

    moments = [agenda.now()]
    while agenda.jump():
        moments.append(agenda.now())

    assert happened == sorted(happened)
    assert len(happened) == len(hours)
    assert moments == sorted(moments)
    assert agenda.now() == max([START, *(START + timedelta(hours=hour) for hour in hours)])
