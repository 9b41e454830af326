"""The base address of a service, and the addresses below it.

ValueError      a text is no base address, or a path leads elsewhere; the message says what is wanted
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from orderloom.model.plain import plain

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]+")
_PORTS = {"https": 443, "http": 80}
_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LONGEST = 8_000  # characters of a request's target: what common servers take
_UNRESERVED = "!$&'()*+,;=:@-._~/%"


@dataclass(frozen=True)
class Base:
    """`https://api.example.com/v1`, taken apart. `path` begins with a slash and ends without."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, text: str) -> Base:
        """Raises `ValueError` where the text is no http or https address, or holds more than host and path."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError("an address such as https://api.example.com/v1") from None
        if parts.scheme not in _PORTS or not parts.hostname or not _HOST.fullmatch(parts.hostname):
            raise ValueError("an address such as https://api.example.com/v1")
        if parts.username is not None or parts.password is not None:
            raise ValueError("an address without a user or a password in it: those go under `auth`")
        if parts.query or parts.fragment or not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError("an address without `?` and `#`: the path of each request is added to it")
        _refuse_climbing(parts.path)
        return cls(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def target(self, path: str, query: Mapping[str, Any] | None = None) -> str:
        """What a request asks for: `path` below the base. Raises `ValueError` where it would leave it."""
        if any(ord(character) < 33 or ord(character) == 127 or character == "\\" for character in path):
            raise ValueError(f"the path {path!r} holds a blank, a backslash or a control character")
        if "?" in path or "#" in path:
            raise ValueError(f"the path `{path}` holds `?` or `#`: give what follows as `query`")
        if path.startswith("//") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
            raise ValueError(f"`{path}` is an address of its own: a path below {self} is wanted")
        _refuse_climbing(path)
        below = f"{self.path}/{path.lstrip('/')}" if path else self.path or "/"
        found = quote(below, safe=_UNRESERVED) + _query(query)
        if len(found) > _LONGEST:
            raise ValueError(f"the path and the query are longer than {_LONGEST:,} characters")
        return found


def holes(path: str) -> list[str]:
    """The names in braces of `orders/{id}/lines/{line}`, in order."""
    return _HOLE.findall(path)


def filled(path: str, parts: Mapping[str, Any] | None = None) -> str:
    """The path with its holes filled, each value encoded whole. Raises `ValueError` where one lacks its value."""
    given = parts or {}

    def value(match: re.Match[str]) -> str:
        text = _written(given.get(match[1])) if given.get(match[1]) is not None else ""
        if not text or text in {".", ".."}:
            raise ValueError(f"the path `{path}` has nothing to put in place of `{match[0]}`")
        return quote(text, safe="")

    return _HOLE.sub(value, path)


def _refuse_climbing(path: str) -> None:
    """No part of a path is `.` or `..`, however often it is encoded."""
    decoded = path
    for _ in range(4):
        decoded, before = unquote(decoded), decoded
        if decoded == before:
            break
    parts = re.split(r"[/\\]", decoded)
    if any(part in {".", ".."} for part in parts) or "\0" in decoded:
        raise ValueError(f"the path `{path}` climbs out of where it begins")


def _query(query: Mapping[str, Any] | None) -> str:
    """`?a=1&b=2`; a list is given as several of the same name, and what is null is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in (query or {}).items():
        many = value if isinstance(value, (list, tuple)) else [value]
        pairs += [(str(name), _written(one)) for one in many if one is not None]
    return f"?{urlencode(pairs)}" if pairs else ""


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain(value))
