"""How messages are put together: as the standard library does, without a new class for every header."""

from __future__ import annotations

from email.headerregistry import BaseHeader, HeaderRegistry
from email.policy import EmailPolicy


class _Classes(HeaderRegistry):
    """The class of a header by its name, made once: the registry makes one for each header of each message."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = super().__getitem__(name)
        return made


# for messages whose header names stand in the code: a name that comes from elsewhere would be kept for good
POLICY = EmailPolicy(header_factory=_Classes())
