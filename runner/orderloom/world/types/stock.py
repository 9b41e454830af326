"""Connections that know stock: `stock-files` reads a folder and keeps what moved since, `stock-sql` is a database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.problems import ProblemsError
from orderloom.world.connection_types import ConnectionType, Key, folder, secret, shelf_file
from orderloom.world.errors import ConnectionUnusableError
from orderloom.world.secrets import secret_from
from orderloom.world.shelf import shelf_at


def _open_stock_files(values: Mapping[str, Any], base: Path) -> object:
    from orderloom.world.stock import StockFiles  # noqa: PLC0415 (only projects with stock files pay for it)

    opened = StockFiles(base / values.get("folder", "stock"), shelf_at(base, values))
    if absent := opened.absent():
        raise ProblemsError(absent)
    return opened


def _open_stock_sql(values: Mapping[str, Any], base: Path) -> object:
    try:
        from orderloom.world.sql.stock import StockSql  # noqa: PLC0415 (SQLAlchemy is an extra)
    except ImportError as error:
        raise ConnectionUnusableError("stock-sql needs SQLAlchemy: pip install 'orderloom[sql]'") from error
    return StockSql(secret_from(values["url"], base).reveal())


TYPES = (
    ConnectionType(
        "stock-files",
        {"folder": Key(folder, "stock"), "file": Key(shelf_file, ".orderloom/world.sqlite")},
        _open_stock_files,
    ),
    ConnectionType("stock-sql", {"url": Key(secret, "{env: STOCK_URL}", required=True)}, _open_stock_sql),
)
