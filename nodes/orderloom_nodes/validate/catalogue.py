"""The articles that a shop sells, from a file; and what an order asks for that is not among them, with near ones."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from orderloom import Place
from orderloom.model import Line, Order
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.lists import read_sheet
from orderloom_nodes.validate.texts import clean, fold

MOST_NEAR = 3
CLOSE = 0.75  # below it, two article numbers have little in common


@dataclass(frozen=True)
class Catalogue:
    """Article number → the titles of the articles that bear it, of which there should be one."""

    titles: Mapping[str, tuple[str, ...]]
    hash: str = ""
    setting_schema: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "description": "the path of a CSV of articles: `sku`, and `title` where there is one",
    }
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> Catalogue:
        """Raises `ProblemsError` where there is no such file, or it has no `sku`."""
        sheet = read_sheet(value, "catalogue", ("sku",), place, folders)
        titles: dict[str, list[str]] = defaultdict(list)
        for row in sheet.rows:
            title = row.values.get("title", "")
            if (sku := clean(row.values["sku"])) and title not in titles[sku]:
                titles[sku].append(title)
        return cls({sku: tuple(found) for sku, found in titles.items()}, sheet.hash)

    def near(self, sku: str, title: str) -> tuple[str, ...]:
        """Articles that may be meant: other spellings of the number first, then those of that title, then near ones."""
        spellings = self._folded.get(fold(sku), ()) if sku else ()
        same_title = self._titled.get(fold(title), ()) if title else ()
        alike = () if spellings or not sku else self._alike(fold(sku))
        return tuple(dict.fromkeys((*spellings, *same_title, *alike)))[:MOST_NEAR]

    def _alike(self, folded: str) -> tuple[str, ...]:
        if folded not in self._near:  # in a large catalogue that is slow, and orders repeat their slips
            names = difflib.get_close_matches(folded, self._folded, n=MOST_NEAR, cutoff=CLOSE)
            self._near[folded] = tuple(sku for name in names for sku in self._folded[name])
        return self._near[folded]

    @cached_property
    def _folded(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((fold(sku), sku) for sku in self.titles)

    @cached_property
    def _titled(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((fold(title), sku) for sku, titles in self.titles.items() for title in titles if title)


def check_articles(order: Order, catalogue: Catalogue, findings: Findings) -> None:
    """Hold what is not sold, and what bears a number that two articles bear. None is guessed: near ones are named."""
    for index, line in enumerate(order.lines):
        sku, path = clean(line.sku), f"lines[{index}].sku"
        titles = catalogue.titles.get(sku, ())
        if not line.requires_shipping or line.gift_card or not line.quantity_open:
            continue
        if not titles:
            _say_unknown(index, line, sku, catalogue, findings)
        elif len(titles) > 1 and clean(line.title or "") not in titles:
            both = " and ".join(f"`{title}`" for title in titles[:MOST_NEAR])
            message = f"line {index + 1}: `{sku}` stands for {len(titles)} articles in the catalogue, {both}"
            findings.error("V128", path, message, "give one of them another number, and enter the one that is meant")


def _say_unknown(index: int, line: Line, sku: str, catalogue: Catalogue, findings: Findings) -> None:
    near = catalogue.near(sku, clean(line.title or ""))
    told = [f"`{one}`{_titled(catalogue.titles[one])}" for one in near]
    mend = f"it may be {' or '.join(told)}" if near else "enter the number under which it is sold"
    if not sku:
        if near:  # that it has none is told already
            findings.note("V124", f"lines[{index}].sku", f"line {index + 1} bears the title of an article", mend)
        return
    message = f"line {index + 1}: no article `{sku}` is sold"
    findings.error("V124", f"lines[{index}].sku", message, mend, near[0] if len(near) == 1 else None)


def _titled(titles: tuple[str, ...]) -> str:
    return f" ({titles[0]})" if titles and titles[0] else ""


def _grouped(pairs: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, sku in pairs:
        found[name].append(sku)
    return {name: tuple(skus) for name, skus in found.items()}
