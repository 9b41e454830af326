"""A run and a person in; the run's events without what is theirs out.

Of a run that is theirs (they buy or ask in it) everything goes that a model marks `x-pii` or `x-erase`, and every text
anywhere in which one of those values stands. Of a run in which they are merely named (a present for them) their own
part goes. Amounts, articles, outcomes, times and rows of tables stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from orderloom.journal import Event, Pending, Run
from orderloom.journal.erasing import Rewritten
from orderloom.model import Party
from orderloom.model.marks import ERASED, Kinds, marks_of
from orderloom.run.kept.records import MARK
from orderloom.run.telling.personal import known_kind, texts
from orderloom.world.forgetting import GONE, Person
from orderloom.world.hiding import finder

_DOCUMENTS = (f"{MARK}m", f"{MARK}o")
_KEPT_WORDS = frozenset({"now", "outcome", "class", "for", "again_at", "attempt", "undo", "by", "at", "task", "signal"})
_TOLD = frozenset({"message", "why"})  # said in words, often with the very value that was wrong
_SHORTEST_SAID = 10  # letters of what a channel said beside its order; what is shorter are common words


@dataclass
class _Made:
    """What a run made outside that is the person's too."""

    orders: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Theirs:
    """What is to be written in a run's place, and what it made outside."""

    rewritten: Rewritten
    orders: frozenset[str]
    messages: frozenset[str]
    papers: frozenset[str]
    also: frozenset[str]  # by what else the run knows them


def theirs(run: Run, events: Sequence[Event], tasks: Sequence[Pending], person: Person) -> Theirs | None:
    """What is left of the run without the person; None where they do not stand in it."""
    bodies = [json.loads(event.body) for event in events]
    shown = {task.number: json.loads(task.body) for task in tasks}
    whole = any(_is_customer(body, person) for body in bodies)
    eraser = _Eraser(person, whole, _words([*bodies, *shown.values()], person, whole))
    left = {number: eraser.body(body) for number, body in enumerate(bodies)}
    changed = {number: body for number, body in left.items() if body != bodies[number]}
    told = {number: eraser.body(body) for number, body in shown.items()}
    told = {number: body for number, body in told.items() if body != shown[number]}
    key = f"erased {run.id}" if person.is_named_in(run.key) else None
    if not (whole or changed or told or key):
        return None
    rewritten = Rewritten(run.number, _dumped(changed), _dumped(told), key, whole)
    made = _made(bodies) if whole else _Made()
    also = frozenset(name for body in bodies for name in _other_names(body, person))
    return Theirs(rewritten, frozenset(made.orders), frozenset(made.messages), frozenset(made.paths), also)


def _dumped(bodies: Mapping[int, Any]) -> dict[int, str]:
    return {number: json.dumps(body, ensure_ascii=False, separators=(",", ":")) for number, body in bodies.items()}


