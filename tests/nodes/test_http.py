"""The node `http` against a real server on loopback, as a flow runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom import NodeError, World
from orderloom.world import FixedClock
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.http import Base, HttpService
from orderloom_nodes.http import http
from tests.world.serving import Answer, Asked, said, serving

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def world(base: str, key: str = "k1") -> World:
    return World(FixedClock(NOON), {"http": HttpService(Base.parse(base), private=True)}, key=key)


def failure(base: str, **given: Any) -> NodeError | ConnectionFailedError:
    with pytest.raises((NodeError, ConnectionFailedError)) as caught:
        http(world=world(base), **given)
    return caught.value


def test_json_comes_back_with_its_figures_exact() -> None:
    priced = Answer(body=b'{"price": 0.10}', headers={"Content-Type": "application/json; charset=utf-8"})
    with serving(lambda _: priced) as served:
        told = http(world=world(served.base), path="prices")

    assert str(told.body["price"]) == "0.10"


def test_the_same_call_sends_the_same_key_so_that_the_service_can_tell() -> None:
    done: dict[str, int] = {}

    def once(asked: Asked) -> Answer:
        done.setdefault(asked.headers["idempotency-key"], len(done) + 1)
        return said({"number": done[asked.headers["idempotency-key"]]})

    with serving(once) as served:
        first = http(world=world(served.base), method="POST", body={}, idempotent=True)
        again = http(world=world(served.base), method="POST", body={}, idempotent=True)

    assert first.body == again.body == {"number": 1}


@pytest.mark.parametrize(
    ("said_", "seconds"),
    [("30", 30.0), ("Mon, 02 Mar 2026 12:02:00 GMT", 120.0), ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0), ("soon", None),
     ("99999999999", 86_400.0)],
)  # fmt: skip
def test_the_service_says_how_long_to_wait(said_: str, seconds: float | None) -> None:
    with serving(lambda _: said({}, 429, Retry_After=said_)) as served:
        told = failure(served.base)

    assert (told.error_class, told.retry_after_s) == ("rate_limited", seconds)


@pytest.mark.parametrize(
    ("status", "error_class"),
    [(301, "invalid"), (400, "invalid"), (401, "refused"), (403, "refused"), (404, "refused"), (408, "timeout"),
     (409, "refused"), (422, "invalid"), (425, "unavailable"), (429, "rate_limited"), (500, "unavailable"),
     (501, "refused"), (503, "unavailable"), (504, "timeout"), (599, "unavailable")],
)  # fmt: skip
def test_a_status_is_an_error_of_its_class(status: int, error_class: str) -> None:
    with serving(lambda _: Answer(status)) as served:
        assert failure(served.base).error_class == error_class


def test_a_post_that_was_cut_off_is_not_repeated() -> None:
    with serving(lambda _: Answer(lost=True)) as served:
        told = failure(served.base, method="POST", body={})

    assert told.error_class == "in_doubt"
    assert "it may have been done" in told.message


def test_a_post_that_never_reached_the_service_may_be_repeated() -> None:
    assert failure("http://127.0.0.1:1", method="POST", body={}).error_class == "unavailable"


def test_what_says_that_it_is_json_and_is_not_is_told() -> None:
    with serving(lambda _: Answer(body=b"<html>", headers={"Content-Type": "application/json"})) as served:
        assert failure(served.base).error_class == "invalid"


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a": NaN}', b"\xff"])
def test_a_body_that_is_built_to_break_its_reader_is_invalid(body: bytes) -> None:
    with serving(lambda _: Answer(body=body, headers={"Content-Type": "application/json"})) as served:
        assert failure(served.base).error_class == "invalid"


def test_a_text_comes_back_as_it_is() -> None:
    green = Answer(body="grün".encode("latin-1"), headers={"Content-Type": "text/plain; charset=latin-1"})
    with serving(lambda _: green) as served:
        assert http(world=world(served.base)).body == "grün"


def test_a_redirect_is_told_with_where_it_leads() -> None:
    with serving(lambda _: Answer(308, headers={"Location": "https://new.example/v2"})) as served:
        told = failure(served.base)

    assert "to https://new.example/v2, and redirects are not followed" in told.message
