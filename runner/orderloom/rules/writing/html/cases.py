"""The cases of a table, run when the page is made: what is given, what must come out, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from orderloom.rules.reading.cases import Case, run_case
from orderloom.rules.reading.literals import plain
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.html.elements import element


def cases_section(table: DecisionTable) -> Element | None:
    """None where the table has no cases."""
    if not table.cases:
        return None
    lines = [_line(table, case) for case in table.cases]
    names = ("Case", "Given", "Expected", "Result")
    heading = element("tr", *(element("th", name, scope="col") for name in names))
    drawn = element("table", element("thead", heading), element("tbody", *lines), class_="plain")
    return element("section", element("h2", "Cases"), element("div", drawn, class_="scroll"))


def _line(table: DecisionTable, case: Case) -> Element:
    failure = run_case(table, case)
    if failure is None:
        result = element("td", element("span", "holds", class_="mark holds"))
    else:
        message = failure.message.removeprefix(f"{case.name} ").removeprefix(f"{case.name}: ")
        told = element("span", f" {message}" + (f" ({failure.help})" if failure.help else ""))
        result = element("td", element("span", "fails", class_="mark error"), told)
    return element(
        "tr",
        element("th", case.name, scope="row"),
        element("td", _words(case.given)),
        element("td", "; ".join(_expected(case))),
        result,
    )


def _expected(case: Case) -> list[str]:
    then = [_words(one) for one in case.then]
    row = [f"row {case.row}"] if case.row is not None else []
    return [*then, *row, *([f"the error {case.error}"] if case.error else [])]


def _words(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {plain(value)}" for name, value in values.items())