class _Eraser:
    """Goes through what is recorded as it stands there: documents by the marks of their class, all else by words."""

    def __init__(self, person: Person, whole: bool, words: frozenset[str]) -> None:
        self.person, self.whole = person, whole
        self._found = finder(word for word in words if not word.isdecimal())
        self._numbers = finder(word for word in words if word.isdecimal())

    def names(self, text: str) -> bool:
        """Whether something of theirs stands in the text; a number is theirs within a sentence, and else any number."""
        if self.person.is_named_in(text) or (self._found and self._found.search(text)):
            return True
        return bool(self._numbers and " " in text and self._numbers.search(text))

    def body(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """One event, or one task: its own words stay, what it holds is gone through."""
        return {name: self._held(name, value) for name, value in body.items()}

    def _held(self, name: str, value: Any) -> Any:
        if name in _KEPT_WORDS and not (isinstance(value, str) and self.person.is_named_in(value)):
            return value
        if name in _TOLD and isinstance(value, str):
            return GONE if self.whole else self._text(value)
        if name in {"log", "about"} and isinstance(value, dict):
            return {inner: self._listed(inner, member) for inner, member in value.items()}
        return self._root(value)

    def _listed(self, name: str, value: Any) -> Any:
        """Decisions and messages are told one by one; of a wait's subject each part stands for itself."""
        if name in {"decisions", "sent"} and isinstance(value, list):
            return [self.body(one) for one in value]
        return self._held(name, value)

    def _root(self, value: Any) -> Any:
        """Data of no known form goes as a whole where they are named in it: what else of theirs is in it, who knows."""
        if _mark(value) or not isinstance(value, (dict, list)):
            return self._value(value, ())
        if isinstance(value, dict) and "outcome" in value:  # what a node gave by its settings: field by field
            return {name: member if name == "outcome" else self._root(member) for name, member in value.items()}
        return self._loose(value)

    def _loose(self, value: Any) -> Any:
        if any(self.names(text) for text in texts(_without_documents(value))):
            return GONE
        return self._value(value, ())

    def _value(self, value: Any, kinds: Kinds) -> Any:
        mark = _mark(value)
        if mark in _DOCUMENTS:
            name, number, fields = value[mark]
            kind = known_kind(name)
            return {mark: [name, number, self._members(fields, (kind,)) if kind else self._unknown(fields)]}
        if mark:
            return value
        if isinstance(value, dict):
            return self._members(value, kinds)
        if isinstance(value, list):
            return [self._value(one, kinds) for one in value]
        return self._text(value) if isinstance(value, str) else value

    def _unknown(self, fields: Mapping[str, Any]) -> Any:
        """Of a class that is not installed nobody can say what in it is personal."""
        return {} if self.whole or any(self.names(text) for text in texts(fields)) else fields

    def _members(self, fields: Mapping[str, Any], kinds: Kinds) -> dict[str, Any]:
        known = {name: [held for kind in kinds if (held := marks_of(kind).get(name))] for name in fields}
        marked = {name for name, held in known.items() if any(marks & ERASED for marks, _ in held)}
        gone = marked if self.whole or self._is_about([fields[name] for name in marked]) else set()
        left = {name: value for name, value in fields.items() if name not in gone}
        return {name: self._member(name, value, known[name], kinds) for name, value in left.items()}

    def _member(self, name: str, value: Any, held: Sequence[tuple[Any, Kinds]], kinds: Kinds) -> Any:
        if name == "outcome":
            return value
        within = tuple(kind for _, found in held for kind in found) if held else kinds
        if not within and isinstance(value, (dict, list)) and not _mark(value):
            return self._loose(value)
        return self._value(value, within)

    def _is_about(self, marked: Sequence[Any]) -> bool:
        return any(text.strip().casefold() in self.person.names for value in marked for text in texts(value))

    def _text(self, text: str) -> str:
        return GONE if self.names(text) else text


def _words(bodies: Sequence[Any], person: Person, whole: bool) -> frozenset[str]:
    """What is theirs in the run, to be looked for in its free texts."""
    found = set(person.addresses)
    for value in bodies:
        for marked in _marked(value, (), person, whole):
            said = isinstance(marked, dict)
            found |= {text for text in texts(marked) if not said or len(text) >= _SHORTEST_SAID}
    return frozenset(found)


def _marked(value: Any, kinds: Kinds, person: Person, whole: bool) -> Iterator[Any]:
    """The values of marked fields: of every document, or of those that are theirs alone."""
    mark = _mark(value)
    if mark in _DOCUMENTS:
        name, _, fields = value[mark]
        kind = known_kind(name)
        yield from _marked(fields, (kind,) if kind else (), person, whole)
    elif isinstance(value, dict):
        marked = [value[name] for name in value if any(_is_marked(kind, name) for kind in kinds)]
        if whole or any(text.strip().casefold() in person.names for one in marked for text in texts(one)):
            yield from marked
        for name, member in value.items():
            within = tuple(kind for of in kinds for kind in marks_of(of).get(name, ((), ()))[1])
            yield from _marked(member, within, person, whole)
    elif isinstance(value, list):
        for one in value:
            yield from _marked(one, kinds, person, whole)


def _is_marked(kind: type[BaseModel], name: str) -> bool:
    return bool(marks_of(kind).get(name, (frozenset(), ()))[0] & ERASED)


def _is_customer(value: Any, person: Person) -> bool:
    """Whether the run is theirs: somebody who buys or asks in it bears one of their names."""
    return any(_bears(fields, person) for fields in _of_kind(value, (), Party))


def _other_names(value: Any, person: Person) -> Iterator[str]:
    for fields in _of_kind(value, (), Party):
        if _bears(fields, person):
            yield from (str(fields[name]).casefold() for name in ("email", "customer_id") if fields.get(name))


def _bears(fields: Mapping[str, Any], person: Person) -> bool:
    marked = [value for name, value in fields.items() if _is_marked(Party, name)]
    return any(text.strip().casefold() in person.names for value in marked for text in texts(value))


def _of_kind(value: Any, kinds: Kinds, wanted: type[BaseModel]) -> Iterator[Mapping[str, Any]]:
    mark = _mark(value)
    if mark in _DOCUMENTS:
        name, _, fields = value[mark]
        kind = known_kind(name)
        yield from _of_kind(fields, (kind,) if kind else (), wanted)
    elif isinstance(value, dict):
        if any(issubclass(kind, wanted) for kind in kinds):
            yield value
        for name, member in value.items():
            within = tuple(kind for of in kinds for kind in marks_of(of).get(name, ((), ()))[1])
            yield from _of_kind(member, within, wanted)
    elif isinstance(value, list):
        for one in value:
            yield from _of_kind(one, kinds, wanted)


def _made(bodies: Sequence[Mapping[str, Any]]) -> _Made:
    """Orders, messages and papers that the run speaks of."""
    made = _Made()
    for body in bodies:
        made.messages |= {str(sent.get("message_id")) for sent in (body.get("log") or {}).get("sent", ())}
        for name, text in _named_texts(body):
            if name == "order_id":
                made.orders.add(text)
            elif "/" in text or "\\" in text:
                made.paths.add(text)
    return made


def _named_texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for inner, member in value.items():
            yield from _named_texts(member, inner)
    elif isinstance(value, list):
        for one in value:
            yield from _named_texts(one, name)


def _without_documents(value: Any) -> Any:
    """What is in no document: those are gone through by their own marks."""
    if _mark(value):
        return None
    if isinstance(value, dict):
        return {name: _without_documents(member) for name, member in value.items()}
    return [_without_documents(one) for one in value] if isinstance(value, list) else value


def _mark(value: Any) -> str:
    """The mark of what is recorded in a form of its own: a document, an amount, a time."""
    if isinstance(value, dict) and len(value) == 1:
        (name,) = value
        if name.startswith(MARK) and not name.startswith(MARK * 2):
            return str(name)
    return ""


