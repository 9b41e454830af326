"""How far a long command is: a bar with the rate and the time that is left, on standard error, if a person watches."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from orderloom.run.arrivals.intake import Extent

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

AFTER_S = 1.0  # a command that is done sooner shows nothing
EVERY_S = 0.2


class Progress:
    """Counts orders. `extent` says how much of the input has been read, which tells the time that is left."""

    def __init__(self, extent: Extent | None = None) -> None:
        self.count = 0
        self._extent = extent or Extent()
        self._start = self._told = time.monotonic()
        self._bar: Bar | None = None

    def __enter__(self) -> Progress:
        return self

    def step(self, orders: int = 1) -> None:
        """So many more orders are done."""
        self.count += orders
        now = time.monotonic()
        if now - self._told < (EVERY_S if self._bar else AFTER_S) or not sys.stderr.isatty():
            return
        self._told = now
        self._bar = self._bar or _bar(self._extent)
        rate = f"{self.count / (now - self._start):,.0f}"
        self._bar.update(self._bar.task_ids[0], completed=self._extent.read, orders=f"{self.count:,}", rate=rate)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(extent: Extent) -> Bar:
    from rich.console import Console  # noqa: PLC0415 (short commands do without)
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar_  # noqa: PLC0415

    known: list[Any] = [BarColumn(), TextColumn("left"), TimeRemainingColumn()] if extent.total else []
    bar = Bar_(
        TextColumn("{task.fields[orders]} orders, {task.fields[rate]}/s"),
        *known,
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # what is printed meanwhile stands above the bar
    )
    bar.add_task("", total=extent.total, orders="", rate="")
    bar.start()
    return bar
