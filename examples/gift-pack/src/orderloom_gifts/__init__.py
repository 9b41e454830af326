"""Nodes for gift orders. A node is a folder here and an entry of `NODES`; none is imported before it is used."""

from __future__ import annotations

from pathlib import Path

NODES = {
    "card-text": f"{__name__}.card_text",                           # declared in Python
    "supplier-stock": Path(__file__).parent / "supplier_stock",     # its description alone: a service does the work
}
