"""A cell of an input column in, what it asks out; what cannot be read is a finding that says what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from orderloom.feel import Expression, FeelSyntaxError, UnaryTests, parse_unary_tests
from orderloom.rules.columns import Input
from orderloom.rules.constants import Constants, Holds
from orderloom.rules.kinds import NUMBER_KIND, TEXT, Kind
from orderloom.rules.reading.cell_checks import check_constants, expected
from orderloom.rules.reading.cell_scope import CellScope, type_of
from orderloom.rules.reading.cell_tree import constants_of
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.literals import PYTHON_TYPES, bare_words, literal, plain
from orderloom.rules.reading.number_cells import number_constants
from orderloom.rules.reading.reporting import CellReport, Silence
from orderloom.rules.reading.sources import Spot

ANY_SIGNS = ("", "-")
_UNREAD = " "  # a text that no cell has: they are stripped
# Times with and without an offset do not compare in Python, so FEEL orders those.
_ORDERED_BY_PYTHON = frozenset({"text", "number", "date", "days and time duration", "years and months duration"})


Elsewhere = Callable[[str, str, str], bool]  # whether another row than that has in the column the word


class RawCell(NamedTuple):
    """A cell as it stands in its row. `blank` where nothing is written; a None that is not blank is a written null.

    `refused` where a finding was made about it already.
    """

    value: Any
    spot: Spot
    blank: bool = False
    refused: bool = False

    @property
    def text(self) -> str:
        return (self.value if isinstance(self.value, str) else plain(self.value)).strip()

    @property
    def says_nothing(self) -> bool:
        return self.blank or self.refused or (isinstance(self.value, str) and self.value.strip() in ANY_SIGNS)


@dataclass(eq=False, slots=True)
class Condition:
    """What a cell asks of a column: by its constants, or by FEEL where something has to be computed each time."""

    column: int
    text: str
    constants: Constants | None
    tests: UnaryTests | None
    takes_null: bool

    def holds(self, value: Any, scope: Mapping[str, Any]) -> bool | None:
        """Whether the value fits; None where that cannot be decided, as for a missing fact."""
        if value is None and not self.takes_null:
            return None
        if self.tests is not None:
            return self.tests.matches(value, scope)
        return True if value is None or self.constants is None else self.constants.test()(value)

    def quick(self) -> Holds | None:
        """A function of the value alone, for values that are there; None where FEEL has to be asked."""
        return self.constants.test() if self.constants is not None else None


@dataclass(eq=False, slots=True)
class Answer:
    """A cell of an output column: a value, or a formula over the columns. `refused` where a finding was made."""

    value: Any
    formula: Expression | None = None
    refused: bool = False


class ConditionReader:
    """Reads the input cells of one table; findings go into the list it was given."""

    def __init__(
        self, inputs: Sequence[Input], scope: CellScope, findings: Findings, elsewhere: Elsewhere | None = None
    ) -> None:
        self._inputs, self._elsewhere = inputs, elsewhere
        self._scope = scope
        self._findings = findings
        self._silence = Silence()
        # Cells repeat: each text is read once a column. None is what asks nothing.
        self._known: list[dict[str, Condition | None]] = [dict.fromkeys(ANY_SIGNS) for _ in inputs]

    def conditions(self, row: str, cells: Mapping[str, RawCell], texts: Mapping[str, str]) -> tuple[Condition, ...]:
        """What the cells of a row ask; those that ask nothing are left out. `texts` are as those of a `RawRow`."""
        found = []
        for index, (column, known) in enumerate(zip(self._inputs, self._known, strict=True)):
            text = texts.get(column.name, _UNREAD)
            if text in known:
                one = known[text]
            elif column.name in cells:
                one = self._usual(index, column, text) or self.condition(index, cells[column.name], row)
            else:
                continue
            if one is not None:
                found.append(one)
        return tuple(found)

    def _usual(self, index: int, column: Input, text: str) -> Condition | None:
        """What a cell asks that is as most are; None where its place may matter, for it may have to be told."""
        constants = _plain_constants(column, text)
        if constants is not None and len(constants.values) > 1 and _DECIMAL_COMMA.search(text):
            return None
        if constants is None or not self._silence.hears_nothing(partial(check_constants, column, constants)):
            return None
        found = self._known[index][text] = Condition(index, text, constants, None, constants.takes_null)
        return found

    def condition(self, index: int, raw: RawCell, row: str) -> Condition | None:
        """What the cell asks; None for anything, and for a cell that cannot be read."""
        known, value = self._known[index], raw.value
        if isinstance(value, str) and value in known and not raw.refused:
            return known[value]
        if raw.says_nothing:
            return None
        column = self._inputs[index]
        elsewhere = self._elsewhere and partial(self._elsewhere, row, column.name)
        report = CellReport(self._findings, raw.spot, f"row {row}, column `{column.name}`", raw.text, elsewhere)
        found = self._read(index, column, raw, report)
        if found is not None and report.clean and isinstance(value, str):
            known[value] = found
        return found

    def _read(self, index: int, column: Input, raw: RawCell, report: CellReport) -> Condition | None:
        if raw.value is None:
            return Condition(index, "null", Constants((None,)), None, takes_null=True)
        if not isinstance(raw.value, str) and not _is_spelt_out(column, raw.value):
            return _native(index, column, raw, report)
        constants = _plain_constants(column, raw.text)
        if column.kind is NUMBER_KIND and _DECIMAL_COMMA.search(raw.text):
            _tell_comma(raw.text, report)
        if constants is None:
            return self._feel(index, column, raw.text, report)
        possible = check_constants(column, constants, report)
        return Condition(index, raw.text, constants, None, constants.takes_null) if possible else None

    def _feel(self, index: int, column: Input, text: str, report: CellReport) -> Condition | None:
        spelt = as_feel(text, column.kind)
        try:
            tests = parse_unary_tests(spelt, self._scope.names, bare_words=column.kind is TEXT and column.bare_words)
        except FeelSyntaxError as error:
            if spelt != text:
                report.inside(0, len(text), "D010", f"`{text}` does not ask for {column.wanted}", expected(column))
            else:
                message = f"`{text}` cannot be read: {error.message}"
                report.inside(error.start, error.end, "D010", message, error.help or expected(column))
            return None
        constants = constants_of(tests.tree, spelt)
        if constants is None:
            self._scope.check(tests, column.kind, report, type_of(column))
        if constants is not None and not check_constants(column, constants, report):
            return None
        if constants is not None and _by_python(column, constants):
            return Condition(index, text, constants, None, constants.takes_null)
        takes_null = constants.takes_null if constants else re.search(r"\?|\bnull\b", text) is not None
        return Condition(index, text, None, tests, takes_null)


def _plain_constants(column: Input, text: str) -> Constants | None:
    """What words and numbers ask, read without FEEL; None where only FEEL can say."""
    if column.kind is NUMBER_KIND:
        return number_constants(text)
    return bare_words(text) if column.kind is TEXT and column.bare_words else None


_DECIMAL_COMMA = re.compile(r"[<>]=?\s*-?\d+,\d|\d,0\d")  # as in `> 30,5` and `1,000`; `1, 5` and `1,5` are lists


def _tell_comma(text: str, report: CellReport) -> None:
    """A comma parts alternatives, and is no decimal sign: who writes one so is told how it is read."""
    parts = " or ".join(part.strip() for part in text.split(","))
    help_ = "write a decimal with a point, thousands without a sign, and alternatives with a blank behind the comma"
    report.warn("D084", f"`{text}` is read as {parts}", help_)


def _is_spelt_out(column: Input, value: Any) -> bool:
    """Whether FEEL reads the value as if written: alternatives in a list, a constant in a column of any type."""
    if isinstance(value, list):
        return column.kind.item is None
    return column.kind.name == "any" and not isinstance(value, Mapping)


def _native(index: int, column: Input, raw: RawCell, report: CellReport) -> Condition | None:
    """A cell that YAML gives as true, a number or a list."""
    value = literal(column.kind, raw.value)
    if value is None:
        report.add("D011", f"`{raw.text}` is given, {column.wanted} is expected", expected(column))
        return None
    constants = Constants((value,))
    check_constants(column, constants, report)
    return Condition(index, raw.text, constants, None, takes_null=False)


def _by_python(column: Input, constants: Constants) -> bool:
    known = column.kind.name in PYTHON_TYPES  # in lists, FEEL decides what "in" means
    return known and (constants.finite or column.kind.name in _ORDERED_BY_PYTHON)


_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?"
    r"|\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
    r"|-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
)
_TEMPORAL = frozenset(PYTHON_TYPES) - {"text", "number", "boolean"}


def as_feel(text: str, kind: Kind) -> str:
    """Conveniences written out: TRUE of a spreadsheet, and dates and durations that stand without `@"…"`."""
    if kind.name == "boolean" and text.casefold() in {"true", "false"}:
        return text.casefold()
    if kind.name not in _TEMPORAL or '"' in text:
        return text
    return _ISO.sub(lambda found: f'@"{found[0]}"', text)
