"""Calls with effects that are under way in threads, side by side; what each comes to, as soon as it has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from orderloom.journal import Landing, NotInTimeError
from orderloom.run.drivers.calling import Calling, Told
from orderloom.run.drivers.memory import given_up, in_thread
from orderloom.run.drivers.threads import LONGEST_CALL, Threads
from orderloom.run.machine.events import Call
from orderloom.world import CallLog

Come = tuple[Call, Told, CallLog]


class UnderWay:
    """The calls that begin together. `cancel` what is left where nobody waits any more."""

    def __init__(self, calls: Sequence[Call], logs: Sequence[CallLog], threads: Threads, calling: Calling) -> None:
        self._threads = threads
        self._left = {id(call): (call, log) for call, log in zip(calls, logs, strict=True)}
        self._futures = {
            place: in_thread(threads, calling, call, log, Landing[Told]())
            for place, (call, log) in self._left.items()
        }
        self._tasks: dict[int, asyncio.Task[Told]] = {}
        if len(calls) > 1:  # one alone is awaited as it is
            self._tasks = {id(call): asyncio.ensure_future(self._awaited(call)) for call in calls}

    def __contains__(self, call: Call) -> bool:
        return id(call) in self._futures

    async def until(self, call: Call) -> AsyncIterator[Come]:
        """What comes up to the result of that call, itself the last unless others come with it."""
        while id(call) in self._left:
            for place in await self._first():
                one, log = self._left.pop(place)
                yield one, await self._told(place, one), log

    def cancel(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def _first(self) -> list[int]:
        if not self._tasks:
            return list(self._left)
        await asyncio.wait([self._tasks[place] for place in self._left], return_when=asyncio.FIRST_COMPLETED)
        return [place for place in self._left if self._tasks[place].done()]

    async def _told(self, place: int, call: Call) -> Told:
        task = self._tasks.get(place)
        return await task if task else await self._awaited(call)

    async def _awaited(self, call: Call) -> Told:
        return await in_time(self._threads, call, self._futures[id(call)])


async def in_time(threads: Threads, call: Call, landing: Landing[Told]) -> Told:
    """What a call comes to that has been handed to the threads."""
    try:
        return await landing.within((call.timeout or LONGEST_CALL).total_seconds())
    except NotInTimeError:
        return given_up(threads, call, landing)
