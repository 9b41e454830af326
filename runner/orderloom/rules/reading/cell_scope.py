"""The names that a cell may read and their types in; findings about unknown names and about what never works out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orderloom.feel import Expression, Read, UnaryTests, infer
from orderloom.feel.types import ANY, Type, text_of
from orderloom.rules.columns import Input
from orderloom.rules.kinds import TEXT, Kind
from orderloom.rules.reading.reporting import CellReport


@dataclass(frozen=True)
class CellScope:
    """The input columns by name. Where the head does not say which there are, nothing can be said about names."""

    types: Mapping[str, Type]
    known: bool = True

    @classmethod
    def of(cls, declared: Sequence[str] | None, inputs: Sequence[Input]) -> CellScope:
        """Columns that are declared and could not be read may have any type."""
        types = dict.fromkeys(declared or (), ANY) | {column.name: type_of(column) for column in inputs}
        return cls(types, declared is not None)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.types)

    def check(
        self, formula: Expression | UnaryTests, kind: Kind, report: CellReport, value: Type = ANY, offset: int = 0
    ) -> Type:
        """The type of a formula; `value` is that of `?`, and `offset` where the formula begins in its cell."""
        if not self.known:
            return ANY
        unknown = [one for one in formula.reads if one.path[0] not in self.types and one.path[0] != "?"]
        strangers = [one for one in unknown if not is_call(formula.text, one)]
        for one in strangers:
            report.unknown_name(one.start + offset, one.end + offset, one.path[0], self.names, kind)
        inferred = infer(formula, {**self.types, **{one.path[0]: ANY for one in strangers}}, value)
        exact = report.text[offset:].startswith(formula.text)  # dates may have been written out
        for found in inferred.findings:
            start, end = (found.start + offset, found.end + offset) if exact else (0, len(report.text))
            function = found.meant if found.code == "R104" and exact else None  # columns are named by the table itself
            report.inside(start, end, found.code, found.message, found.help, function)
        return inferred.type


def type_of(column: Input) -> Type:
    """The type of a fact of this column, with the only words it can be."""
    return text_of(map(str, column.values)) if column.kind is TEXT and column.values else column.kind.feel


def is_call(formula: str, read: Read) -> bool:
    """Whether the name is called as a function."""
    return len(read.path) == 1 and formula[read.end :].lstrip().startswith("(")
