"""A table and its findings as one page of HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from orderloom.rules.prove import Cell, Edit, Finding, Fix, Proof, prove
from orderloom.rules.writing.html import page_html
from orderloom.rules.writing.table_yaml import table_yaml
from orderloom.rules.writing.written import written

from .any_tables import as_read, tables
from .test_writing import read

TABLE = {
    "table": "level",
    "summary": "Which service level an order gets.",
    "hit": "first",
    "inputs": {
        "total": {"is": "order.total", "type": "number", "unit": "USD", "range": "[0..1000]"},
        "gift": {"type": "boolean"},
    },
    "outputs": {"outcome": {"type": "text", "values": ["standard", "express"]}, "why": {"type": "text"}},
    "on_missing": {"gift": False},
    "rows": [
        {"id": "r1", "total": ">= 500", "outcome": "express", "why": "high value", "note": "ask Ann"},
        {"id": "r2", "gift": True, "outcome": "standard", "why": "a gift"},
    ],
    "cases": [
        {"given": {"total": 900}, "then": {"outcome": "express"}},
        {"case": "cheap", "given": {"total": 5}, "then": {"outcome": "standard"}},
    ],
}


GAP = Finding(
    "gap",
    "error",
    "no row answers for total below 500 without a gift",
    ("r1",),
    ("total",),
    region={"total": "[0..500)", "gift": "false"},
    example={"total": 499, "gift": False},
    fix=Fix((Edit("r1", "total", ">= 500", ">= 0"),), "closes the gap"),
)


def proof(*findings: Finding, complete: bool = False) -> Proof:
    return Proof("level", 2, complete, findings, assumptions=("total lies within [0..1000]",))


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the texts outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def made(data: dict[str, Any]):
    return as_read(data, "level.table.yaml").table


def changed(row: int, **cells: Any) -> dict[str, Any]:
    rows = [{**one, **(cells if at == row else {})} for at, one in enumerate(TABLE["rows"])]
    return {**TABLE, "rows": rows}


def test_a_page_of_a_small_table(golden):
    golden("rules/level.html", page_html(made(TABLE), proof(GAP)))


def test_the_page_needs_nothing_else():
    page = page_html(made(TABLE), proof(GAP))
    assert re.findall(r"https?:|//|\burl\(|@import|<link|<img|<iframe| src=", page.replace("// Shows", "")) == []


def test_what_stands_in_a_table_is_shown_and_never_run():
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover='x"
    data = {**changed(0, why=f'="{evil[:20]}"', note=evil), "summary": evil, "table": evil}
    data["inputs"] = {**TABLE["inputs"], evil: {"type": "text", "about": evil}}
    data["cases"] = [{"case": evil, "given": {evil: evil, "total": 1}, "then": {"why": evil}}]
    fix = Fix((Edit("r1", evil, evil, evil),), evil)
    found = Finding("gap", "error", evil, ("r1", evil), (evil,), {evil: evil}, example={evil: evil}, fix=fix)
    tags = Tags(page_html(made(data), Proof(evil, 2, False, (found,), (Cell("r1", evil, evil),), (evil,))))
    assert [tag for tag, _ in tags.tags if tag in {"img", "iframe", "object"}] == []
    assert [tag for tag, _ in tags.tags].count("script") == 1
    assert {name for _, attributes in tags.tags for name in attributes if name.startswith("on")} == set()
    assert sum(evil in text for text in tags.texts) >= 8


def test_an_example_without_items_or_text_does_not_look_as_if_it_were_missing():
    found = Finding("gap", "error", "no row applies", (), (), {}, example={"tags": (), "sizes": (1, 2), "note": ""})
    texts = Tags(page_html(made(TABLE), proof(found))).texts
    assert {"[]", "[1, 2]", '""'} <= set(texts)


def test_no_other_script_or_style_would_run_if_one_came_in():
    page = page_html(made(TABLE))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; base-uri 'none'", policy[1]
    )


def test_rows_and_cells_of_a_finding_are_marked_and_lead_to_it():
    page = page_html(made(TABLE), proof(GAP))
    assert '<a href="#finding-1" class="mark error">gap 1</a>' in page
    assert '<li id="finding-1" class="error">' in page
    assert '<a href="#row-1" class="rowname">r1</a>' in page
    assert re.search(r'<td class="when concerned" title="no row answers[^"]*">&gt;= 500</td>', page)


def test_each_case_says_whether_it_holds():
    page = page_html(made(TABLE))
    assert page.count("holds</span>") == 1
    assert "ends with the error no_match" in page


def test_only_a_proof_can_say_that_nothing_was_found():
    assert "Nothing was found" not in page_html(made(TABLE))
    assert "Nothing was found" not in page_html(made(TABLE), proof())
    assert "Nothing was found" in page_html(made(TABLE), proof(complete=True))


def test_overlaps_that_the_policy_settles_are_folded_away_and_mark_no_row():
    overlap = Finding("overlap", "info", "r1 and r2 both apply", ("r1", "r2"), ("total",))
    page = page_html(made(TABLE), proof(overlap))
    assert "<summary>1 overlap that the hit policy settles</summary>" in page
    assert 'href="#finding-1"' not in page


def test_the_command_proves_the_table(tmp_path, orderloom):
    data = {**TABLE, "on_missing": "no_match", "cases": []}
    (tmp_path / "t.table.yaml").write_text(table_yaml(written(as_read(data))), encoding="utf-8")
    assert orderloom("rules", "export-html", tmp_path / "t.table.yaml", "-o", tmp_path / "t.html").code == 0
    assert "No row answers" in (tmp_path / "t.html").read_text(encoding="utf-8")


def test_every_heading_says_what_it_heads_and_every_box_has_a_label():
    tags = Tags(page_html(made(TABLE), proof(GAP))).tags
    named = [attributes for tag, attributes in tags if tag == "th" and "scope" not in attributes]
    assert all("id" in (attributes.get("class") or "") or "colspan" in attributes for attributes in named)
    assert ("html", {"lang": "en"}) in tags
    assert [attributes.get("id") for tag, attributes in tags if tag == "input"] == ["filter", "marked"]
    assert len({attributes["id"] for _, attributes in tags if "id" in attributes}) == sum(
        "id" in attributes for _, attributes in tags
    )


@given(data=tables())
@settings(max_examples=12, deadline=None)
def test_any_table_makes_a_page_that_shows_each_of_its_notes(data):
    table = read(data).table
    page = Tags(page_html(table, prove(table)))
    told = "\0".join(page.texts).replace("\r", "\n")
    assert all(row.note.replace("\r", "\n") in told for row in table.rows)


def test_the_commands_write_a_page_and_print_one(tmp_path, monkeypatch, orderloom):
    monkeypatch.chdir(tmp_path)
    Path("level.table.yaml").write_text(
        'hit: first\ninputs: {total: {type: number}}\noutputs: {outcome: {type: text}}\nrows: [{outcome: "yes"}]\n',
        encoding="utf-8",
    )
    ran = orderloom("rules", "export-html", "level.table.yaml", "-o", "level.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "level → level.html\n")
    assert Path("level.html").read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="en">')
    assert orderloom("rules", "export-html", "level.table.yaml", "-o", "level.html").code == 2
    assert orderloom("rules", "export-html", "level.table.yaml", "-o", "level.html", "--force").code == 0
    assert orderloom("rules", "show", "level.table.yaml", "--format", "html").out.startswith("<!doctype html>")
