"""Secrets: `{env: NAME}` or `{file: PATH}` in, a value that never shows itself out."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
SHORTEST_HIDDEN = 6                         # shorter values would blank out ordinary words
SECRET_LIMIT_BYTES = 10_000


class SecretMissingError(Exception):
    """The secret is not where it was said to be; the message says where that is."""


@dataclass(frozen=True, repr=False, eq=False)
class Secret:
    """A password or a key. Only `reveal()` gives it; printed, logged or dumped it is `•••`."""

    _value: str

    def __post_init__(self) -> None:
        _KNOWN[self._value] = self

    def reveal(self) -> str:
        return self._value

    def hide_in(self, text: str) -> str:
        """The text with this secret blanked out: as it is, in base64, and as it stands in a URL or in JSON."""
        for form in self._forms():
            text = text.replace(form, HIDDEN)
        return text

    def hide_in_bytes(self, content: bytes) -> bytes:
        """The same, of what came in as bytes."""
        for form in self._forms():
            content = content.replace(form.encode(), HIDDEN.encode())
        return content

    def _forms(self) -> list[str]:
        if len(self._value) < SHORTEST_HIDDEN:
            return []
        encoded = base64.b64encode(self._value.encode()).decode()
        forms = {self._value, encoded, encoded.rstrip("="), quote(self._value, safe=""), quote_plus(self._value)}
        forms |= {json.dumps(self._value)[1:-1], json.dumps(self._value, ensure_ascii=False)[1:-1]}
        return sorted(forms, key=len, reverse=True)

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> tuple[type, tuple[str]]:
        raise TypeError("a secret is not written anywhere")


_KNOWN: dict[str, Secret] = {}  # what this process has met, so that it can be kept out of what it writes


def known_secrets() -> tuple[Secret, ...]:
    """Every secret of this process."""
    return tuple(_KNOWN.values())


def secret_from(source: Mapping[str, str], base: Path, environment: Mapping[str, str] | None = None) -> Secret:
    """The secret that `{env: NAME}` or `{file: PATH}` names. Raises `SecretMissingError`."""
    if "env" in source:
        return _from_environment(source["env"], os.environ if environment is None else environment)
    return _from_file(base / source["file"])


def _from_environment(name: str, environment: Mapping[str, str]) -> Secret:
    value = environment.get(name)
    if not value:
        raise SecretMissingError(f"the environment variable `{name}` is not set")
    return Secret(value)


def _from_file(path: Path) -> Secret:
    try:
        with path.open("rb") as stream:
            content = stream.read(SECRET_LIMIT_BYTES + 1)
        value = content.decode("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SecretMissingError(f"the file {path} cannot be read") from None
    if not value or len(content) > SECRET_LIMIT_BYTES:
        raise SecretMissingError(f"the file {path} does not hold one secret")
    return Secret(value)
