"""What a run holds, made fit to be shown: personal data, secrets and card numbers blanked out.

Fields that a model marks `x-pii` or `x-secret` are hidden by their mark; wherever else in the run the same names and
addresses stand (a question to a person, a reason, an answer of a server), by their value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orderloom.run.telling.personal import HIDDEN as MARKS
from orderloom.run.telling.personal import changed, marked, texts
from orderloom.world.hiding import finder, hide_forms, hide_numbers, hide_secrets
from orderloom.world.secrets import HIDDEN


class Veil:
    """Hides what is personal in `values`, all that the run holds; where `full`, secrets and card numbers alone."""

    def __init__(self, values: Iterable[Any], *, full: bool = False) -> None:
        self.full = full
        self._names = None if full else finder(text for value in values for text in _named(value))

    def over(self, value: Any) -> Any:
        """The value as plain data, what is not to be seen hidden."""
        typed = changed(value, frozenset() if self.full else MARKS, lambda _: HIDDEN)
        return self.plain(typed)

    def text(self, text: str) -> str:
        if self.full:
            return hide_numbers(hide_secrets(text))
        return hide_forms(self._names.sub(HIDDEN, text) if self._names else text)

    def plain(self, value: Any) -> Any:
        """The same of plain data, in which no field says what it is."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.plain(member) for name, member in value.items()}
        return [self.plain(one) for one in value] if isinstance(value, list) else value


def unsecret(value: Any) -> Any:
    """Plain data without secrets and card numbers, whatever else of it is to be seen: for all that is printed."""
    return _OPEN.plain(value)


def _named(value: Any) -> Iterable[str]:
    """Names, addresses and the like; what a channel said beside its order is full of common words, and left out."""
    for found in marked(value, MARKS):
        if not isinstance(found, Mapping):
            yield from texts(found)


_OPEN = Veil((), full=True)
