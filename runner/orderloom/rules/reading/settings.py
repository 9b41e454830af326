"""What a table says of itself as a whole in, its hit policy and what a missing fact means out; faults are findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from orderloom.problems import did_you_mean
from orderloom.rules.columns import Input, Missing, Output, allowed, is_whole
from orderloom.rules.hit import Hit, known_words, read_hit
from orderloom.rules.kinds import NotOfKindError
from orderloom.rules.reading.findings import Findings, one_of
from orderloom.rules.reading.literals import literal, plain
from orderloom.rules.reading.sources import Source

MISSING_WORDS = ("error", "no_match", "default")


def read_policy(source: Source, outputs: Sequence[Output], findings: Findings) -> Hit:
    given = source.data.get("hit", "unique")  # DMN 1.5, 8.2.10: unique is the default
    hit = read_hit(given) if isinstance(given, str) else None
    place = source.spot("hit").place
    if hit is None:
        findings.unknown("D003", f"there is no hit policy `{plain(given)}`", place, plain(given), known_words())
        return Hit.FIRST
    if len(outputs) < len(source.columns("outputs") or ()):
        return hit  # a column that cannot be read may be the one that is needed
    if hit.ranks and outputs and not any(output.values for output in outputs):
        findings.add(
            "D017",
            f"hit policy `{hit.word}` needs an output with `values`: their order is the priority",
            place,
            "list the output's values, the most important first",
        )
    if hit.aggregates and len(outputs) > 1:
        findings.add(
            "D017",
            f"hit policy `{hit.word}` makes one figure, and the table has {len(outputs)} outputs",
            place,
            "leave one output, and ask another table for the rest",
        )
    if hit is Hit.SUM and any(output.kind.name != "number" for output in outputs[:1]):
        message = f"hit policy `{hit.word}` adds numbers, and `{outputs[0].name}` is no number"
        findings.add("D017", message, place, "give the output `type: number`, or count with `collect count`")
    if hit in {Hit.MIN, Hit.MAX} and any(not output.kind.ordered for output in outputs[:1]):
        message = f"hit policy `{hit.word}` needs an output that can be ordered"
        findings.add("D017", message, place, "give the output a type such as number or date")
    return hit


def with_missing(
    source: Source, inputs: tuple[Input, ...], outputs: Sequence[Output], findings: Findings
) -> tuple[Input, ...]:
    given = source.data.get("on_missing", "error")
    if isinstance(given, dict):
        return _with_substitutes(source, inputs, given, findings)
    if given not in MISSING_WORDS:
        findings.unknown(
            "D025",
            f"`on_missing` cannot be `{plain(given)}`",
            source.spot("on_missing").place,
            plain(given),
            (*MISSING_WORDS, "a mapping of columns to values"),
        )
        return inputs
    if given == "default":
        for output in outputs:
            if not output.has_default:
                findings.add(
                    "D025",
                    f"`on_missing: default` needs a default for every output, and `{output.name}` has none",
                    output.spot.place,
                    "add `default:` to the column",
                )
    return tuple(replace(column, missing=Missing(given)) for column in inputs)


def _with_substitutes(
    source: Source, inputs: tuple[Input, ...], given: Mapping[str, Any], findings: Findings
) -> tuple[Input, ...]:
    names = source.columns("inputs")
    for name in given:
        if names is not None and name not in names:
            place = source.key_spot("on_missing", name).place
            mend = did_you_mean(name, names) or one_of(names)  # which of the two has the slip is not certain
            findings.add("D025", f"`on_missing` names no input: `{name}`", place, mend)
    return tuple(_substitute(source, column, given, findings) for column in inputs)


def _substitute(source: Source, column: Input, given: Mapping[str, Any], findings: Findings) -> Input:
    if column.name not in given:
        return column
    stands_for = given[column.name]
    value = None if stands_for is None else literal(column.kind, stands_for)
    if (stands_for is not None and value is None) or not _is_allowed(column, value):
        place = source.spot("on_missing", column.name).place
        message = f"`{plain(stands_for)}` is to stand for a missing `{column.name}`, where {column.wanted} is expected"
        findings.add("D025", message, place, f"write {column.wanted}, or `error`, `no_match` for the whole table")
    return replace(column, missing=Missing("value", value))


def _is_allowed(column: Input, value: Any) -> bool:
    if value is None:
        return True
    try:
        if column.values:
            return allowed(column.kind, column.values, value)
        fact = column.kind.read(value)
        return (not column.whole or is_whole(fact)) and (column.bounds is None or column.bounds.holds(fact))
    except (NotOfKindError, TypeError):
        return False
