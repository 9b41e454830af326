"""Durations and retries as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.flow.durations import format_duration, parse_duration, parse_retry
from orderloom.flow.model import Retry


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("5m", 300), ("8h", 28_800), ("2d", 172_800), ("PT30S", 30), ("P1DT2H", 93_600), ("P21D", 1_814_400)],
)
def test_a_duration_is_read_short_or_as_iso_8601(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "30", "s", "1.5h", "-3s", "0s", "3 s", "P", "PT", "P1M", "P1Y", "999999999d", "30S", "½h"]
)
def test_anything_else_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(ValueError, match=r"whole number|longer than nothing"):
        parse_duration(text)


@given(st.integers(1, 315_360_000))
def test_a_written_duration_always_reads_back(seconds: int) -> None:
    assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_a_retry_has_a_number_and_two_pauses() -> None:
    assert parse_retry("4x 2s..5m") == Retry(4, timedelta(seconds=2), timedelta(minutes=5))


def test_a_retry_of_nothing_takes_the_default_back() -> None:
    assert parse_retry("0x").times == 0


@pytest.mark.parametrize(
    "text", ["", "4", "4x", "4x 2s", "4 2s..5m", "0x 1s..2s", "51x 1s..2s", "4x 5m..2s", "4x 2..5", "infx 1s..2s"]
)
def test_a_retry_that_says_less_or_never_ends_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_retry(text)
