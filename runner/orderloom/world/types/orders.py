"""Connections that know earlier orders: `order-book` keeps them on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import ConnectionType, Key, folder, shelf_file
from orderloom.world.shelf import shelf_at


def _open(values: Mapping[str, Any], base: Path) -> object:
    from orderloom.world.order_book import OrderBook  # noqa: PLC0415 (only who asks for orders pays for it)

    return OrderBook(shelf_at(base, values), base / values["folder"] if "folder" in values else None)


TYPES = (
    ConnectionType(
        "order-book", {"folder": Key(folder, "orders"), "file": Key(shelf_file, ".orderloom/world.sqlite")}, _open
    ),
)
