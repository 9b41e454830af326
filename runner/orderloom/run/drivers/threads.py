"""The threads in which calls with effects are made: so many at once, and none that keeps a process from ending.

A call that does not come back within its time limit keeps its thread, since Python cannot end one: another takes its
place, so that the others go on. Too many of these, and new calls are refused: something is broken that retrying only
makes worse. All of them end with the process, as the threads of a standard pool would not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from queue import SimpleQueue
from typing import Any, TypeVar

from orderloom.journal import Landing

T = TypeVar("T")
LONGEST_CALL = timedelta(hours=1)  # of a step without a time limit
MOST_LOST = 64


class NoThreadError(Exception):
    """So many calls have not come back that no more are made; the message names them."""


@dataclass(eq=False)
class _Job:
    future: Future[Any] | Landing[Any]
    work: Callable[[], Any]
    name: str
    begun: bool = False
    lost: bool = False


@dataclass
class Threads:
    """At most `most` calls at once, not counting those that were given up."""

    most: int
    most_lost: int = MOST_LOST
    _queue: SimpleQueue[_Job | None] = field(default_factory=SimpleQueue, repr=False)
    _jobs: dict[Future[Any] | Landing[Any], _Job] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _threads: int = 0
    _lost_calls: int = 0

    def submit(self, name: str, work: Callable[[], T]) -> Future[T]:
        """Have the work done. Raises `NoThreadError`; `name` is that by which it names calls that were lost."""
        future: Future[T] = Future()
        self.do(name, work, future)
        return future

    def do(self, name: str, work: Callable[[], T], future: Future[T] | Landing[T]) -> None:
        """As `submit`, with a future of one's own."""
        with self._lock:
            if self._lost_calls >= self.most_lost:
                raise NoThreadError(_told(self._lost()) + ": no more are made until this process is started anew")
            job = _Job(future, work, name)
            self._jobs[job.future] = job
            self._start_if_needed()
        self._queue.put(job)

    def give_up(self, future: Future[Any] | Landing[Any]) -> bool:
        """The call has not come back in time; whether it had begun. Another thread takes the place of its own."""
        with self._lock:
            job = self._jobs.get(future)
            if job is None:
                return True  # it has come back just now
            if not job.begun:
                future.cancel()
                return False
            job.lost = True
            self._lost_calls += 1
            self._threads -= 1
            self._start_if_needed()
            return True

    @property
    def lost(self) -> str | None:
        """The calls that were given up and have not come back since, in a sentence."""
        with self._lock:
            lost = self._lost()
        return _told(lost) if lost else None

    def close(self) -> None:
        """Let idle threads go, and those that work as soon as they are done. What waits for a thread is not made."""
        with self._lock:
            for job in self._jobs.values():
                if not job.begun:
                    job.future.cancel()
            for _ in range(self._threads):
                self._queue.put(None)

    def _lost(self) -> list[str]:
        return [job.name for job in self._jobs.values() if job.lost]

    def _start_if_needed(self) -> None:
        """A thread for each call, up to the most; those that are given up have theirs for good."""
        if self._threads < min(self.most, len(self._jobs) - self._lost_calls):
            self._threads += 1
            threading.Thread(target=self._serve, name="orderloom-call", daemon=True).start()

    def _serve(self) -> None:
        while True:
            job = self._queue.get()
            with self._lock:
                if job is None:
                    self._threads -= 1
                    return
                job.begun = job.future.set_running_or_notify_cancel()
            if job.begun:
                _do(job)
            with self._lock:
                self._jobs.pop(job.future, None)
                if job.lost:  # another one is in its place
                    self._lost_calls -= 1
                    return


def _do(job: _Job) -> None:
    try:
        value = job.work()
    except BaseException as error:
        job.future.set_exception(error)
    else:
        job.future.set_result(value)


def _told(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in dict.fromkeys(names))
    return f"calls that did not come back within their time limit: {len(names)} ({shown})"
