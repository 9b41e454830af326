"""One request to one service in; its reply, or a failure in words, out.

What the service answers is a reply whatever its status: a node decides what 404 means. No answer is a failure:
timeout (none in time), unavailable (nobody there, no trust, cut off), refused (we do not connect there), invalid (the
request cannot be made, or the answer cannot be taken). Redirects are not followed and proxies not used: a request
goes to the address that was checked, and nowhere else.
"""

from __future__ import annotations

import json as jsons
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from urllib3 import HTTPConnectionPool, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from orderloom.model.plain import plain
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.guard import Guard
from orderloom.world.hiding import hide_secrets, hide_secrets_in
from orderloom.world.http.addresses import Resolve, allowed, resolve
from orderloom.world.http.pinned import pool
from orderloom.world.http.target import Base, filled
from orderloom.world.protocols import Reply
from orderloom.world.secrets import Secret

TIMEOUT_S = 20.0
REPLY_LIMIT_BYTES = 5_000_000
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
CHUNK_BYTES = 65_536
USER_AGENT = "orderloom"
_OURS = {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "authorization"}
_NOT_PASSED_ON = {"set-cookie", "set-cookie2"}


@dataclass
class HttpService:
    """An `Http` connection. Safe to use from several threads; connections are kept open between requests.

    `headers` go out with every request; `secret_headers` too, and are hidden in every message. `key_header` is the
    name under which a call's idempotency key goes out, as it is (the draft of the HTTP working group quotes it, the
    services that read one take it bare).
    """

    base: Base
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, Secret] = field(default_factory=dict)
    timeout_s: float = TIMEOUT_S
    reply_limit_bytes: int = REPLY_LIMIT_BYTES
    private: bool = False
    ca: str | None = None
    key_header: str = "Idempotency-Key"
    resolver: Resolve = resolve
    guard: Guard = field(default_factory=Guard, repr=False)
    remote: ClassVar[bool] = True
    _pools: dict[str, HTTPConnectionPool] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(
        self,
        method: str,
        path: str,
        *,
        parts: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        key: str = "",
    ) -> Reply:
        """One request below the base address. Raises `ConnectionFailedError` where there is no answer.

        The body is `json`, or `form` as browsers send one.
        """
        if method not in METHODS:
            raise ConnectionFailedError("invalid", f"`{method}` is no method of HTTP: {', '.join(METHODS)}")
        try:
            target = self.base.target(filled(path, parts), query)
            sent = self._headers(headers or {}, key)
        except ValueError as error:
            raise ConnectionFailedError("invalid", str(error)) from None
        body = None
        if json is not None:
            body, sent["Content-Type"] = jsons.dumps(plain(json), ensure_ascii=False).encode(), "application/json"
        elif form is not None:
            body, sent["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        return self.guard.call(lambda: self._first(method, target, sent, body))

    def probe(self) -> str:
        """Asks for the head of the base address, with the credentials. Raises `ConnectionFailedError`.

        Any answer shows that somebody is there; 401 and 403 fail where credentials were given, 429 and 5xx always.
        """
        status = self.send("HEAD", "").status
        if status in {405, 501}:  # a service may know no HEAD
            status = self.send("GET", "").status
        if status in {401, 403} and self.secret_headers:
            raise ConnectionFailedError("refused", f"{self.base} does not accept the credentials ({status})")
        if status == 429:
            raise ConnectionFailedError("rate_limited", f"{self.base} asks for a pause ({status})")
        if status >= 500:
            raise ConnectionFailedError("unavailable", f"{self.base} answers that it is out of order ({status})")
        return f"{self.base} answers ({status})"

    def _headers(self, given: Mapping[str, str], key: str) -> dict[str, str]:
        """Raises `ValueError` where a header is one of ours, or cannot be one."""
        made = {"Host": self.base.authority, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        made |= {"Accept": "application/json"} | {name: str(value) for name, value in self.headers.items()}
        for name, value in given.items():
            if name.lower() in _OURS:
                raise ValueError(f"the header `{name}` is made by the connection and cannot be given")
            made[name] = str(value)
        made |= {self.key_header: key} if key else {}
        made |= {name: secret.reveal() for name, secret in self.secret_headers.items()}
        for name, value in made.items():
            check_header(name, value)
        return made

    def _first(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """The reply of the first of the host's addresses that can be connected to."""
        addresses = allowed(self.base.host, self.base.port, self.private, self.resolver)
        for last, address in enumerate(addresses, 1 - len(addresses)):
            ends_at = time.monotonic() + self.timeout_s
            try:
                return self._ask(address, method, target, headers, body, ends_at)
            except (NewConnectionError, ConnectTimeoutError) as error:
                if last == 0:
                    raise self._failure(error) from None
            except (HTTPError, OSError) as error:
                cut_off = time.monotonic() >= ends_at  # by ourselves: the time was over
                raise (self._too_slow(in_doubt=True) if cut_off else self._failure(error)) from None
        raise ConnectionFailedError("unavailable", f"no address is known for `{self.base.host}`")

    def _ask(
        self, address: str, method: str, target: str, headers: Mapping[str, str], body: bytes | None, ends_at: float
    ) -> Reply:
        response = self._pool(address).urlopen(
            method, target, body=body, headers=dict(headers), retries=False, redirect=False, preload_content=False,
            decode_content=False, timeout=Timeout(connect=self.timeout_s, read=self.timeout_s), assert_same_host=False,
        )
        try:
            content = self._content(response, ends_at)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        told = {name.lower(): value for name, value in response.headers.items() if name.lower() not in _NOT_PASSED_ON}
        told = {name: hide_secrets(value) for name, value in told.items()}
        return Reply(response.status, told, hide_secrets_in(content))  # who repeats our key does not have it written

    def _content(self, response: BaseHTTPResponse, ends_at: float) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() not in {"identity", ""}:
            message = f"{self.base} answered compressed, which it was not asked for"
            raise ConnectionFailedError("invalid", message, in_doubt=True)
        pieces: list[bytes] = []
        size = 0
        while piece := response.read1(CHUNK_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > self.reply_limit_bytes:
                limit = f"{self.reply_limit_bytes:,} bytes"
                message = f"{self.base} answered more than {limit}, the limit here"
                raise ConnectionFailedError("invalid", message, in_doubt=True)
            if time.monotonic() > ends_at:
                raise self._too_slow(in_doubt=True)
        return b"".join(pieces)

    def _pool(self, address: str) -> HTTPConnectionPool:
        with self._lock:
            if address not in self._pools:
                self._pools[address] = pool(self.base, address, self.timeout_s, self.ca)
            return self._pools[address]

    def _failure(self, error: Exception) -> ConnectionFailedError:
        """In our words: a library's sentence can hold an address with what was in it."""
        if isinstance(error, NewConnectionError):  # is a connect timeout too, by its class
            return ConnectionFailedError("unavailable", f"nobody answers at {self.base}")
        if isinstance(error, ConnectTimeoutError):
            return self._too_slow(in_doubt=False)
        if isinstance(error, ReadTimeoutError):
            return self._too_slow(in_doubt=True)
        if isinstance(error, SSLError):
            return ConnectionFailedError("unavailable", f"{self.base} cannot be trusted: {_distrust(error)}")
        message = f"{self.base} broke the connection off before it had answered"
        return ConnectionFailedError("unavailable", message, in_doubt=True)

    def _too_slow(self, *, in_doubt: bool) -> ConnectionFailedError:
        message = f"{self.base} did not answer within {self.timeout_s:g} s"
        return ConnectionFailedError("timeout", message, in_doubt=in_doubt)


def check_header(name: str, value: str) -> None:
    """Raises `ValueError` where a header's name is no token (RFC 9110, 5.6.2) or its value holds a line break."""
    if not name or not name.isascii() or not all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name):
        raise ValueError(f"`{name}` cannot be the name of a header")
    if any((ord(c) < 32 and c != "\t") or ord(c) == 127 for c in value) or not _is_latin(value):
        raise ValueError(f"the header `{name}` holds a line break or a character that headers cannot hold")


def _is_latin(value: str) -> bool:
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _distrust(error: SSLError) -> str:
    text = str(error).lower()
    if "hostname mismatch" in text or "doesn't match" in text or "ip address mismatch" in text:
        return "its certificate is for another name"
    if "self-signed" in text or "self signed" in text or "unable to get local issuer" in text:
        return "its certificate is signed by nobody known here (name the file of its authority as `ca`)"
    if "expired" in text:
        return "its certificate has expired"
    return "no secure connection could be made"
