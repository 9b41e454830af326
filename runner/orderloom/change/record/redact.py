"""Values of a run in; the same as plain data without anything that tells of a person out.

What is personal (`x-pii` in the models) or tells together with other things who it is (`x-erase`) is made up where it
is text: the same value everywhere by the same one, so that what matched still matches, and of its kind, so that what
could be checked still can. Texts elsewhere lose what was found, too. Personal data of other kinds is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from orderloom.declare import Outcome
from orderloom.model.marks import ERASED, HIDDEN, Marks, marks_of
from orderloom.model.plain import plain
from orderloom.world.hiding import finder

_FEWEST = 4  # letters: a shorter name stands in other words by chance
_FEWEST_OF_A_NUMBER = 5  # a shorter one is any number
_PLACES = frozenset({"city", "region_name"})  # by which orders are routed; with a street that is made up nobody's
_CODES = frozenset({"postal_code", "sorting_code"})
_TOLD_ELSEWHERE = frozenset({"customer_id", "postal_code", "company"})
_PHONES = 100  # +1 202 555 0100 to 0199 are kept free for films and tests


@dataclass
class Redaction:
    """What was found personal, and what stands in its place."""

    made_up: dict[str, str] = field(default_factory=dict)
    _of_fields: dict[str, str] = field(default_factory=dict)  # common words and numbers: they stay elsewhere
    _of_words: dict[str, str] = field(default_factory=dict)  # of those what is looked for in texts, as a word

    def learn(self, value: Any) -> None:
        """Find what is personal in a value, before anything is written."""
        if isinstance(value, BaseModel):
            for name, found in _fields(value):
                self._learn(name, found, _marks(value, name))
        elif isinstance(value, Mapping):
            for member in value.values():
                self.learn(member)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self.learn(item)

    def _learn(self, name: str, found: Any, marks: Marks) -> None:
        if not marks & HIDDEN:
            self.learn(found)
        for text in _texts(found):
            if marks & HIDDEN:
                self._make_up(name, text)
            elif marks & ERASED and name not in _PLACES:
                self._make_up_here(name, text)

    def plain(self, value: Any) -> Any:
        """The value as plain data, redacted; fields of documents that are as by default are left out."""
        if isinstance(value, BaseModel):
            given = value.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            given |= {"outcome": value.outcome} if isinstance(value, Outcome) else {}
            kept = [(name, one) for name, one in _fields(value) if name in given and not _is_left_out(value, name, one)]
            return {name: self._field(value, name, one, given[name]) for name, one in kept}
        if isinstance(value, Mapping):
            return {str(name): self.plain(member) for name, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        return self._text(value) if isinstance(value, str) else plain(value)

    def _field(self, value: BaseModel, name: str, found: Any, dumped: Any) -> Any:
        is_made_up = isinstance(found, str) and ERASED & _marks(value, name) and found not in self.made_up
        return self._of_fields.get(found, dumped) if is_made_up else self._member(found, dumped)

    def _member(self, value: Any, dumped: Any) -> Any:
        """Documents go on as documents; what is none is as its model writes it."""
        if isinstance(value, (BaseModel, Mapping, list, tuple)):
            return self.plain(value)
        return self._text(dumped) if isinstance(dumped, str) else dumped

    def _text(self, text: str) -> str:
        if text in self.made_up:
            return self.made_up[text]
        for known in sorted(self.made_up, key=len, reverse=True):
            if len(known) >= _FEWEST and known in text:
                text = text.replace(known, self.made_up[known])
        found = finder(self._of_words)
        return found.sub(lambda one: self._of_words[one[0].lower()], text) if found else text

    def _make_up(self, name: str, text: str) -> None:
        if text and text not in self.made_up:
            self.made_up[text] = _made_up(name, len(self.made_up) + 1)

    def _make_up_here(self, name: str, text: str) -> None:
        made = _coarse(text) if name in _CODES else _made_up(name, len(self._of_fields) + 1)
        self._of_fields.setdefault(text, made)
        if name in _TOLD_ELSEWHERE and len(text) >= _FEWEST_OF_A_NUMBER:
            self._of_words[text.lower()] = self._of_fields[text]


def _made_up(name: str, number: int) -> str:
    if "email" in name:
        return f"person{number}@example.test"
    if "phone" in name:
        return f"+1202555{100 + number % _PHONES:04d}"
    if name == "address_lines":
        return f"{number} Example Street"
    if name == "customer_id":
        return f"customer-{number}"
    if name == "last4":
        return f"{number % 10_000:04d}"
    return f"Person {number}" if "name" in name else f"redacted {number}"


def _fields(value: BaseModel) -> Iterator[tuple[str, Any]]:
    yield from ((name, getattr(value, name)) for name in type(value).model_fields)


def _coarse(code: str) -> str:
    """A postal code of which the beginning stays, at most three signs: the area, by which zones and rates go."""
    letters = [sign for sign in code if sign.isalnum()]
    left = min(3, (len(letters) + 1) // 2)
    made = []
    for sign in code:
        made.append(sign if left > 0 or not sign.isalnum() else "0" if sign.isdecimal() else "A")
        left -= sign.isalnum()
    return "".join(made)


def _is_left_out(value: BaseModel, name: str, found: Any) -> bool:
    """What is personal and no text: nothing else could be made up so that it means as much."""
    texts = isinstance(found, str) or (isinstance(found, (list, tuple)) and all(isinstance(one, str) for one in found))
    return not texts and bool(_marks(value, name) & ERASED)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _marks(value: BaseModel, name: str) -> Marks:
    return marks_of(type(value))[name][0]
