"""What all calls of a connection in this process share: how many go through, and when none does for a while.

A rate lets a call wait a little for its turn and holds back what would wait longer. A breaker lets nothing through for
a pause after so many failures in a row that nobody answers; then one call tries, and the others wait for what it finds.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast, runtime_checkable

from orderloom.world.errors import ConnectionFailedError, HeldBackError
from orderloom.world.protocols import Reply

T = TypeVar("T")
LONGEST_TURN_S = 3.0  # a call waits for its turn in its thread, where others want to be too
_BROKEN = frozenset({"timeout", "unavailable"})
_UNGUARDED = frozenset({"probe"})  # whoever asks how a connection is wants to know it


@dataclass(frozen=True)
class Rate:
    """So many calls in so many seconds, evenly."""

    calls: int
    seconds: float
    said: str

    @property
    def gap_s(self) -> float:
        return self.seconds / self.calls


@dataclass(frozen=True)
class Breaker:
    """After so many failures in a row, nothing for so long."""

    after: int
    pause_s: float


@dataclass
class Guard:
    """Of one connection; used by many threads. `now` and `sleep` are those of the machine unless a test has others."""

    name: str = ""
    rate: Rate | None = None
    breaker: Breaker | None = None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _next_turn: float = float("-inf")
    _failures: int = 0
    _shut_until: float | None = None
    _last: str = ""

    def call(self, work: Callable[[], T]) -> T:
        """The work's own result, or failure. Raises `ConnectionFailedError` where it is not let through."""
        self._look()
        self._wait_for_turn()
        self._pass()
        try:
            told = work()
        except ConnectionFailedError as failure:
            self._came(failure.message if failure.error_class in _BROKEN else None)
            raise
        self._came(_brokenness(told))
        return told

    def _look(self) -> None:
        with self._lock:
            self._refuse_if_shut()

    def _pass(self) -> None:
        """After the pause one call goes through; should it come to nothing, the next one does after another pause."""
        with self._lock:
            self._refuse_if_shut()
            if self.breaker and self._shut_until is not None:
                self._shut_until = self.now() + self.breaker.pause_s

    def _refuse_if_shut(self) -> None:
        left_s = 0.0 if self._shut_until is None else self._shut_until - self.now()
        if left_s > 0:
            message = (
                f"connection `{self.name}` is left alone for {left_s:.0f} s after {self._failures} failures in a row"
            )
            raise ConnectionFailedError("unavailable", f"{message}; the last: {self._last}", left_s)

    def _came(self, broken: str | None) -> None:
        if self.breaker is None:
            return
        with self._lock:
            if broken is None:
                self._failures, self._shut_until = 0, None
                return
            self._failures, self._last = self._failures + 1, broken
            if self._failures >= self.breaker.after:
                self._shut_until = self.now() + self.breaker.pause_s

    def _wait_for_turn(self) -> None:
        if self.rate is None:
            return
        with self._lock:
            now = self.now()
            turn = max(now, self._next_turn)
            if turn - now > (0.0 if _in_a_loop() else LONGEST_TURN_S):
                message = f"connection `{self.name}` takes {self.rate.said}, and others are before this call"
                raise HeldBackError(message, turn - now)
            self._next_turn = turn + self.rate.gap_s
        if turn > now:
            self.sleep(turn - now)


@runtime_checkable
class AsksGuard(Protocol):
    """A connection of which a call may be several requests: each of them asks its guard."""

    guard: Guard


def guarded(connection: object, guard: Guard) -> object:
    """The connection, each call of which goes through the guard; each request, where it speaks HTTP."""
    through = getattr(connection, "http", connection)
    if isinstance(through, AsksGuard):
        through.guard = guard
        return connection
    return _guarded_class(type(connection))(connection, guard)


def _guarded_class(kind: type) -> Callable[[object, Guard], object]:
    """A class with the same members, so that it is the same kind of connection to whoever asks."""

    def made(self: Any, inner: object, guard: Guard) -> None:
        self._inner, self._guard = inner, guard

    members = {name: _member(name, getattr(kind, name)) for name in dir(kind) if not name.startswith("_")}
    return cast("Callable[[object, Guard], object]", type(f"Guarded{kind.__name__}", (), {"__init__": made, **members}))


def _member(name: str, member: Any) -> Any:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        method = getattr(self._inner, name)
        return method(*args, **kwargs) if name in _UNGUARDED else self._guard.call(lambda: method(*args, **kwargs))

    return call if callable(member) else property(lambda self: getattr(self._inner, name))


def _brokenness(told: object) -> str | None:
    """What an HTTP reply says of the service: that it is out of order, or nothing of the kind."""
    if isinstance(told, Reply) and (told.status == 408 or (told.status >= 500 and told.status not in {501, 505})):
        return f"it answered with status {told.status}"
    return None


def _in_a_loop() -> bool:
    """Whether this thread has all runs of the process in its hands, and must not sleep."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
