"""The columns' indexes in, one function without inner calls out: values by column name in, a decision out.

The text of the function is ours: the templates below and numbers of columns. Names, values, bounds and masks of a table
are never written into it; they are handed over as globals (docs/decisions). What the short way does not know,
`other` answers: texts that are numbers, missing facts, and everything that has to be refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from types import CodeType, FunctionType
from typing import Any, Literal

from orderloom.feel import MonthsDuration
from orderloom.rules.columns import Input
from orderloom.rules.decision import Decision, Fired, RowDecision
from orderloom.rules.engine import Facts
from orderloom.rules.index import ColumnIndex
from orderloom.rules.index.named import Named
from orderloom.rules.index.numbers import decimals, small_numbers, whole_numbers
from orderloom.rules.index.ordered import Ordered

Decide = Callable[[Mapping[str, Any], datetime | None], Decision]
Other = Callable[[Any], tuple[Any, int]]
Finish = Callable[[int, Facts, datetime | None], Decision]

_TYPES: Mapping[str, type] = {
    "text": str,
    "date": date,
    "days and time duration": timedelta,
    "years and months duration": MonthsDuration,
}

_FUNCTION = """\
def decide(columns, now=None):
    read = columns
    try:
{fetched}
{columns}
        mask = {mask}
    except (KeyError, InvalidOperation):
        return careful(columns, now)
{ending}
"""
_FETCHED = "        fact_{n} = columns[name_{n}]"
_NUMBER = """\
        kind = type(fact_{n})
        if kind is int:
            if 0 <= fact_{n} < known_{n}:
                mask_{n} = whole_{n}[fact_{n}]
            else:
                mask_{n} = whole_masks_{n}[bisect_right(whole_ends_{n}, fact_{n})]
        elif kind is Decimal:
            {found}
        else:
            mask_{n} = None
"""
_OF_TYPE = """\
        if type(fact_{n}) is type_{n}:
            {found}
        else:
            mask_{n} = None
"""
_FOUND = {
    "left": "mask_{n} = between_{n}[bisect_left(ends_{n}, fact_{n})]",
    "right": "mask_{n} = between_{n}[bisect_right(ends_{n}, fact_{n})]",
    "mixed": """\
end = bisect_left(ends_{n}, fact_{n})
            mask_{n} = at_{n}[end] if end < count_{n} and ends_{n}[end] == fact_{n} else between_{n}[end]""",
}
_NAMED = """\
        if type(fact_{n}) is type_{n}:
            mask_{n} = {found}
        else:
            fact_{n}, mask_{n} = other_{n}(fact_{n})
            read = converted
"""
_AMONG = "by_value_{n}[fact_{n}]"
_AMONG_OTHERS = "by_value_{n}(fact_{n}, others_{n})"
_BOOLEAN = "        mask_{n} = yes_{n} if fact_{n} is True else no_{n} if fact_{n} is False else None\n"
_OTHERWISE = """\
        if mask_{n} is None:
            fact_{n}, mask_{n} = other_{n}(fact_{n})
            read = converted
"""
_ANY = """\
        fact_{n}, mask_{n} = other_{n}(fact_{n})
        read = converted
"""
_FINISH = "    return finish(mask, ({facts},), now)"
_PICK = """\
    fired = by_length[mask.bit_length()]
    if fired is None{unless}:
        return finish(mask, ({facts},), now)
    made = RowDecision()
    made._fired = fired
    made.why = fired.why
    made.outputs = fired.outputs.copy()
    made.facts = read.copy() if type(read) is dict and len(read) == count else {{{named}}}
    return made
"""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways out of the short one.

    `by_length` has what each row alone answers, by the length of the lowest mask that has it, where that is all that a
    decision needs. What it has not yet, and none for no row, `finish` finds.
    """

    others: Sequence[Other]
    careful: Decide
    finish: Finish
    by_length: Sequence[Fired | None] | None
    one_row: bool  # that several rows apply is for `finish` to judge


