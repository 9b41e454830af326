"""One process of `durable.py`: orders FIRST to LAST through a flow, in the journal of a project folder.

Prints one JSON object. `--bare` calls the node functions by hand instead; `--windows` times the run in tenths.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import resource
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from delivery import ANSWERS
from durable_flows import FLOWS, hand_of
from durable_work import by_hand
from orderloom.journal import FILE, Journal
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.world import SystemClock


async def durable(hand: Any, crew: Crew, numbers: range, in_flight: int, windows: int) -> list[float]:
    """CPU seconds of each window, in turn."""
    gate, statuses = asyncio.Semaphore(in_flight), Counter[str]()
    marks = [time.process_time()]

    async def one(number: int) -> None:
        try:
            trigger = hand.captured(number)
            told = await crew.order(hand.shop.program, hand.key(trigger), trigger, hand.shop.opened)
            statuses[told.status] += 1
        finally:
            gate.release()
        if sum(statuses.values()) % max(1, len(numbers) // windows) == 0:
            marks.append(time.process_time())

    with crew.at_work():
        async with asyncio.TaskGroup() as group:
            for number in numbers:
                await gate.acquire()
                group.create_task(one(number))
    assert set(statuses) == {"completed"}, statuses
    return [later - earlier for earlier, later in itertools.pairwise(marks)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--last", type=int, default=300)
    arguments.add_argument("--in-flight", type=int, default=64)
    arguments.add_argument("--windows", type=int, default=1)
    arguments.add_argument("--flow", choices=FLOWS, default="shipped")
    arguments.add_argument("--bare", action="store_true")
    given = arguments.parse_args()
    hand, numbers = hand_of(given.flow, given.folder), range(given.first, given.last)
    if given.bare:
        wall, cpu = time.perf_counter(), time.process_time()
        for number in numbers:
            by_hand(hand, number)
        windows = []
    else:
        with closing(Journal(given.folder / FILE)) as journal:
            shop = Workshop(journal, hand.shop.opened.catalogue, hand.connections, SystemClock(), ANSWERS)
            crew = Crew(shop, Pins(journal, hand.shop.opened.project))
            wall, cpu = time.perf_counter(), time.process_time()
            with closing(shop):
                windows = asyncio.run(durable(hand, crew, numbers, given.in_flight, given.windows))
    told = {
        "orders": len(numbers),
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "windows_cpu_s": windows,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
