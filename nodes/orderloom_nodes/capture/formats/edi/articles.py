"""Product numbers with their qualifiers in; the article's sku, its GTIN and the other numbers out.

The qualifiers are those of X12's element 235 and EDIFACT's 7143. The sku is ours, the seller's: what the buyer calls
it comes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_OURS = ("VN", "SA", "VP", "VC", "VA", "SK", "MG", "MF", "VS")
_GTINS = ("UK", "EN", "UP", "SRV", "GTIN", "UA", "UI", "EO", "EM", "UC", "EAN")
_THEIRS = ("BP", "IN", "CB", "PN", "PI", "IB", "IT", "CN")
_GTIN = re.compile(r"\d{8}(\d{4,6})?", re.ASCII)


def article(numbers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The members of a line that name its article."""
    known = [(kind, number) for kind, number in numbers if number]
    by_kind: dict[str, str] = {}
    for kind, number in known:
        by_kind.setdefault(kind, number)
    gtin = next((by_kind[kind] for kind in _GTINS if _GTIN.fullmatch(by_kind.get(kind, ""))), None)
    order = (*_OURS, *_GTINS, *_THEIRS, *by_kind)
    sku = next((by_kind[kind] for kind in order if kind in by_kind), "")
    refs = [{"system": "edi", "type": kind, "value": number} for kind, number in dict.fromkeys(known)]
    return {"sku": sku[:255], "external_refs": refs, **({"gtin": gtin} if gtin else {})}
