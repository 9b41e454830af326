"""What a long command is looking for, on standard error, if a person watches; quick to load, for quick commands."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TextIO

EVERY_S = 0.2


class Stages:
    """Shows what a command is looking for, and for how many seconds, once that takes longer than a moment."""

    def __init__(self, what: str, stream: TextIO | None = None, every_s: float = EVERY_S) -> None:
        self._what, self._stream, self._every_s = what, stream or sys.stderr, every_s
        self._stage, self._start = "", time.monotonic()
        self._over = threading.Event()
        self._teller: threading.Thread | None = None

    def at(self, stage: str) -> None:
        """What it looks for from now on."""
        self._stage = stage

    def __enter__(self) -> Stages:
        if self._stream.isatty():
            self._teller = threading.Thread(target=self._tell, daemon=True)  # the work itself has no time for it
            self._teller.start()
        return self

    def _tell(self) -> None:
        while not self._over.wait(self._every_s):
            seconds = time.monotonic() - self._start
            self._stream.write(f"\r\033[K{self._what}: looking for {self._stage}, {seconds:.0f} s ")
            self._stream.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._teller is not None:
            self._teller.join()
            self._stream.write("\r\033[K")
            self._stream.flush()
