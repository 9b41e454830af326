"""Connections that know stock: `stock-files` reads the count from a folder and keeps what moved since."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.problems import ProblemsError
from orderloom.world.connection_types import ConnectionType, Key, folder, shelf_file
from orderloom.world.shelf import shelf_at


def _open_stock_files(values: Mapping[str, Any], base: Path) -> object:
    from orderloom.world.stock import StockFiles  # noqa: PLC0415 (only projects with stock files pay for it)

    opened = StockFiles(base / values.get("folder", "stock"), shelf_at(base, values))
    if absent := opened.absent():
        raise ProblemsError(absent)
    return opened


TYPES = (
    ConnectionType(
        "stock-files",
        {"folder": Key(folder, "stock"), "file": Key(shelf_file, ".orderloom/world.sqlite")},
        _open_stock_files,
    ),
)
