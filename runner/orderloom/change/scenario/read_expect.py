"""`expect:` of a case in; what must come out, each with its place, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.change.scenario.model import Expect, Wanted
from orderloom.change.scenario.paths import read_path, split_name
from orderloom.change.scenario.read_world import with_formulas
from orderloom.flow.shape import describe
from orderloom.flow.words import Words
from orderloom.source import Path

LISTS = ("path", "path_ends", "sent", "undone", "parked", "waiting")
VALUES = ("given", "outputs")
KEYS = ("status", *LISTS, *VALUES, "rows", "holds")


def read_expect(reader: Words, path: Path) -> Expect | None:
    """What a case expects; what cannot be read is reported to the reader, and nothing comes out where that is all."""
    found = reader.mapping(path, "`expect`", "for example: {status: completed, path_ends: [tell_shipped]}")
    if found is None:
        return None
    place = reader.document.key_place(path)
    reader.keys(path, KEYS, what="`expect`")
    if not found:
        reader.report("W020", "a case that expects nothing cannot fail", place, "say at least its `status`")
    for key in ("path_ends", *VALUES, "rows", "holds"):
        if key in found and not found[key] and isinstance(found[key], (list, Mapping)):
            at = reader.document.key_place((*path, key))
            reader.report("W020", f"`{key}` expects nothing, so it cannot fail", at, "say what, or leave it out")
    return Expect(
        place,
        words={"status": Wanted(word, (*path, "status"), reader.document.place((*path, "status")))}
        if "status" in found and (word := reader.text((*path, "status"), "`status`")) is not None else {},
        lists={key: wanted for key in LISTS if key in found and (wanted := _texts(reader, (*path, key)))},
        values={key: dict(_values(reader, (*path, key))) for key in VALUES if key in found},
        rows=dict(_rows(reader, (*path, "rows"))) if "rows" in found else {},
        holds=list(_holds(reader, (*path, "holds"))) if "holds" in found else (),
    )  # fmt: skip


def _texts(reader: Words, path: Path) -> Wanted | None:
    value, place = reader.at(path), reader.document.place(path)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return Wanted(tuple(value), path, place)
    odd = next((one for one in value if not isinstance(one, str)), None) if isinstance(value, list) else None
    at = place if odd is None else reader.document.place((*path, value.index(odd)))
    what = describe(value) if odd is None else f"a list with {describe(odd)} in it"
    reader.report("F004", f"`{path[-1]}` must be a list of texts, but is {what}", at, _hint(odd))
    return None


def _hint(odd: object) -> str | None:
    """`screen: review` in a list is a mapping to YAML: no blank goes behind the colon."""
    if isinstance(odd, Mapping) and len(odd) == 1:
        [(step, word)] = odd.items()
        return f"write `{step}:{word}`, without a blank"
    return None


def _values(reader: Words, path: Path) -> Iterator[tuple[str, Wanted]]:
    found = reader.mapping(path, f"`{path[-1]}`", "values by step: {refund: {amount: {currency: USD}}}")
    for key in found or {}:
        place = reader.document.key_place((*path, key))
        name, rest = split_name(key)
        if not name or (rest and read_path(rest) is None):
            help_ = "write it as `refund.lines[0].sku`, the first item of a list being 0"
            reader.report("W006", f"`{key}` is no path", place, help_)
        else:
            yield key, Wanted(with_formulas(reader, (*path, key)), (*path, key), place)


def _rows(reader: Words, path: Path) -> Iterator[tuple[str, Wanted]]:
    found = reader.mapping(path, "`rows`", "rows of a table by step: {screen: r9}")
    for key, value in (found or {}).items():
        here = (*path, key)
        rows = [value] if isinstance(value, str) else value
        if isinstance(rows, list) and rows and all(isinstance(row, str) for row in rows):
            yield key, Wanted(tuple(rows), here, reader.document.place(here))
        else:
            message = f"the rows of `{key}` must be an id or a list of ids, but are {describe(value)}"
            reader.report("F004", message, reader.document.place(here), "write `r9`, or `[p2, p4]`")


def _holds(reader: Words, path: Path) -> Iterator[Wanted]:
    value = reader.at(path)
    if not isinstance(value, list):
        message = f"`holds` must be a list of formulas, but is {describe(value)}"
        reader.report("F004", message, reader.document.place(path), "each begins with `=`: [=refund.share < 1]")
        return
    for number in range(len(value)):
        here = (*path, number)
        formula = reader.formula(here, "what holds")
        if formula is not None:
            yield Wanted(formula, here, reader.document.place(here))
