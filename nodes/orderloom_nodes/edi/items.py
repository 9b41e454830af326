"""A line of an order in; what a partner knows its article by, and its unit, out."""

from __future__ import annotations

from orderloom.model import Line

_X12 = ("VN", "VP", "VC", "VA", "SK", "MG", "UP", "EN", "UK", "UA", "EO", "BP", "IN", "CB", "PN", "PI")
_EDIFACT = ("SA", "VN", "MF", "SRV", "EN", "UP", "BP", "IN")
_MOST = 5  # pairs that a segment has room for


def x12_numbers(line: Line, most: int = _MOST) -> list[str]:
    """Qualifiers of 235 with their numbers, in turn: those that the buyer sent, else our sku and its GTIN."""
    gtin = {12: "UP", 13: "EN", 14: "UK", 8: "EO"}.get(len(line.gtin or ""), "")
    pairs = _pairs(line, _X12, "VN", gtin)
    return [part for pair in pairs[:most] for part in pair]


def edifact_numbers(line: Line) -> list[tuple[str, str]]:
    """Numbers with their qualifiers of 7143 but for the GTIN: those that the buyer sent, else our sku."""
    return [(number, kind) for kind, number in _pairs(line, _EDIFACT, "SA", "") if kind not in {"SRV", "EN", "UP"}][
        :_MOST
    ]


def _pairs(line: Line, known: tuple[str, ...], ours: str, gtin: str) -> list[tuple[str, str]]:
    told = [(ref.type or "", ref.value) for ref in line.external_refs if ref.system == "edi" and ref.type in known]
    values = {number for _, number in told}
    if line.sku and line.sku not in values:
        told.insert(0, (ours, line.sku))  # a substitute bears another number than what was asked for
    if line.gtin and gtin and line.gtin not in values:
        told.append((gtin, line.gtin))
    return list(dict.fromkeys(told))


def unit_of(line: Line, otherwise: str) -> str:
    """The unit of measure that the buyer named."""
    return next((one.value or otherwise for one in line.attributes if one.name == "unit_of_measure"), otherwise)
