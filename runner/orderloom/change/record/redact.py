"""Values of a run in; the same as plain data without anything that tells of a person out.

What is personal (`x-pii` in the models) is made up where it is text: the same value everywhere by the same one, so that
what matched still matches, and of its own kind, so that what could be checked still can. Texts elsewhere lose what was
found, too. Personal data of other kinds is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from orderloom.declare import Outcome
from orderloom.model.plain import plain

_FEWEST = 4  # letters: a shorter name stands in other words by chance
_PHONES = 100  # +1 202 555 0100 to 0199 are kept free for films and tests


@dataclass
class Redaction:
    """What was found personal, and what stands in its place."""

    made_up: dict[str, str] = field(default_factory=dict)

    def learn(self, value: Any) -> None:
        """Find what is personal in a value, before anything is written."""
        if isinstance(value, BaseModel):
            for name, found in _fields(value):
                if not _is_personal(value, name):
                    self.learn(found)
                for text in _texts(found) if _is_personal(value, name) else ():
                    self._make_up(name, text)
        elif isinstance(value, Mapping):
            for member in value.values():
                self.learn(member)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self.learn(item)

    def plain(self, value: Any) -> Any:
        """The value as plain data, redacted; fields of documents that are as by default are left out."""
        if isinstance(value, BaseModel):
            given = value.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            given |= {"outcome": value.outcome} if isinstance(value, Outcome) else {}
            kept = [(name, one) for name, one in _fields(value) if name in given and not _is_left_out(value, name, one)]
            return {name: self._member(one, given[name]) for name, one in kept}
        if isinstance(value, Mapping):
            return {str(name): self.plain(member) for name, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        return self._text(value) if isinstance(value, str) else plain(value)

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
        return text

    def _make_up(self, name: str, text: str) -> None:
        if text and text not in self.made_up:
            self.made_up[text] = _made_up(name, len(self.made_up) + 1)


def _made_up(name: str, number: int) -> str:
    if "email" in name:
        return f"person{number}@example.test"
    if "phone" in name:
        return f"+1202555{100 + number % _PHONES:04d}"
    if name == "address_lines":
        return f"{number} Example Street"
    if name == "last4":
        return f"{number % 10_000:04d}"
    return f"Person {number}" if "name" in name else f"redacted {number}"


def _fields(value: BaseModel) -> Iterator[tuple[str, Any]]:
    yield from ((name, getattr(value, name)) for name in type(value).model_fields)


def _is_left_out(value: BaseModel, name: str, found: Any) -> bool:
    """What is personal and no text: nothing else could be made up so that it means as much."""
    texts = isinstance(found, str) or (isinstance(found, (list, tuple)) and all(isinstance(one, str) for one in found))
    return not texts and _is_personal(value, name)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _is_personal(value: BaseModel, name: str) -> bool:
    field_ = type(value).model_fields[name]
    return _is_marked(field_) or any(_is_marked(one) for one in _inside(field_.annotation))


def _inside(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from _inside(part)


def _is_marked(found: Any) -> bool:
    extra = found.json_schema_extra if isinstance(found, FieldInfo) else None
    return isinstance(extra, Mapping) and bool(extra.get("x-pii"))
