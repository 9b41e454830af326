"""The rows of a table as a grid: conditions to the left, answers to the right, findings marked where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from orderloom.rules.grid import ANY, Grid
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.html.elements import element
from orderloom.rules.writing.html.findings import Numbered, row_anchor

_LONG = 32  # characters; such a cell is not squeezed into a narrow column


@dataclass(frozen=True)
class _Marks:
    """The findings by row, and by row and column."""

    rows: Mapping[str, Sequence[Numbered]]
    cells: Mapping[tuple[str, str], Sequence[Numbered]]

    @classmethod
    def of(cls, found: Sequence[Numbered]) -> _Marks:
        rows: dict[str, list[Numbered]] = {}
        cells: dict[tuple[str, str], list[Numbered]] = {}
        for one in found:
            for row in one.finding.rows:
                rows.setdefault(row, []).append(one)
                for column in one.finding.columns:
                    cells.setdefault((row, column), []).append(one)
        return cls(rows, cells)


def rows_section(table: DecisionTable, grid: Grid, found: Sequence[Numbered]) -> Element:
    marks = _Marks.of(found)
    body = [_row(at, row.id, grid, marks) for at, row in enumerate(table.rows)]
    caption = element("caption", f"Rows of {table.name}", class_="unseen")
    drawn = element("table", caption, _heading(grid), element("tbody", *body), class_="rules")
    return element(
        "section",
        element("div", element("h2", "Rows", id="rows"), _filter(bool(marks.rows)), class_="bar"),
        element("div", drawn, class_="scroll", tabindex="0", role="region", aria_labelledby="rows"),
        element("p", "No row has these words.", class_="none", hidden="")
        if body
        else element("p", "There are no rows."),
    )


def _filter(any_marked: bool) -> Element:
    """Hidden where no script runs: without one it would do nothing."""
    label = element("label", "Only rows with ", element("input", type="search", id="filter", autocomplete="off"))
    box = element("label", element("input", type="checkbox", id="marked"), " with findings") if any_marked else None
    return element("form", label, box, element("output", id="shown", for_="filter"), class_="filter", hidden="")


def _heading(grid: Grid) -> Element:
    groups = [
        element("th", class_="id"),
        element("th", "When", colspan=str(grid.inputs), scope="colgroup", class_="when") if grid.inputs else None,
        element("th", "Then", colspan=str(grid.answers), scope="colgroup", class_="then"),
        element("th", colspan=str(grid.extra)) if grid.extra else None,
    ]
    names = [
        element("th", element("span", name), element("small", kind), scope="col", class_=_side(grid, at))
        for at, (name, kind) in enumerate(zip(grid.header, grid.kinds, strict=True))
    ]
    names[0] = element("th", "Row", scope="col", class_="id")
    return element("thead", element("tr", *groups, class_="groups"), element("tr", *names))


def _row(index: int, identity: str, grid: Grid, marks: _Marks) -> Element:
    found = marks.rows.get(identity, ())
    worst = min((one.finding.severity for one in found), key=("error", "warning", "info").index, default="")
    tabs = [element("a", one.label, href=f"#{one.anchor}", class_=f"mark {one.finding.severity}") for one in found]
    head = element("th", element("span", identity), *tabs, scope="row", class_="id")
    drawn = [
        _cell(cell, _classes(grid, at), marks.cells.get((identity, grid.header[at]), ()))
        for at, cell in enumerate(grid.rows[index])
        if at
    ]
    return element("tr", head, *drawn, id=row_anchor(index), **({"class_": worst} if worst else {}))


def _cell(text: str, classes: list[str], found: Sequence[Numbered]) -> Element:
    """A dash for anything and for nothing, which a screen reader is told in words."""
    blank = text in {ANY, ""} and "extra" not in classes
    said = {"any": blank, "concerned": bool(found), "long": len(text) > _LONG}
    classes = [*classes, *(name for name, holds in said.items() if holds)]
    title = {"title": "; ".join(one.finding.message for one in found)} if found else {}
    if not blank:
        return element("td", text, class_=" ".join(classes), **title)
    dash = element("span", "–", aria_hidden="true")
    word = element("span", "any" if text == ANY else "nothing", class_="unseen")
    return element("td", dash, word, class_=" ".join(classes), **title)


def _classes(grid: Grid, at: int) -> list[str]:
    side = _side(grid, at)
    return [side, grid.header[at]] if side == "extra" else [side]


def _side(grid: Grid, at: int) -> str:
    return "when" if at <= grid.inputs else "then" if at <= grid.inputs + grid.answers else "extra"
