"""A set of elements of a column of lists in, the text of a cell that asks for it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from orderloom.rules.constants import Constants, Interval
from orderloom.rules.prove.cells import Asked
from orderloom.rules.prove.list_axis import ListAxis, ListClass, Piece
from orderloom.rules.prove.runs import Runs, minus, positions
from orderloom.rules.reading.literals import plain


def list_text(axis: ListAxis, runs: Runs) -> str:
    """One test or its contrary where that is all, else the classes one after another."""
    for text, opposite, asked in _tests(axis):
        with_it = axis.set_of(asked)
        if runs == with_it:
            return text
        if runs == minus(axis.there, with_it):
            return opposite
    return " or ".join(_class_text(axis, axis.classes[at], runs) for at in positions(runs))


def listed_text(value: Sequence[Any]) -> str:
    """A list as FEEL writes it."""
    return f"[{', '.join(_item(one) for one in value)}]"


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tests(axis: ListAxis) -> Iterator[tuple[str, str, Asked]]:
    """Each test that a cell can ask for, and its contrary."""
    for item in axis.items:
        yield _has(item), f"not({_has(item)})", Asked("contains", Constants((item,)))
    for piece in axis.counts:
        fits = Constants(intervals=(Interval(*piece),))
        yield _counts(piece), f"not({_counts(piece)})", Asked("count", fits)
        above = Constants(intervals=(Interval(piece[0], None),))
        yield f"count(?) >= {piece[0]}", f"count(?) < {piece[0]}", Asked("count", above)
    for one in axis.lists:
        yield f"? = {listed_text(one)}", f"? != {listed_text(one)}", Asked("list", Constants((one,)))


def _class_text(axis: ListAxis, one: ListClass, runs: Runs) -> str:
    if one.exactly is not None:
        return f"? = {listed_text(one.exactly)}"
    parts = [_has(item) if one.members >> at & 1 else f"not({_has(item)})" for at, item in enumerate(axis.items)]
    parts += [_counts(one.count)] if len(axis.counts) > 1 else []
    inside = set(positions(runs))
    parts += [
        f"? != {listed_text(other.exactly)}"
        for at, other in enumerate(axis.classes)
        if other.exactly is not None and at not in inside and (other.members, other.count) == (one.members, one.count)
    ]
    return " and ".join(parts) or "count(?) >= 0"


def _counts(piece: Piece) -> str:
    low, high = piece
    if high is None:
        return f"count(?) >= {low}"
    return f"count(?) = {low}" if low == high else f"count(?) between {low} and {high}"


def _has(item: Any) -> str:
    return f"list contains(?, {_item(item)})"


def _item(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else plain(value)