def flat(inputs: Sequence[Input], columns: Sequence[ColumnIndex], ways: Ways) -> Decide:
    """The function for a table: `decide(values by column, now)`.

    In it `read` are the values that were given, as long as they are the facts; those of the columns alone need only be
    copied, which takes half as long as to name each.
    """
    constants: dict[str, Any] = {
        "bisect_left": bisect_left, "bisect_right": bisect_right, "Decimal": Decimal, "RowDecision": RowDecision,
        "InvalidOperation": InvalidOperation, "careful": ways.careful, "finish": ways.finish,
        "converted": None, "count": len(inputs),
    }  # fmt: skip
    written = []
    for n, (column, index) in enumerate(zip(inputs, columns, strict=True)):
        constants |= {f"name_{n}": column.name, f"other_{n}": ways.others[n]}
        written.append(_column(n, column, index, constants))
    facts = ", ".join(f"fact_{n}" for n in range(len(inputs)))
    ending = _FINISH
    if ways.by_length is not None:
        constants["by_length"] = ways.by_length
        ending = _PICK
    text = _FUNCTION.format(
        fetched="\n".join(_FETCHED.format(n=n) for n in range(len(inputs))),
        columns="".join(written),
        mask=" & ".join(f"mask_{n}" for n in sorted(range(len(inputs)), key=lambda n: _breadth(columns[n]))),
        ending=ending.format(
            facts=facts,
            named=", ".join(f"name_{n}: fact_{n}" for n in range(len(inputs))),
            unless=" or mask & (mask - 1)" if ways.one_row else "",
        ),
    )
    return _function(text, constants)


def _function(text: str, constants: dict[str, Any]) -> Decide:
    module = compile(text, "<a rule table>", "exec", dont_inherit=True)
    code = next(one for one in module.co_consts if isinstance(one, CodeType))
    return FunctionType(code, constants, argdefs=(None,))


def _column(n: int, column: Input, index: ColumnIndex, constants: dict[str, Any]) -> str:
    """The lines that find the mask of one column; what they name goes into `constants`."""
    kind, lookup = column.kind.name, index.lookup
    if not index.checks:
        return _ANY.format(n=n)
    if isinstance(lookup, Ordered):
        found = _FOUND[_ordered(n, lookup, kind, constants)].format(n=n)
        return (_NUMBER if kind == "number" else _OF_TYPE).format(n=n, found=found) + _OTHERWISE.format(n=n)
    return _named(n, kind, lookup, constants)


def _named(n: int, kind: str, lookup: Named, constants: dict[str, Any]) -> str:
    if kind == "boolean":
        constants |= {f"yes_{n}": lookup.mask(True), f"no_{n}": lookup.mask(False)}
        return _BOOLEAN.format(n=n) + _OTHERWISE.format(n=n)
    if kind != "text":
        return _ANY.format(n=n)
    constants[f"type_{n}"] = str
    if lookup.others is None:  # what is not among the values goes the careful way, which refuses it
        constants[f"by_value_{n}"] = lookup.by_value
        return _NAMED.format(n=n, found=_AMONG.format(n=n))
    constants |= {f"by_value_{n}": lookup.by_value.get, f"others_{n}": lookup.others}
    return _NAMED.format(n=n, found=_AMONG_OTHERS.format(n=n))


def _ordered(n: int, lookup: Ordered, kind: str, constants: dict[str, Any]) -> str:
    """Which template finds a value; its tables go into `constants`."""
    way = _way(lookup)
    if kind == "number":
        whole_ends, masks = whole_numbers(lookup)
        small = small_numbers(whole_ends, masks)
        constants |= {f"whole_ends_{n}": whole_ends, f"whole_masks_{n}": masks}
        constants |= {f"whole_{n}": small, f"known_{n}": len(small)}
        lookup = decimals(lookup)
    else:
        constants[f"type_{n}"] = _TYPES[kind]
    constants |= {f"ends_{n}": list(lookup.ends), f"count_{n}": len(lookup.ends)}
    constants |= {f"at_{n}": list(lookup.at), f"between_{n}": list(lookup.between)}
    return way


def _way(lookup: Ordered) -> Literal["left", "right", "mixed"]:
    """Whether all ends belong to the stretch below them, to the one above them, or some to neither.

    An end of the range may belong to either: where the stretch beyond it is taken, `other` finds the rows.
    """
    if all(below in (here, None) for here, below in zip(lookup.at, lookup.between, strict=False)):
        return "left"
    if all(above in (here, None) for here, above in zip(lookup.at, lookup.between[1:], strict=True)):
        return "right"
    return "mixed"


def _breadth(index: ColumnIndex) -> float:
    """How many rows a fact leaves on average: the columns that leave few come first, then the rest is quick."""
    lookup = index.lookup
    masks = lookup.between if isinstance(lookup, Ordered) else (*lookup.by_value.values(), lookup.others)
    sample = [mask for mask in masks[:: max(1, len(masks) // 64)] if mask is not None]
    return sum(mask.bit_count() for mask in sample) / max(1, len(sample))
