"""What all runs of a process share: the journal, the nodes, the way outside, a clock, and threads for slow calls."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from orderloom.journal import Journal
from orderloom.packs import Catalogue
from orderloom.run.drivers.threads import Threads
from orderloom.run.machine.answers import Answers
from orderloom.world import Clock

WORKERS = 64


@dataclass
class Workshop:
    """`patience` is how long a run stays at hand for a retry or a `Later`.

    `sleep` is awaited between retries; tests and simulations pass their own, as they do the clock.
    """

    journal: Journal
    catalogue: Catalogue
    connections: Mapping[str, object]
    clock: Clock
    answers: Answers = field(default_factory=Answers)
    patience: timedelta = timedelta(seconds=10)
    sleep: Callable[[float], Any] = asyncio.sleep
    jitter: random.Random = field(default_factory=random.Random)
    workers: int = WORKERS
    threads: Threads = field(init=False)

    def __post_init__(self) -> None:
        self.threads = Threads(self.workers)

    def close(self) -> None:
        """Let the threads go; a call that ran out of its time limit is not waited for."""
        self.threads.close()
