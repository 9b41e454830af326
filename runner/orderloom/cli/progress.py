"""How far a long command is: one line on standard error, rewritten, where a person is watching."""

from __future__ import annotations

import sys
import time
from types import TracebackType

EVERY_S = 0.5


class Progress:
    """Counts orders; shows count and rate once a command has run for longer than a moment."""

    def __init__(self) -> None:
        self.count = 0
        self._start = self._told = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def step(self, orders: int = 1) -> None:
        """So many more orders are done."""
        self.count += orders
        now = time.monotonic()
        if now - self._told >= EVERY_S and sys.stderr.isatty():
            self._told, self._shown = now, True
            sys.stderr.write(f"\r{self.count:,} orders, {self.count / (now - self._start):,.0f}/s ")
            sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")
