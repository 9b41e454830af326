"""The rate and the breaker of a connection: who waits, who is held back, who is refused, and who tries again."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world.serving import Answer, Asked, serving

from orderloom.project import shipped
from orderloom.world import Documents, Http, Payments, Reply, Stock, StockKeeper
from orderloom.world.connections import Connections, read_connections
from orderloom.world.errors import ConnectionFailedError, HeldBackError
from orderloom.world.guard import LONGEST_TURN_S, Breaker, Guard, Rate, guarded
from orderloom.world.http import Base, HttpService
from orderloom.world.protocols import Reachable
from orderloom.world.shops.woocommerce import WooCommerce

TEN_A_SECOND = Rate(10, 1.0, "10/s")


@dataclass
class Time:
    """Stands still but where somebody sleeps."""

    at: float = 100.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def guard(time: Time, rate: Rate | None = None, breaker: Breaker | None = None) -> Guard:
    return Guard("erp", rate, breaker, time.now, time.sleep)


def broken(error_class: str = "unavailable", **more: Any) -> Callable[[], Any]:
    def work() -> Any:
        raise ConnectionFailedError(error_class, "nobody answers", **more)

    return work


def tried(one: Guard, work: Callable[[], Any]) -> ConnectionFailedError:
    with pytest.raises(ConnectionFailedError) as caught:
        one.call(work)
    return caught.value


# Rate


def test_calls_are_spaced_evenly() -> None:
    time = Time()
    one = guard(time, TEN_A_SECOND)
    began = [one.call(time.now) for _ in range(5)]

    assert began == pytest.approx([100.0, 100.1, 100.2, 100.3, 100.4])


@given(st.lists(st.floats(min_value=0, max_value=3), min_size=1, max_size=60))
def test_in_no_second_do_more_calls_go_through_than_its_rate(pauses: list[float]) -> None:
    time = Time(at=0.0)
    one = guard(time, TEN_A_SECOND)
    began = []
    for pause in pauses:
        time.at += pause
        began.append(one.call(time.now))

    assert all(later - earlier > 1 - 1e-9 for earlier, later in zip(began, began[10:], strict=False))


def test_who_would_wait_long_is_held_back_and_told_when_to_come_again() -> None:
    time = Time()
    one = Guard("erp", Rate(1, 1.0, "1/s"), None, time.now, lambda _: None)  # others sleep side by side
    for _ in range(int(LONGEST_TURN_S) + 1):
        one.call(time.now)
    held = tried(one, time.now)

    assert isinstance(held, HeldBackError)
    assert (held.error_class, held.retry_after_s) == ("rate_limited", LONGEST_TURN_S + 1)
    assert held.message == "connection `erp` takes 1/s, and others are before this call"


def test_who_is_held_back_takes_nobodys_turn() -> None:
    time = Time()
    one = Guard("erp", Rate(1, 1.0, "1/s"), None, time.now, lambda _: None)
    last = None
    for _ in range(20):
        try:
            one.call(time.now)
        except HeldBackError as held:
            last = held.retry_after_s

    assert last == LONGEST_TURN_S + 1


def test_the_loop_of_all_runs_is_not_put_to_sleep() -> None:
    time = Time()
    one = guard(time, TEN_A_SECOND)

    async def twice() -> None:
        one.call(time.now)
        with pytest.raises(HeldBackError):
            one.call(time.now)

    asyncio.run(twice())
    assert time.slept == []


def test_a_rate_is_shared_by_threads() -> None:
    time, lock, began = Time(), threading.Lock(), list[float]()

    def note(seconds: float) -> None:
        with lock:
            began.append(seconds)

    one = Guard("erp", Rate(1000, 1.0, "1000/s"), None, time.now, note)
    threads = [threading.Thread(target=one.call, args=(lambda: None,)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(began) == pytest.approx([n / 1000 for n in range(1, 50)])


# Breaker


def test_after_so_many_failures_in_a_row_nothing_is_asked_for_a_while() -> None:
    time, asked = Time(), []
    one = guard(time, breaker=Breaker(3, 30.0))
    for _ in range(3):
        tried(one, broken())
    time.at += 10
    refused = tried(one, lambda: asked.append(1))

    assert asked == []
    assert (refused.error_class, refused.retry_after_s, refused.in_doubt) == ("unavailable", 20.0, False)
    assert "connection `erp` is left alone for 20 s after 3 failures in a row; the last: nobody answers" in str(refused)


def test_after_the_pause_one_call_tries_and_the_others_wait_for_what_it_finds() -> None:
    time = Time()
    one = guard(time, breaker=Breaker(1, 30.0))
    tried(one, broken())
    time.at += 30

    def trying() -> str:
        assert tried(one, lambda: pytest.fail("a second one got through")).retry_after_s == 30.0
        return "back"

    assert one.call(trying) == "back"
    assert one.call(lambda: "open again") == "open again"


def test_where_the_try_fails_the_pause_begins_anew() -> None:
    time = Time()
    one = guard(time, breaker=Breaker(2, 30.0))
    for _ in range(2):
        tried(one, broken())
    time.at += 30
    tried(one, broken("timeout"))

    assert tried(one, lambda: 1).retry_after_s == 30.0


def test_a_try_that_never_comes_back_does_not_shut_the_connection_for_ever() -> None:
    time, asked = Time(), []
    one = guard(time, breaker=Breaker(1, 30.0))
    tried(one, broken())
    time.at += 30
    with pytest.raises(KeyboardInterrupt):
        one.call(lambda: (_ for _ in ()).throw(KeyboardInterrupt()))
    time.at += 30
    one.call(lambda: asked.append(1))

    assert asked == [1]


@pytest.mark.parametrize("word", ["refused", "invalid", "rate_limited"])
def test_an_answer_is_no_failure_of_the_connection_whatever_it_says(word: str) -> None:
    one = guard(Time(), breaker=Breaker(2, 30.0))
    tried(one, broken())
    tried(one, broken(word))
    tried(one, broken())

    assert one.call(lambda: "through") == "through"


@pytest.mark.parametrize("status", [408, 500, 503])
def test_a_service_that_answers_that_it_is_broken_counts_as_failing(status: int) -> None:
    one = guard(Time(), breaker=Breaker(1, 30.0))
    one.call(lambda: Reply(status))

    assert f"it answered with status {status}" in str(tried(one, lambda: 1))


@pytest.mark.parametrize("status", [200, 404, 429, 501])
def test_a_service_that_answers_otherwise_does_not(status: int) -> None:
    one = guard(Time(), breaker=Breaker(1, 30.0))
    one.call(lambda: Reply(status))

    assert one.call(lambda: 1) == 1


# Every type of connection


def opened(folder: Path, text: str) -> Connections:
    (folder / "connections.yaml").write_text(text)
    found = read_connections(folder / "connections.yaml", folder)
    assert isinstance(found, Connections)
    return found


def test_a_connection_behind_a_guard_is_of_the_kind_that_it_was(tmp_path: Path) -> None:
    shutil.copytree(shipped() / "stock", tmp_path / "stock")
    text = (
        "payments: {type: test-gateway, rate: 1000/s}\nstock: {type: stock-files, rate: 1000/s}\n"
        "papers: {type: folder, rate: 1000/s}\nerp: {type: http, base: 'https://erp.example.com', rate: 1000/s}\n"
    )
    found = opened(tmp_path, text)

    assert isinstance(found["payments"], Payments)
    assert isinstance(found["payments"], Reachable)
    assert not isinstance(found["payments"], StockKeeper)
    assert isinstance(found["stock"], (Stock, StockKeeper))
    assert isinstance(found["papers"], Documents)
    assert isinstance(found["erp"], Http)
    assert getattr(found["payments"], "remote", None) is False


def test_each_call_of_a_connection_counts_and_asking_how_it_is_does_not(tmp_path: Path) -> None:
    papers = opened(tmp_path, "papers: {type: folder, rate: 1/d}")["papers"]
    assert isinstance(papers, Documents)
    assert isinstance(papers, Reachable)
    papers.write("a.html", b"")
    with pytest.raises(HeldBackError):
        papers.write("b.html", b"")

    assert papers.probe()


def test_without_rate_and_breaker_nothing_stands_before_a_connection(tmp_path: Path) -> None:
    assert type(opened(tmp_path, "papers: {type: folder}")["papers"]).__name__ == "Folder"


def test_each_request_of_a_shop_counts() -> None:
    def cut_off(_: Asked) -> Answer:
        return Answer(lost=True)

    with serving(cut_off) as served:
        shop = WooCommerce(HttpService(Base.parse(served.base), private=True))
        assert guarded(shop, Guard("shop", breaker=Breaker(2, 30.0))) is shop
        for words in ("broke the connection off", "broke the connection off", "left alone for 30 s"):
            with pytest.raises(ConnectionFailedError, match=words):
                shop.probe()

    assert len(served.asked) == 2
