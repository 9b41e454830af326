"""Findings about the rule tables that a flow uses: every table passes its own check, with the types of its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.feel.types import ANY, Record, Type
from orderloom.flow.bind import Bound
from orderloom.flow.check.scopes import Scopes
from orderloom.flow.check.subject import Subject
from orderloom.flow.check.values import type_of
from orderloom.problems import Problem, did_you_mean

FACTS = "facts"  # the input in which a flow hands documents to a table


def tables_used(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """The findings of each table's own check; they stand in the table's file."""
    for name, bound in subject.bound.items():
        for value in bound.settings.values():
            if _is_table(value):
                from orderloom.rules import check_table  # noqa: PLC0415 (flows without tables do not pay for it)

                facts = _facts(scopes, bound, name)
                absent = _absent(value, facts) if facts else []
                yield from (_not_given(subject, name, value, missing, facts or {}) for missing in absent)
                yield from check_table(value, {**facts, **dict.fromkeys(absent, ANY)} if facts else None)


def _facts(scopes: Scopes, bound: Bound, reader: str) -> dict[str, Type] | None:
    """The types of the documents that the flow passes; None where the node makes them itself."""
    if FACTS not in bound.inputs:
        return None
    items = scopes.items(reader)
    found = type_of(bound.inputs[FACTS], lambda formula: scopes.type_of(formula, reader, items))
    return dict(found.fields) if isinstance(found, Record) and not found.open else None


def _absent(table: Any, facts: Mapping[str, Type]) -> list[str]:
    return [name for name in table.facts_read if name not in facts]


def _not_given(subject: Subject, name: str, table: Any, missing: str, facts: Mapping[str, Type]) -> Problem:
    """N007: the table asks for a document that the flow does not pass."""
    path = ("steps", name, "with", FACTS)
    near = did_you_mean(missing, facts)
    given = near.split("`")[1] if near else None
    place = subject.key_place(*path, given) if given else subject.key_place(*path)
    mend = f"did you mean `{missing}` where `{given}` stands?" if given else f"add `{missing}: =…`"
    return Problem("N007", f"table `{table.name}` reads `{missing}`, and `facts` does not give it", place, mend)


def _is_table(value: object) -> bool:
    return hasattr(value, "decide_columns")
