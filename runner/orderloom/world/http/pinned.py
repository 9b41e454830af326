"""Connections to one checked address, under the name that was asked for, with a limit to how long an answer takes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from orderloom.world.http.target import Base

KEPT_OPEN = 8  # connections of one address that are used again: as many as the runner has threads


@contextlib.contextmanager
def _cut_off(connection: HTTPConnection, left_s: float) -> Iterator[None]:
    """Shut the socket down when the time is over: one byte now and then would never meet a read timeout."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(left_s, 0.001), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Limited(HTTPConnection):
    """A connection on which the headers of an answer come within `limit_s` of the request, or not at all."""

    def __init__(self, *args: Any, limit_s: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit_s, self._begun_s = limit_s, 0.0

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._begun_s = time.monotonic()
        super().request(*args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own does
        with _cut_off(self, self._limit_s - (time.monotonic() - self._begun_s)):
            return super().getresponse()


class _LimitedSecure(_Limited, HTTPSConnection):
    """The same over TLS."""


def pool(base: Base, address: str, limit_s: float, ca: str | None) -> HTTPConnectionPool:
    """Connections to `address`, which is what `base.host` was found to be. Certificates are checked for that name."""
    host = f"[{address}]" if ":" in address else address
    if base.scheme == "http":
        made = HTTPConnectionPool(host, base.port, maxsize=KEPT_OPEN)
    else:
        made = HTTPSConnectionPool(
            host, base.port, maxsize=KEPT_OPEN, ca_certs=ca, cert_reqs="CERT_REQUIRED",
            assert_hostname=base.host, server_hostname=base.host,
        )
    kind = _Limited if base.scheme == "http" else _LimitedSecure
    made.ConnectionCls = partial(kind, limit_s=limit_s)  # type: ignore[assignment]
    return made
