"""Connections that know stock: `stock-files` reads it from a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import ConnectionType, Key, folder


def _open_stock_files(values: Mapping[str, Any], base: Path) -> object:
    from orderloom.world.stock import StockFiles  # noqa: PLC0415 (only projects with stock files pay for it)

    return StockFiles(base / values.get("folder", "stock"))


TYPES = (ConnectionType("stock-files", {"folder": Key(folder, "stock")}, _open_stock_files),)
