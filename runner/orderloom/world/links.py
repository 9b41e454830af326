"""Links that customers answer by: the event that an answer is, what it is about and until when, under a signature.

    https://shop.example.com/answer/TOKEN

A token says nothing secret and can be made by nobody else. Whoever takes the answer (a page, a person who was sent the
token) asks `read` first, which refuses what is forged or has expired.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.secrets import Secret

SHORTEST_SECRET = 16  # below it, guessing the secret is easier than it should be
_SIGNED_BYTES = 16  # of SHA-256: 128 bits, and links stay on one line of a mail


@dataclass(frozen=True)
class Answerable:
    """What a link's answer is: the event `event` about `match`, if it comes before `until`."""

    event: str
    match: str
    until: datetime


@dataclass(frozen=True)
class Links:
    """The connection `links`: `base` is where the page stands that takes answers."""

    base: str
    secret: Secret
    remote: ClassVar[bool] = False

    def link(self, event: str, match: str, until: datetime) -> str:
        """The address to put into a mail."""
        return f"{self.base.rstrip('/')}/{self.token(event, match, until)}"

    def token(self, event: str, match: str, until: datetime) -> str:
        said = json.dumps([event, match, int(until.timestamp())], ensure_ascii=False, separators=(",", ":"))
        return f"{_text(said.encode())}.{_text(self._signature(said.encode()))}"

    def read(self, token: str, now: datetime) -> Answerable:
        """What it is about. Takes a token or the whole link. Raises `ConnectionFailedError` (refused)."""
        said, signature = self._parts(token.rstrip("/").rpartition("/")[2])
        if not hmac.compare_digest(signature, self._signature(said)):
            raise _refused("this link was not made here: its signature does not fit")
        event, match, until = json.loads(said)
        ends = datetime.fromtimestamp(until, UTC)
        if now >= ends:
            raise _refused(f"this link has expired on {ends:%Y-%m-%d at %H:%M} UTC; answer at the desk instead")
        return Answerable(event, match, ends)

    def probe(self) -> str:
        """Whether links can be signed."""
        self._signature(b"")
        return f"links lead to {self.base}"

    def _parts(self, token: str) -> tuple[bytes, bytes]:
        said, dot, signature = token.partition(".")
        try:
            return _bytes(said), _bytes(signature) if dot else b""
        except (binascii.Error, ValueError):
            raise _refused("this is no link of ours: a part of it is missing or was changed") from None

    def _signature(self, said: bytes) -> bytes:
        secret = self.secret.reveal()
        if len(secret) < SHORTEST_SECRET:
            message = f"the secret of links is shorter than {SHORTEST_SECRET} letters; make a longer one"
            raise ConnectionFailedError("invalid", message)
        return hmac.new(secret.encode(), said, sha256).digest()[:_SIGNED_BYTES]


def _refused(message: str) -> ConnectionFailedError:
    return ConnectionFailedError("refused", message)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
