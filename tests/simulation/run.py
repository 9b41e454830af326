"""Draw worlds from seeds, play each, and check that what is promised held.

    python -m tests.simulation.run [--seeds 5000] [--from 1] [--seed N]

`--seed N` plays one, and tells all that happened in it. Ctrl-C ends many early. Ends with 1 where a promise does not
hold.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.holding import check
from tests.simulation.world import World

IN_MEMORY = Path("/dev/shm")


@dataclass
class Played:
    """What came of a seed: what was wrong, what happened, and how much of everything there was."""

    seed: int
    wrong: list[str]
    trace: list[str]
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        again = f"again, with all that happened: python -m tests.simulation.run --seed {self.seed}"
        return "\n".join([f"seed {self.seed}:", *(f"  {one}" for one in self.wrong), f"  {again}"])


def play(seed: int) -> Played:
    """Play the world of that seed."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None, prefix="orderloom-") as name:
        world = World(seed, Path(name))
        loop = world.place.loop
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(world.play())
            counts = check(world)
        finally:
            world.place.stock._shelf.close()
            asyncio.set_event_loop(None)
            loop.close()
        return Played(seed, world.place.wrong, world.place.trace, counts)


def main() -> int:
    parser = argparse.ArgumentParser(description="Play worlds from seeds.")
    parser.add_argument("--seeds", type=int, default=5000)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--seed", type=int)
    wanted = parser.parse_args()
    if wanted.seed is not None:
        played = play(wanted.seed)
        print("\n".join(played.trace))
        print(played if played.wrong else "nothing is wrong")
        return bool(played.wrong)
    return _many(range(wanted.first, wanted.first + wanted.seeds))


def _many(seeds: range) -> int:
    began, counts, stopping = time.monotonic(), Counter[str](), threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    for seed in seeds:
        if stopping.is_set():
            break
        played = play(seed)
        counts += played.counts + Counter({"seeds": 1, "seeds gone wrong": bool(played.wrong)})
        if played.wrong:
            print(played, flush=True)
    print(f"{counts['seeds']:,} seeds in {time.monotonic() - began:.0f} s, {counts['seeds gone wrong']} gone wrong")
    print(", ".join(f"{name}: {count:,}" for name, count in sorted(counts.items())))
    return bool(counts["seeds gone wrong"])


if __name__ == "__main__":
    sys.exit(main())
