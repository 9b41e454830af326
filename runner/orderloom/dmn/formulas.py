"""FEEL texts of a model in, formulas and tests out; what cannot be read is a finding with its place in the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from orderloom.dmn.model import Text
from orderloom.feel import Expression, FeelSyntaxError, TypeName, UnaryTests, parse, parse_unary_tests
from orderloom.feel.functions.table import SIGNATURES
from orderloom.problems import Place, Problem, Severity, did_you_mean

Names = tuple[str, ...]


class Formulas:
    """The formulas of one file. `members` are all names that may stand behind a dot or in a filter."""

    def __init__(self, members: Collection[str]) -> None:
        self._every_member = frozenset(members)
        self._members = tuple(dict.fromkeys(name for name in members if not name.isidentifier()))
        self.types: Mapping[str, TypeName] = {}
        self.findings: list[Problem] = []

    def find(
        self, code: str, message: str, place: Place, help_: str | None = None, severity: Severity = "error"
    ) -> None:
        problem = Problem(code, message, place, help_, severity)
        if problem not in self.findings:
            self.findings.append(problem)

    def expression(self, text: Text | None, names: Names, *, counted: bool = False) -> Expression | None:
        """None where there is no text, or none that can be read. What is counted may be `1..3`, as after `for … in`."""
        if text is None or not text.text.strip() or self._is_foreign(text):
            return None
        try:
            formula = parse(text.text, (*names, *self._members), self.types)
        except FeelSyntaxError as error:
            if counted and error.code == "E013":
                return self.expression(_as_loop(text), names)
            self._unreadable(text, error)
            return None
        self._find_strange(text, formula, names)
        return formula

    def _find_strange(self, text: Text, formula: Expression, names: Names) -> None:
        """Names that nothing in scope has. What a boxed filter looks at (`item`) may have members of any name."""
        known = {*names, *self._every_member}
        for read in () if "item" in names else formula.reads:
            name = read.path[0]
            if name not in known:
                help_ = did_you_mean(name, [*names, *SIGNATURES]) or "require the element that has this name"
                message = f"nothing here is named `{name}`: it is null"
                self.find("X044", message, within(text, read.start, read.start + len(name)), help_, "warning")

    def tests(self, text: Text, names: Names) -> UnaryTests | None:
        if self._is_foreign(text):
            return None
        try:
            return parse_unary_tests(text.text, (*names, *self._members), types=self.types)
        except FeelSyntaxError as error:
            self._unreadable(text, error)
            return None

    def _is_foreign(self, text: Text) -> bool:
        if text.language is None:
            return False
        self.find(
            "X013", f"the expression is in `{text.language}`, and FEEL is evaluated", text.place, "write it in FEEL"
        )
        return True

    def _unreadable(self, text: Text, error: FeelSyntaxError) -> None:
        self.find("X010", error.message, within(text, error.start, error.end), error.help)


def _as_loop(text: Text) -> Text:
    """A loop that lists what is counted; the place is shifted so that findings still point into the text."""
    before = "for item in "
    place = replace(text.place, column=text.place.column - len(before))
    return replace(text, text=f"{before}{text.text} return item", place=place)


def within(text: Text, start: int, end: int) -> Place:
    """The place of a part of a text; by the column as far as nothing before it on its line is escaped."""
    before = text.text[:start]
    down = before.count("\n")
    column = start - before.rfind("\n") if down else text.place.column + start
    return replace(text.place, line=text.place.line + down, column=column, end_column=column + max(1, end - start))
