"""Findings about the rule tables that a flow uses: every table passes its own check, with the types of its facts."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.feel.types import Record
from orderloom.flow.check.scopes import Scopes
from orderloom.flow.check.subject import Subject
from orderloom.flow.check.values import type_of
from orderloom.problems import Problem

FACTS = "facts"     # the input in which a flow hands documents to a table


def tables_used(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """The findings of each table's own check; they stand in the table's file."""
    for name, bound in subject.bound.items():
        for value in bound.settings.values():
            if _is_table(value):
                from orderloom.rules import check_table  # noqa: PLC0415 (flows without tables do not pay for it)

                facts = type_of(bound.inputs[FACTS], lambda formula, at=name: scopes.type_of(formula, at)) if FACTS in bound.inputs else None
                yield from check_table(value, facts.fields if isinstance(facts, Record) else None)


def _is_table(value: object) -> bool:
    return hasattr(value, "decide_columns")
