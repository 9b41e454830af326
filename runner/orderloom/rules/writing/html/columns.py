"""What the columns of a table mean: where a fact comes from, what it may be, what a missing one means."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from orderloom.rules.columns import Input, Output
from orderloom.rules.grid import kind_of, missing_in_words
from orderloom.rules.reading.literals import listed, plain
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.html.elements import element


def columns_section(table: DecisionTable) -> Element:
    """Facts first, answers below."""
    facts = [
        _line(
            one.name, kind_of(one), element("code", one.formula.text), _allowed(one), missing_in_words(one), one.about
        )
        for one in table.inputs
    ]
    answers = [
        _line(one.name, kind_of(one), None, listed(one.values), _default(one), one.about) for one in table.outputs
    ]
    return element(
        "section",
        element("h2", "Columns"),
        element("div", _table("Fact", "Read from", "Where missing", facts), class_="scroll"),
        element("div", _table("Answer", "", "Where nothing is said", answers), class_="scroll"),
    )


def _table(first: str, source: str, missing: str, lines: Sequence[Element]) -> Element:
    names = (first, "Type", source, "May be", missing, "About")
    heading = element("tr", *(element("th", name, scope="col") for name in names))
    return element("table", element("thead", heading), element("tbody", *lines), class_="plain")


def _line(name: str, kind: str, source: Element | None, allowed: str, missing: str, about: str | None) -> Element:
    return element(
        "tr",
        element("th", name, scope="row"),
        element("td", kind),
        element("td", source),
        element("td", allowed),
        element("td", missing),
        element("td", about or ""),
    )


def _allowed(column: Input) -> str:
    return listed(column.values) if column.values else str(column.bounds or "")


def _default(column: Output) -> str:
    return plain(column.default) if column.has_default else ""
