"""What one table of a model answered: the rules, the facts they asked, and for every other rule why it did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from orderloom.feel import NOW
from orderloom.rules.engine import valid_on
from orderloom.rules.explain import Rejection, in_words, json_value, not_valid

if TYPE_CHECKING:
    from orderloom.dmn.tables import CompiledRule, CompiledTable


def day_of(scope: Mapping[str, Any]) -> date | None:
    """The day on which a model is asked."""
    now = scope.get(NOW)
    return now.date() if isinstance(now, datetime) else None


@dataclass(frozen=True, eq=False)
class TableAnswer:
    """`rules` is empty where none applied; `facts` are by the label, else the text, of their column."""

    table: CompiledTable = field(repr=False)
    rules: tuple[str, ...]
    facts: Mapping[str, Any]
    value: Any
    scope: Mapping[str, Any] = field(repr=False)

    @property
    def why(self) -> str:
        """`r2: weight > 30, country = "US"`; made when it is read."""
        if not self.rules:
            return "no rule applied"
        names = [column.name for column in self.table.inputs]
        told = []
        for rule in self.table.rules:
            if rule.id in self.rules:
                asked = ", ".join(in_words(names[cell.column], cell.text) for cell in rule.cells)
                told.append(f"{rule.id}: {asked or 'always'}")
        return "; ".join(told)

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """Every other rule, with the first cell that does not fit."""
        return tuple(self._rejection(rule) for rule in self.table.rules if rule.id not in self.rules)

    def _rejection(self, rule: CompiledRule) -> Rejection:
        facts, day = list(self.facts.values()), day_of(self.scope)
        if not valid_on(rule, day):
            return Rejection(rule.id, None, not_valid(rule, day))
        for cell in rule.cells:
            held = cell.tests.matches(facts[cell.column], self.scope)
            if held is not True:
                name = self.table.inputs[cell.column].name
                return Rejection(rule.id, name, cell.text, facts[cell.column], undecided=held is None)
        return Rejection(rule.id, None, None, applies=True, beaten_by=self.rules[0] if self.rules else None)

    def as_json(self, why: bool = False) -> dict[str, Any]:
        told: dict[str, Any] = {
            "of": self.table.what,
            "rules": list(self.rules),
            "facts": json_value(self.facts),
            "why": self.why,
        }
        return told | ({"rejected": [str(one) for one in self.rejected]} if why else {})
