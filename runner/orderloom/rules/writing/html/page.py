"""The page of one table: what it decides, what was found about it, its rows, columns and cases."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from xml.etree.ElementTree import Element

from orderloom.rules.grid import grid_of
from orderloom.rules.prove import Proof
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.html.cases import cases_section
from orderloom.rules.writing.html.columns import columns_section
from orderloom.rules.writing.html.elements import document, element
from orderloom.rules.writing.html.findings import findings_section, numbered
from orderloom.rules.writing.html.rows import rows_section

_HIT = {
    "unique": "At most one row may apply; two that do are an error.",
    "any": "Several rows may apply, and must give the same answer.",
    "priority": "Of the rows that apply, the one with the most important answer decides.",
    "first": "The first row from the top that applies decides.",
    "rule order": "All rows that apply answer, in the order of the table.",
    "output order": "All rows that apply answer, the most important answer first.",
    "collect": "All rows that apply answer.",
    "collect sum": "The answers of all rows that apply are added up.",
    "collect min": "The smallest answer of the rows that apply counts.",
    "collect max": "The largest answer of the rows that apply counts.",
    "collect count": "The rows that apply are counted.",
}


def page_html(table: DecisionTable, proof: Proof | None = None) -> str:
    """The page. Without a proof nothing is said of gaps and overlaps."""
    found = numbered(proof)
    sections = [
        _header(table),
        findings_section(table, proof, found) if proof is not None else None,
        rows_section(table, grid_of(table), found),
        columns_section(table),
        cases_section(table),
        element("script", _text("page.js")),
    ]
    return document(_head(table), element("body", *sections))


def _head(table: DecisionTable) -> Element:
    """Nothing may be loaded and no other script run, whatever stands in a cell."""
    style, script = _text("page.css"), _text("page.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{table.name} · rule table"),
        element("style", style),
    )


def _header(table: DecisionTable) -> Element:
    count = len(table.rows)
    return element(
        "header",
        element("p", "Rule table", class_="kicker"),
        element("h1", table.name),
        element("p", table.summary, class_="summary") if table.summary else None,
        element(
            "p",
            element("span", table.hit.word, class_="chip"),
            element("span", f"{count} {'row' if count == 1 else 'rows'}", class_="chip"),
            element("span", _HIT[table.hit.word]),
            class_="facts",
        ),
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(name: str) -> str:
    return files("orderloom.rules.writing.html").joinpath(name).read_text(encoding="utf-8")
