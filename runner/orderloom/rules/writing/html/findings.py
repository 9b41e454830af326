"""The proof of a table in, a list of what it found out: each with the rows it is about, an example and a mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from orderloom.rules.prove import Finding, Proof
from orderloom.rules.prove.drawing import verdict
from orderloom.rules.reading.literals import plain
from orderloom.rules.table import DecisionTable
from orderloom.rules.writing.html.elements import element

_WORDS = {
    "gap": "No row answers",
    "overlap": "Rows overlap",
    "conflict": "Rows contradict",
    "masked": "Never reached",
    "subsumed": "Covered by another row",
    "mergeable": "Could be one row",
    "unused_column": "Column decides nothing",
    "unreachable_output": "Answer never given",
    "default": "Only the default answers",
}


@dataclass(frozen=True)
class Numbered:
    """A finding and its number on the page."""

    number: int
    finding: Finding

    @property
    def anchor(self) -> str:
        return f"finding-{self.number}"

    @property
    def label(self) -> str:
        return f"{self.finding.kind.replace('_', ' ')} {self.number}"


def numbered(proof: Proof | None) -> list[Numbered]:
    """The findings that are marked in the rows: all but overlaps that the hit policy settles."""
    loud = [one for one in proof.findings if not _is_settled(one)] if proof else []
    return [Numbered(number, finding) for number, finding in enumerate(loud, 1)]


def findings_section(table: DecisionTable, proof: Proof, found: Sequence[Numbered]) -> Element:
    """The findings, those that are no mistake folded away, and what was assumed and left open."""
    known = {row.id: row_anchor(index) for index, row in enumerate(table.rows)}
    settled = [Numbered(len(found) + at, one) for at, one in enumerate(filter(_is_settled, proof.findings), 1)]
    clean = element("p", "Nothing was found: every order is answered, and every row answers some.", class_="clean")
    summary = element("summary", f"{len(settled)} overlap{'s' * (len(settled) > 1)} that the hit policy settles")
    return element(
        "section",
        element("h2", "Findings", element("span", verdict(proof).partition(": ")[2], class_="count")),
        _list(found, known) if found else clean if proof.complete else None,
        element("details", summary, _list(settled, known)) if settled else None,
        element("ul", *(element("li", remark) for remark in _remarks(proof)), class_="remarks"),
    )


def _is_settled(finding: Finding) -> bool:
    return finding.kind == "overlap" and finding.severity == "info"


def _remarks(proof: Proof) -> Iterator[str]:
    for kind, number in proof.omitted.items():
        yield f"{number:,} more of the kind {kind.replace('_', ' ')} are not listed."
    for cell in proof.unanalysed:
        yield f"Not analysed: row {cell.row}, {cell.column} {cell.text}"
    yield from proof.stopped
    yield from (f"Assumed: {one}" for one in proof.assumptions)


def _list(found: Sequence[Numbered], known: Mapping[str, str]) -> Element:
    return element("ol", *(_item(one, known) for one in found), class_="findings")


def row_anchor(index: int) -> str:
    """Where a row stands on the page."""
    return f"row-{index + 1}"


def _item(one: Numbered, known: Mapping[str, str]) -> Element:
    finding = one.finding
    rows = [
        element("a", identity, href=f"#{known[identity]}", class_="rowname")
        for identity in finding.rows
        if identity in known
    ]
    kind = element("span", _WORDS[finding.kind], class_=f"mark {finding.severity}")
    mend = element("p", element("b", "Mend: "), str(finding.fix), class_="mend") if finding.fix else None
    effect = element("p", finding.fix.effect, class_="effect") if finding.fix else None
    return element(
        "li",
        element("p", element("span", f"{finding.severity}: ", class_="unseen"), kind, *rows),
        element("p", finding.message, class_="message"),
        _pairs("Where", finding.region),
        _pairs(_example_of(finding), finding.example or {}),
        mend,
        effect,
        id=one.anchor,
        class_=finding.severity,
    )


def _example_of(finding: Finding) -> str:
    order = f"Order {finding.order}" if finding.order else "For example"
    return f"{order}, {finding.day}" if finding.day else order


def _pairs(title: str, values: Mapping[str, Any]) -> Element | None:
    if not values:
        return None
    pairs = [part for name, value in values.items() for part in (element("dt", name), element("dd", _shown(value)))]
    return element("div", element("b", title), element("dl", *pairs), class_="pairs")


def _shown(value: Any) -> str:
    """Lists in brackets and empty text in quotes, so that nothing looks as if it were missing."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(plain, value))}]"
    return plain(value) or '""'
