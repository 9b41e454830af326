"""What a column says of itself in, its formula, allowed values, range and default out; faults are findings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from orderloom.feel import Expression, FeelSyntaxError, parse
from orderloom.feel.tree import Name
from orderloom.problems import did_you_mean
from orderloom.rules.columns import allowed, is_whole
from orderloom.rules.constants import Interval
from orderloom.rules.kinds import KINDS, NUMBER_KIND, Kind
from orderloom.rules.reading.cell_tree import interval_of
from orderloom.rules.reading.cells import as_feel
from orderloom.rules.reading.findings import Findings, one_of
from orderloom.rules.reading.literals import PYTHON_TYPES, literal, plain
from orderloom.rules.reading.reporting import mend_word
from orderloom.rules.reading.sources import Source, Spot

Spec = Mapping[str, Any]
ColumnPath = tuple[str, str]


def read_formula(name: str, text: Any, spot: Spot, findings: Findings) -> Expression:
    if not isinstance(text, str):
        findings.add(
            "D002", "`is` names a fact or gives a formula over the facts", spot.place, "for example is: order.total"
        )
        return parse("null")
    bare = text.removeprefix("=")
    try:
        return parse(bare, spaced_names(bare))
    except FeelSyntaxError as error:
        place = spot.within(bare, error.start, error.end)
        findings.add("D023", f"column `{name}`: `{bare}` cannot be read: {error.message}", place, error.help)
        return parse("null")


def fact_named(name: str) -> Expression:
    """The fact of that name, whatever words it is made of."""
    return Expression(name, Name(0, len(name), name), (name,))


_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_RUN = re.compile(r"(?<![\w.])[^\W\d]\w*(?: +\w+)+(?! *[\w(])")
_KEYWORDS = frozenset(
    [
        "and",
        "or",
        "in",
        "between",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "not",
        "instance",
        "of",
        "true",
        "false",
        "null",
        "function",
    ]
)


def spaced_names(formula: str) -> tuple[str, ...]:
    """Facts whose names have spaces in them, as far as the text shows: words side by side that mean nothing else."""
    names = []
    for run in _RUN.findall(_STRINGS.sub('""', formula)):
        words: list[str] = []
        for word in [*run.split(), "and"]:
            if word in _KEYWORDS:
                names += [" ".join(words)] if len(words) > 1 else []
                words = []
            else:
                words.append(word)
    return tuple(names)


def read_whole(source: Source, path: ColumnPath, spec: Spec, kind: Kind, findings: Findings) -> bool:
    """Whether the column holds numbers without a fraction alone."""
    given = spec.get("whole")
    if given not in (None, True, False) or (given and kind is not NUMBER_KIND):
        place, help_ = source.spot(*path, "whole").place, "for example {type: number, whole: true}"
        findings.add("D026", "`whole` is true or false, and only of a column of numbers", place, help_)
        return False
    return bool(given)


def read_values(
    source: Source, path: ColumnPath, spec: Spec, kind: Kind, findings: Findings, whole: bool = False
) -> tuple[Any, ...]:
    given = spec.get("values")
    if given is None:
        return ()
    if not isinstance(given, list) or not given:
        message, place = "`values` is a list of what may stand in the column", source.spot(*path, "values").place
        findings.add("D026", message, place, "for example `values: [US, CA]`")
        return ()
    item = KINDS[kind.item] if kind.item else kind
    found = []
    for index, one in enumerate(given):
        value = literal(item, one)
        if value is None or (whole and not is_whole(value)):
            place = source.spot(*path, "values", index).place
            wanted = "a whole number" if whole else item.wanted
            findings.add("D026", f"`{plain(one)}` is given, {wanted} is expected", place, _quote_hint(one))
        else:
            found.append(value)
    return tuple(found)


def _quote_hint(value: Any) -> str | None:
    return f'write "{plain(value)}" in quotes, if it is a word' if isinstance(value, bool) else None


def read_bounds(
    source: Source, path: ColumnPath, spec: Spec, kind: Kind, findings: Findings, whole: bool = False
) -> Interval | None:
    given = spec.get("range")
    if given is None:
        return None
    place = source.spot(*path, "range").place
    found = _range(given, kind) if isinstance(given, str) and kind.ordered else None
    if found is None:
        findings.add(
            "D026",
            f"`{plain(given)}` is no range of {kind.wanted.removeprefix('a ')}s".replace("texts", "text"),
            place,
            'for example "[0..1000]"',
        )
        return None
    try:
        empty = found.empty or (whole and found.of_wholes().empty)
    except TypeError:  # times with and without an offset: FEEL cannot order them either
        findings.add("D014", f"the ends of `{given}` cannot be compared", place, "give both an offset, or neither")
        return None
    if empty:
        findings.add("D014", f"nothing lies in the range `{given}`", place, "the smaller end comes first")
        return None
    return found


def _range(text: str, kind: Kind) -> Interval | None:
    spelt = as_feel(text.strip(), kind)
    try:
        found = interval_of(parse(spelt).tree, spelt)
    except FeelSyntaxError:
        return None
    ends = [end for end in (found.low, found.high) if end is not None] if found else []
    return found if ends and all(type(end) in PYTHON_TYPES[kind.name] for end in ends) else None


def read_default(
    source: Source,
    path: ColumnPath,
    spec: Spec,
    kind: Kind,
    values: tuple[Any, ...],
    findings: Findings,
    whole: bool = False,
) -> Any:
    given = spec.get("default")
    if given is None:
        return None
    value = literal(kind, given)
    place = source.spot(*path, "default").place
    if value is None or (whole and not is_whole(value)):
        help_ = mend_word(kind, plain(given)) if isinstance(given, str) else None
        wanted = "a whole number" if whole else kind.wanted
        findings.add("D018", f"the default `{plain(given)}` is given, {wanted} is expected", place, help_)
    elif values and not allowed(kind, values, value):
        near = did_you_mean(plain(given), map(plain, values)) or one_of(map(plain, values))
        findings.add("D018", f"the default `{plain(given)}` is none of the column's values", place, near)
    return value
