"""What can go wrong on the way to a shop: told request by request, before the shop has worked or after."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from orderloom.world.errors import ConnectionFailedError
from tests.world.serving import Answer, Asked, said

BEFORE = ("cut", "429", "503", "html")
AFTER = ("lost", "broken", "garbled")
FAULTS = (*BEFORE, *AFTER)
TRIED_AGAIN = {"timeout", "unavailable", "rate_limited"}
T = TypeVar("T")


@dataclass
class Faulty:
    """Gives each request to `answer`, unless a fault is told for it."""

    answer: Callable[[Asked], Answer]
    faults: list[str] = field(default_factory=list)  # one a request; "" is none
    takes_s: float = 0.0  # a request: with some, those of several threads come in between one another

    def __call__(self, asked: Asked) -> Answer:
        time.sleep(self.takes_s)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "cut":
            return Answer(lost=True)
        if fault == "429":
            return said({"errors": "Exceeded"}, 429, Retry_After="2.0")
        if fault == "401":
            return said({"errors": "[API] Invalid API key or access token"}, 401)
        if fault == "503":
            return said({"errors": "Service Unavailable"}, 503)
        if fault == "html":
            return Answer(200, b"<html>down for maintenance</html>", {"Content-Type": "text/html"})
        made = self.answer(asked)
        if fault == "lost":
            return Answer(lost=True)
        if fault == "broken":
            return said({"errors": "Internal Server Error"}, 500)
        return Answer(200, b"<html>", {}) if fault == "garbled" else made

    def then(self, *faults: str) -> None:
        self.faults[:] = faults


def until_done(call: Callable[[], T], attempts: int) -> T:
    """As a flow with `retry` does: what can be tried again is, anything else is a failure."""
    for _ in range(attempts):
        try:
            return call()
        except ConnectionFailedError as error:
            if error.error_class not in TRIED_AGAIN:
                raise
    return call()
