"""Receivers of effects over HTTP on loopback, which outlive every runner: what came, and how often it was done.

/knows/…     knows a request by its Idempotency-Key, and does it once
/forgets/…   does whatever it is asked, as often as it is asked
/once/…      the same, for a node that says that its effect is not to be repeated
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receivers:
    """`done` counts by what was asked, such as `/knows/charges/o1`; `asked` are all requests."""

    port: int = 0
    asked: int = 0
    done: Counter[str] = field(default_factory=Counter)
    keys: dict[str, str] = field(default_factory=dict)  # by key: what it was first used for
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def take(self, path: str, key: str) -> dict[str, str]:
        """Do what is asked; the answer is the same whenever it is asked again."""
        with self._turn:
            self.asked += 1
            if not path.startswith("/knows/") or key not in self.keys:
                self.done[path] += 1
            first = self.keys.setdefault(key, path)
        assert first == path, f"one key for {first} and for {path}"
        return {"did": path}

    def times(self, kind: str) -> Counter[str]:
        """How often each thing was done at one receiver."""
        return Counter({path: times for path, times in self.done.items() if path.startswith(f"/{kind}/")})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    receivers: Receivers

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = json.dumps(self.receivers.take(self.path, self.headers["Idempotency-Key"])).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(reply)}\r\n\r\n"
        self.wfile.write(head.encode() + reply)  # at once, and without a date: each answer is the same

    def log_message(self, *_: object) -> None:
        """Counts say enough."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """A client that was killed is what this is about."""


@contextmanager
def receiving() -> Iterator[Receivers]:
    receivers = Receivers()
    handler = type("Handler", (_Handler,), {"receivers": receivers})
    server = _Server(("127.0.0.1", 0), handler)
    receivers.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receivers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
