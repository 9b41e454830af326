"""Results that other threads bring to an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from orderloom.journal import Landing, NotInTimeError


def in_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_what_threads_bring_is_had_by_whoever_waits_for_it() -> None:
    async def bring() -> list[int]:
        landings = [Landing[int]() for _ in range(100)]
        for at, landing in enumerate(landings):
            threading.Thread(target=landing.set_result, args=(at,)).start()
        return [await landing for landing in landings]

    assert asyncio.run(bring()) == list(range(100))


def test_a_failure_is_raised_where_it_is_awaited() -> None:
    async def bring() -> None:
        landing = Landing[int]()
        in_a_thread(lambda: landing.set_exception(ValueError("no")))
        await landing

    with pytest.raises(ValueError, match="no"):
        asyncio.run(bring())


def test_who_waits_no_longer_than_so_long_has_nothing_of_what_comes_then() -> None:
    async def bring() -> str:
        landing = Landing[str]()
        with pytest.raises(NotInTimeError):
            await landing.within(0)
        in_a_thread(lambda: landing.set_result("late"))
        await asyncio.sleep(0)
        with pytest.raises(NotInTimeError):
            await landing
        return "went on"

    assert asyncio.run(bring()) == "went on"


def test_who_gives_up_waiting_keeps_the_others_from_nothing() -> None:
    async def bring() -> int:
        given_up, other = Landing[int](), Landing[int]()
        waiting = asyncio.ensure_future(given_up.within(60))
        await asyncio.sleep(0)
        waiting.cancel()
        in_a_thread(lambda: given_up.set_result(1))
        in_a_thread(lambda: other.set_result(2))
        return await other

    assert asyncio.run(bring()) == 2


def test_what_comes_after_the_loop_has_ended_is_brought_to_nobody_and_its_thread_goes_on() -> None:
    had: list[int] = []

    async def ask() -> Landing[int]:
        landing = Landing[int]()
        landing._future.add_done_callback(lambda came: had.append(came.result()))
        return landing

    def tell() -> None:
        landing.set_result(1)
        told.append("went on")

    landing, told = asyncio.run(ask()), list[str]()
    in_a_thread(tell)

    assert (had, told) == ([], ["went on"])
    assert not landing._future.done()
