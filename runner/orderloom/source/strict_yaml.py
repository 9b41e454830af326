"""YAML text in, a Document out. Only plain data: what has a second meaning is refused, and nothing is guessed.

Typed are `true`, `false`, `null`, `~`, whole numbers without leading zeros and plain decimals.
All else is text: NO, 02134, 12:30.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from orderloom.problems import Fix, Place, Problem, ProblemsError, refuse
from orderloom.source import yaml_traps
from orderloom.source.document import Document, Lines, Path, brief
from orderloom.source.encoding import too_large
from orderloom.source.yaml_mistakes import DIRECTIVE, tell

YAML_LIMIT_BYTES = 1_000_000
DEPTH_LIMIT = 30

_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKER = re.compile(r"[^\s,\[\]{}]+")
_Event = Any  # the events of PyYAML are untyped


def parse_yaml(text: str, file: str) -> Document:
    """The one document of a YAML text; ProblemsError with every finding otherwise."""
    if len(text) > YAML_LIMIT_BYTES or len(text.encode("utf-8", "replace")) > YAML_LIMIT_BYTES:
        raise too_large(file, YAML_LIMIT_BYTES)
    text = text.removeprefix("\ufeff")
    lines = Lines(text, file)
    if odd := _UNPRINTABLE.search(text):
        message = f"the character U+{ord(odd[0]):04X} cannot stand in a text file"
        mend = 'delete it; in double quotes it can be written as an escape, like "\\0"'
        raise refuse("Y004", message, lines.place(odd.start()), mend)
    reader = _Reader(lines)
    data = reader.read()
    return Document(file, text, data, reader.keys, reader.values)


def scalar(text: str) -> Any:
    """The value of an unquoted text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


class _StopError(Exception):
    """The rest of the text is not worth reading."""


class _Reader:
    """Walks the events of one text once, building data and collecting places and problems."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.text = lines.text
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.muted_until = 0  # findings inside a formula that was already reported only repeat it
        self.last: _Event = None
        self.events = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text)

    def read(self) -> Any:
        data = None
        try:
            data = self._stream()
        except yaml.MarkedYAMLError as error:
            problem, start = tell(error, self.last, self.lines)
            if start >= self.muted_until:
                self.problems.append(problem)
        except yaml.YAMLError:  # the library's reader has no marks; what it refuses is refused before it, in parse_yaml
            self._find("Y010", "this is not YAML that orderloom reads", 0, None, "YAML is plain text with `key: value`")
        except _StopError:
            pass
        finally:
            self.events.dispose()
        if self.problems:
            raise ProblemsError(self.problems)
        return data

    def _stream(self) -> Any:
        self._next()
        opening = self._next()
        if isinstance(opening, yaml.StreamEndEvent):
            self._find("Y005", "the file is empty", 0, None, "write what belongs here, or remove the file")
            return None
        if opening.version or opening.tags:
            self._find("Y021", DIRECTIVE, opening.start_mark.index, None, "leave it out")
        if isinstance(event := self._next(), yaml.ScalarEvent) and not event.value and not event.style:
            self._find("Y005", "the file is empty", 0, None, "write what belongs here, or remove the file")
        data = self._node(event, ())
        self._next()
        if not isinstance(event := self._next(), yaml.StreamEndEvent):
            start = event.start_mark.index
            self._find("Y023", "a second document begins here", start, start + 3, "put it in a file of its own")
        return data

    def _next(self) -> _Event:
        event = self.events.get_event()
        self.last = event
        return event

    def _node(self, event: _Event, path: Path, *, flow: bool = False, key: Place | None = None) -> Any:
        """The value that begins with the event; `key` is the place to show for a value that is not written."""
        self._refuse_markers(event)
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.ScalarEvent):
            self.values[path] = self._scalar_place(event, key)
            return self._scalar(event, flow)
        if len(path) >= DEPTH_LIMIT:
            self._find(
                "Y025",
                f"more than {DEPTH_LIMIT} levels inside each other",
                event.start_mark.index,
                None,
                "take the inner ones out",
            )
            raise _StopError
        start, _ = yaml_traps.span(event)
        self.values[path] = self.lines.place(start)
        inside = self._sequence if isinstance(event, yaml.SequenceStartEvent) else self._mapping
        value = inside(path, flow=bool(event.flow_style))
        if event.flow_style:
            self.values[path] = self.lines.place(start, yaml_traps.span(self.last)[1])
        return value

    def _scalar(self, event: _Event, flow: bool) -> Any:
        if event.style:
            return event.value
        value = scalar(event.value)
        if isinstance(value, str) and (trap := yaml_traps.in_scalar(self.text, event, flow)):
            fix = Fix(self.lines.place(trap.start, trap.until), trap.quoted) if trap.quoted else None
            self._find(trap.code, trap.message, trap.start, trap.end, trap.help, fix)
            self.muted_until = max(self.muted_until, trap.until)
        return value

    def _sequence(self, path: Path, *, flow: bool) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), flow=flow))
        return items

    def _mapping(self, path: Path, *, flow: bool) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        places: dict[str, Place] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            name = self._key(event, path)
            place = self._scalar_place(event, None)
            if not pairs and not flow:
                self.values[path] = place  # a block has no brackets to point at
            if name in places:
                self._twice(name, event, places[name])
            else:
                places[name] = self.keys[(*path, name)] = place
            value = self._node(self._next(), (*path, name), flow=flow, key=place)
            pairs.setdefault(name, value)
        return pairs

    def _key(self, event: _Event, path: Path) -> str:
        """The name that a key gives. One that gives none is a finding and counts as the empty name."""
        start, end = yaml_traps.span(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._find("Y026", "a key must be plain text", start, end, "put it in quotes if text is meant")
            self._node(event, (*path, ""))
            return ""
        self._refuse_markers(event)
        if not event.style and event.value == "":
            self._find("Y026", "a key is missing before the `:`", start, end)
        elif not event.style and event.value == "<<":
            message = "`<<` would merge another mapping in; every key is written where it counts"
            self._find("Y022", message, start, end, "write the keys out")
        return str(event.value)

    def _twice(self, name: str, event: _Event, first: Place) -> None:
        message = f"`{brief(name)}` is given twice, first on line {first.line}"
        self._find("Y024", message, event.start_mark.index, event.end_mark.index, "keep one of them")

    def _refuse_markers(self, event: _Event) -> None:
        start = event.start_mark.index
        word = brief(found[0]) if (found := _MARKER.match(self.text, start)) else ""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            mend = "write the value out where it counts, or put it in quotes if text is meant"
            self._find("Y020", f"`{word}` stands for a value written elsewhere", start, start + len(word), mend)
        elif event.tag is not None:
            mend = "leave it out, or put the value in quotes if text is meant"
            self._find("Y021", f"`{word}` is a tag; values have no tags here", start, start + len(word), mend)

    def _scalar_place(self, event: _Event, key: Place | None) -> Place:
        start, end = yaml_traps.span(event)
        return key if key is not None and start == end else self.lines.place(start, end)

    def _find(
        self,
        code: str,
        message: str,
        start: int,
        end: int | None = None,
        mend: str | None = None,
        fix: Fix | None = None,
    ) -> None:
        if start >= self.muted_until:
            self.problems.append(Problem(code, message, self.lines.place(start, end), mend, fix=fix))
