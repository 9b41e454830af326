"""What a scenario file says, as frozen data; places are kept, formulas are parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from orderloom.problems import Place
from orderloom.source import Document, Path


@dataclass(frozen=True)
class Raises:
    """The call fails with this class of error."""

    error_class: str
    place: Place


@dataclass(frozen=True)
class Gives:
    """The call gives this: plain data in which `=…` became `Formula`; a word is an outcome alone.

    It comes `after` so long; without it at once.
    """

    value: Any
    path: Path  # in the document
    place: Place
    after: timedelta | None = None

    @property
    def outcome(self) -> Any:
        """The outcome that it names, if it names one."""
        return self.value.get("outcome") if isinstance(self.value, Mapping) else self.value


Said = Raises | Gives


@dataclass(frozen=True)
class Series:
    """What the calls of one step, or of one item of it, are answered: always the same, or each attempt by its own."""

    said: tuple[Said, ...]
    by_attempt: bool
    place: Place


@dataclass(frozen=True)
class Answer:
    """What the outside answers to one name of `world:`; with `each` the items of a for_each one by one.

    An item with None is not answered.
    """

    name: str
    series: tuple[Series | None, ...]
    each: bool
    place: Place  # of the name


@dataclass(frozen=True)
class Input:
    """What comes in: the payload's file, and fields of it by their path that are to be otherwise."""

    file: str
    place: Place
    format: str | None = None
    account: str | None = None
    patch: Mapping[str, Patch] = field(default_factory=dict)


@dataclass(frozen=True)
class Patch:
    """One field of the input, as it is to be."""

    value: Any
    place: Place  # of the field's path


@dataclass(frozen=True)
class Wanted:
    """Something that a case expects. `path` is where it stands in the document."""

    value: Any
    path: Path
    place: Place


@dataclass(frozen=True)
class Expect:
    """What must come out; what is not said may be as it likes. `place` is that of the key."""

    place: Place
    words: Mapping[str, Wanted]  # status
    lists: Mapping[str, Wanted]  # path, path_ends, sent, undone, parked, waiting
    values: Mapping[str, Mapping[str, Wanted]]  # given, outputs: by the path of the value
    rows: Mapping[str, Wanted] = field(default_factory=dict)
    holds: Sequence[Wanted] = ()


@dataclass(frozen=True)
class Case:
    """One case, with all that it has from the scenario around it."""

    name: str
    place: Place  # of its name
    clock: datetime
    input: Input
    world: Mapping[str, Answer]
    expect: Expect


@dataclass(frozen=True)
class Scenario:
    """A whole file: the flow that it tests, by name, and its cases."""

    flow: str
    document: Document
    cases: tuple[Case, ...]

    @property
    def place(self) -> Place:
        """Where the flow is named."""
        return self.document.place(("scenario",))
