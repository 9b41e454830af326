"""Results that other threads bring to an event loop, handed over in groups: to wake a loop for each costs more."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Generator
from contextlib import suppress
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_HERE = threading.local()


class NotInTimeError(Exception):
    """It has not come within the time that it was waited for."""


class Landing(Generic[T]):
    """A result that is awaited in the loop that made it, and told from any thread. Nobody need wait for it."""

    __slots__ = ("_dock", "_future", "_is_cancelled")

    def __init__(self) -> None:
        self._dock, self._is_cancelled = _dock(), False
        self._future: asyncio.Future[T] = self._dock.loop.create_future()

    def set_result(self, value: T) -> None:
        self._dock.put(self._future, value, None)

    def set_exception(self, failure: BaseException) -> None:
        self._dock.put(self._future, None, failure)

    def cancel(self) -> None:
        """What has not begun need not begin any more."""
        self._is_cancelled = True

    def set_running_or_notify_cancel(self) -> bool:
        """Whether to begin, as a future of threads says it."""
        return not self._is_cancelled

    def __await__(self) -> Generator[Any, None, T]:
        return self._future.__await__()

    async def within(self, seconds: float) -> T:
        """Wait for it, but no longer: what comes then, nobody has. Raises `NotInTimeError`."""
        timer = self._dock.loop.call_later(seconds, _expire, self._future)
        try:
            return await self._future
        finally:
            timer.cancel()


class _Dock:
    """What has come for one loop and was not handed over yet."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._come: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._is_awake = False

    def put(self, future: asyncio.Future[Any], value: Any, failure: BaseException | None) -> None:
        self._come.append((future, value, failure))
        if not self._is_awake:  # else it is about to look, and finds this too
            self._is_awake = True
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._is_awake = False  # first: what comes from here on wakes the loop again
        while self._come:
            future, value, failure = self._come.popleft()
            if future.done():
                continue  # who waited has given up
            if failure is None:
                future.set_result(value)
            else:
                future.set_exception(failure)
                future.exception()  # told nobody, it is no mistake of the program


def _expire(future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_exception(NotInTimeError())


def _dock() -> _Dock:
    """That of the loop which runs in this thread."""
    loop, dock = asyncio.get_running_loop(), _HERE.__dict__.get("dock")
    if dock is None or dock.loop is not loop:
        dock = _HERE.dock = _Dock(loop)
    return dock
