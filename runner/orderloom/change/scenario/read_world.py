"""`world:` of a scenario or a case in; what the outside answers, by name, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.change.scenario.model import Answer, Gives, Raises, Said, Series
from orderloom.flow.formulas import is_formula
from orderloom.flow.shape import describe
from orderloom.flow.words import Words
from orderloom.source import Path

RAISES = "raises "
AFTER, EACH = "after", "each"
_HELP = "an outcome (`approved`), a record (`{outcome: paid, …}`), `raises CLASS`, or a list of these, one an attempt"


def read_world(reader: Words, path: Path) -> Mapping[str, Answer]:
    """Each name and its answer; what cannot be read is reported to the reader and left out."""
    found = reader.mapping(path, "`world`", "what the outside answers, by step or by node: {approve: declined}")
    answers = {name: _answer(reader, name, (*path, name)) for name in found or {}}
    return {name: answer for name, answer in answers.items() if answer is not None}


def with_formulas(reader: Words, path: Path) -> Any:
    """The value at the path in which every text that begins with `=` became a formula."""
    value = reader.at(path)
    if isinstance(value, Mapping):
        return {key: with_formulas(reader, (*path, key)) for key in value}
    if isinstance(value, list):
        return [with_formulas(reader, (*path, number)) for number in range(len(value))]
    return reader.parsed(path, value) if is_formula(value) else value


def _answer(reader: Words, name: str, path: Path) -> Answer | None:
    value, place = reader.at(path), reader.document.key_place(path)
    if not isinstance(value, Mapping) or EACH not in value:
        series = _series(reader, path)
        return Answer(name, (series,), False, place) if series else None
    reader.keys(path, (EACH,), what=f"the answers to the items of `{name}`")
    items = value[EACH]
    if not isinstance(items, list) or not items:
        at = reader.document.place((*path, EACH))
        help_ = "one answer an item: [happened, raises timeout], `~` for one that is not answered"
        reader.report("W010", f"`each` must be a list, but is {describe(items)}", at, help_)
        return None
    before = len(reader.problems)
    read = [_series(reader, (*path, EACH, at)) if item is not None else None for at, item in enumerate(items)]
    return Answer(name, tuple(read), True, place) if len(reader.problems) == before else None


def _series(reader: Words, path: Path) -> Series | None:
    value, place = reader.at(path), reader.document.place(path)
    if not isinstance(value, list):
        one = _said(reader, path)
        return Series((one,), False, place) if one else None
    if not value:
        reader.report("W010", "an empty list answers no attempt", place, _HELP)
        return None
    said = list(_each_said(reader, path, len(value)))
    return Series(tuple(said), True, place) if len(said) == len(value) else None


def _each_said(reader: Words, path: Path, count: int) -> Iterator[Said]:
    for number in range(count):
        one = _said(reader, (*path, number))
        if one is not None:
            yield one


def _said(reader: Words, path: Path) -> Said | None:
    value, place = reader.at(path), reader.document.place(path)
    if isinstance(value, str) and not is_formula(value):
        return _word(reader, value, path)
    if not isinstance(value, Mapping):
        reader.report("W010", f"{describe(value)} is no answer", place, _HELP)
        return None
    before = len(reader.problems)
    after = reader.duration((*path, AFTER), "`after`") if AFTER in value else None
    record = {key: with_formulas(reader, (*path, key)) for key in value if key != AFTER}
    at = reader.document.key_place(path)  # where a record begins: at its name, if it has one
    return Gives(record, path, at, after) if len(reader.problems) == before else None


def _word(reader: Words, value: str, path: Path) -> Said | None:
    place = reader.document.place(path)
    if value.startswith("!"):
        reader.report("W010", f"`{value}` is no answer", place, f"write `{RAISES}{value[1:].strip()}`")
        return None
    if value.startswith(RAISES):
        return Raises(value.removeprefix(RAISES).strip(), place)
    return Gives(value, path, place)
