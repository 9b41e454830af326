"""The head of a table in (YAML with places), its columns and settings out; every fault is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.problems import did_you_mean, respelt
from orderloom.rules.columns import RESERVED, Input, Output
from orderloom.rules.hit import Hit
from orderloom.rules.kinds import KINDS, Kind
from orderloom.rules.reading.column_parts import (
    fact_named,
    read_bounds,
    read_default,
    read_formula,
    read_values,
    read_whole,
)
from orderloom.rules.reading.findings import Findings, one_of
from orderloom.rules.reading.literals import plain
from orderloom.rules.reading.settings import read_policy, with_missing
from orderloom.rules.reading.sources import HEAD_KEYS, Source

INPUT_KEYS = ("is", "type", "whole", "unit", "range", "values", "cells", "about")
OUTPUT_KEYS = ("type", "whole", "values", "default", "unit", "about")


_SIMPLE = (*(name for name in KINDS if not name.startswith("list")), "list of …")
_FOREIGN = {  # the words of other languages for our types
    "string": "text",
    "str": "text",
    "decimal": "number",
    "integer": "number",
    "int": "number",
    "float": "number",
    "money": "number",
    "double": "number",
    "bool": "boolean",
    "datetime": "date and time",
    "timestamp": "date and time",
}


@dataclass(frozen=True)
class Head:
    """Everything but rows and cases."""

    name: str
    summary: str
    hit: Hit
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*(column.name for column in self.inputs), *(column.name for column in self.outputs))


def read_head(source: Source, default_name: str, findings: Findings) -> Head:
    """Columns that cannot be read are left out; each left a finding."""
    _check_keys(source, (), source.data, HEAD_KEYS, "the head of a table", findings)
    read_inputs = [_input(source, name, findings) for name in _names(source, "inputs", findings)]
    read_outputs = [_output(source, name, findings) for name in _names(source, "outputs", findings)]
    inputs = tuple(column for column in read_inputs if column is not None)
    outputs = tuple(column for column in read_outputs if column is not None)
    inputs, outputs = _without_clashes(inputs, outputs, findings)
    hit = read_policy(source, outputs, findings)
    name = source.data.get("table")
    if name is not None and not isinstance(name, str):
        place = source.spot("table").place
        findings.add("D002", "`table` is the table's name, a text", place, "for example `table: service-level`")
    summary = source.data.get("summary")
    return Head(
        name=plain(name) if name is not None else default_name,
        summary=plain(summary) if summary is not None else "",
        hit=hit,
        inputs=with_missing(source, inputs, outputs, findings),
        outputs=outputs,
    )


def _check_keys(
    source: Source, path: tuple[str, ...], data: Mapping[str, Any], known: Sequence[str], what: str, findings: Findings
) -> None:
    for key in data:
        if key not in known:
            message, place = f"{what} has no key `{key}`", source.key_spot(*path, key).place
            if known is INPUT_KEYS and key == "default":
                findings.add("D001", message, place, f"what a missing fact means: `on_missing: {{{path[1]}: …}}`")
            else:
                free = [word for word in known if word not in data]
                findings.unknown("D001", message, place, str(key), free, fewest=3)


def _names(source: Source, part: str, findings: Findings) -> list[str]:
    columns = source.data.get(part)
    if isinstance(columns, dict) and columns:
        return list(columns)
    if source.misspells(part):
        return []
    place = source.key_spot(part).place if part in source.data else source.spot().place
    example = (
        "{total: {is: order.total, type: number}}" if part == "inputs" else "{outcome: {type: text, values: [yes, no]}}"
    )
    findings.add(
        "D002", f"a table needs `{part}`: a mapping of column names", place, f"for example `{part}: {example}`"
    )
    return []


def _input(source: Source, name: str, findings: Findings) -> Input | None:
    path = ("inputs", name)
    spec = _column(source, path, INPUT_KEYS, "an input", findings)
    kind = _kind(source, path, spec, findings)
    if kind is None:
        return None
    cells = spec.get("cells")
    if cells not in (None, "feel"):
        message = "`cells` can only be feel: text then needs quotes"
        findings.add("D002", message, source.spot(*path, "cells").place, "write `cells: feel`, or nothing")
    whole = read_whole(source, path, spec, kind, findings)
    formula_spot = source.spot(*path, "is") if "is" in spec else source.key_spot(*path)
    return Input(
        name=name,
        formula=read_formula(name, spec["is"], formula_spot, findings) if "is" in spec else fact_named(name),
        kind=kind,
        spot=source.key_spot(*path),
        formula_spot=formula_spot,
        unit=_words(spec.get("unit")),
        about=_words(spec.get("about")),
        values=read_values(source, path, spec, kind, findings, whole),
        bounds=read_bounds(source, path, spec, kind, findings, whole),
        bare_words=cells != "feel",
        whole=whole,
    )


def _output(source: Source, name: str, findings: Findings) -> Output | None:
    path = ("outputs", name)
    spec = _column(source, path, OUTPUT_KEYS, "an output", findings)
    kind = _kind(source, path, spec, findings)
    if kind is None:
        return None
    whole = read_whole(source, path, spec, kind, findings)
    values = read_values(source, path, spec, kind, findings, whole)
    return Output(
        name=name,
        kind=kind,
        spot=source.key_spot(*path),
        unit=_words(spec.get("unit")),
        about=_words(spec.get("about")),
        values=values,
        default=read_default(source, path, spec, kind, values, findings, whole),
        has_default="default" in spec,
        whole=whole,
    )


def _column(
    source: Source, path: tuple[str, str], keys: Sequence[str], what: str, findings: Findings
) -> Mapping[str, Any]:
    spec = source.data[path[0]][path[1]]
    if not isinstance(spec, dict):
        findings.add(
            "D002",
            f"{what} is a mapping with at least a type",
            source.key_spot(*path).place,
            "for example {type: number}",
        )
        return {"type": "any"}
    _check_keys(source, path, spec, keys, f"{what} column", findings)
    return spec


def _kind(source: Source, path: tuple[str, str], spec: Mapping[str, Any], findings: Findings) -> Kind | None:
    name = spec.get("type")
    if isinstance(name, str) and name in KINDS:
        return KINDS[name]
    if name is None:
        message, place = f"column `{path[1]}` needs a type", source.key_spot(*path).place
        findings.add("D004", message, place, one_of(_SIMPLE))
    else:
        word = plain(name)
        help_ = f"write `{_FOREIGN[word.casefold()]}`" if word.casefold() in _FOREIGN else did_you_mean(word, KINDS)
        place = source.spot(*path, "type").place
        fix = respelt(place, word, KINDS)
        findings.add("D004", f"there is no type `{word}`", place, help_ or one_of(_SIMPLE), fix=fix)
    return None


def _without_clashes(
    inputs: Sequence[Input], outputs: Sequence[Output], findings: Findings
) -> tuple[tuple[Input, ...], tuple[Output, ...]]:
    """The columns whose cells can be told apart; the others are findings, and their cells are not looked at."""
    names = {column.name for column in inputs}
    everything: list[Input | Output] = [*inputs, *outputs]
    for column in everything:
        if column.name in RESERVED:
            findings.add(
                "D009",
                f"`{column.name}` is a column that every row has; a table cannot declare it",
                column.spot.place,
                "give the column another name",
            )
    for output in outputs:
        if output.name in names:
            findings.add(
                "D009",
                f"`{output.name}` is the name of an input and of an output",
                output.spot.place,
                "rows name their cells by column: give the output another name",
            )
    plain_inputs = tuple(column for column in inputs if column.name not in RESERVED)
    return plain_inputs, tuple(column for column in outputs if column.name not in {*RESERVED, *names})


def _words(value: Any) -> str | None:
    return None if value is None else plain(value)
