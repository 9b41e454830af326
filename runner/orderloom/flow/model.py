"""What a flow file says, as frozen data: steps, edges as written, formulas already parsed, places kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from orderloom.feel import Expression
from orderloom.problems import Place
from orderloom.source import Document


@dataclass(frozen=True)
class Formula:
    """A value that began with `=`; `place` spans the text after the sign."""

    expression: Expression
    place: Place


@dataclass(frozen=True)
class Text:
    """A template: literal pieces and holes, in order. Rendered, never evaluated further."""

    parts: tuple[str | Formula, ...]
    place: Place


@dataclass(frozen=True)
class Retry:
    """`4x 2s..5m`: up to `times` further attempts, waiting from `first` doubling up to `most`, jittered."""

    times: int
    first: timedelta
    most: timedelta


@dataclass(frozen=True)
class Undo:
    """What takes a done step back when the run is cancelled."""

    use: str
    given: Mapping[str, Any]
    place: Place


@dataclass(frozen=True)
class Step:
    """One step as written. `given` is its `with:`: plain data in which `=…` became `Formula`.

    `next` and `on_error` map an outcome or an error class to a step, or to None for "nowhere".
    """

    name: str
    use: str
    place: Place
    given: Mapping[str, Any] = field(default_factory=dict)
    when: Formula | None = None
    for_each: Formula | None = None
    max_parallel: int | None = None
    next: Mapping[str, str | None] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    on_error: Mapping[str, str | None] = field(default_factory=dict)
    retry: Retry | None = None
    timeout: timedelta | None = None
    undo: Undo | None = None
    end: str | None = None


@dataclass(frozen=True)
class Defaults:
    """Applied where they can be: retries to effects none or keyed, timeouts to nodes that do not wait."""

    timeout: timedelta | None = None
    retry: Retry | None = None
    max_parallel: int = 8


@dataclass(frozen=True)
class Flow:
    """A whole flow file."""

    name: str
    version: int
    summary: str
    key: Formula | None
    defaults: Defaults
    let: Mapping[str, Formula]
    steps: Mapping[str, Step]
    source: Document
