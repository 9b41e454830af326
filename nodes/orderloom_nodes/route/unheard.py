"""What is wanted and every known level in; a sentence for each article that no location has ever heard of, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orderloom import Stock
from orderloom.model import StockLevel
from orderloom_nodes.route.sites import Item


def unheard_of(items: Sequence[Item], levels: Iterable[StockLevel], stock: Stock) -> Mapping[str, str]:
    """Article → sentence, with the article that differs by nothing but case and blanks: it may be the one meant.

    An article is looked up exactly as it is written: two that look alike may lie on two shelves.
    """
    heard_of = {level.sku for level in levels}
    unheard = [item.sku for item in items if item.sku not in heard_of]
    alike = {_bare(sku): sku for sku in sorted(stock.skus(), reverse=True)} if unheard else {}
    return {sku: _sentence(sku, alike.get(_bare(sku))) for sku in unheard}


def _sentence(sku: str, meant: str | None) -> str:
    told = f"no location knows {sku or 'a line without an article number'}"
    return f"{told}: did you mean {meant}?" if meant else told


def _bare(sku: str) -> str:
    return "".join(sku.split()).casefold()
