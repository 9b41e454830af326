"""Which connections a command has: those that are named, else an outbox here and the nearest stock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orderloom.project import Project, shipped
from orderloom.world.connections import read_connections
from orderloom.world.mail import Outbox


def connections_of(project: Project | None, file: Path) -> Mapping[str, object]:
    """The connections for a flow or an input file. Raises `ProblemsError` where `connections.yaml` is wrong."""
    base = project.root if project else file.parent
    if (base / "connections.yaml").is_file():
        return read_connections(base / "connections.yaml", base)
    from orderloom.world.stock import StockFiles  # noqa: PLC0415 (only who names no connections pays for it)

    own = project is not None and (project.root / "stock").is_dir()
    stock = base / "stock" if own else shipped() / "stock"
    return {"mail": Outbox((project.root if project else Path.cwd()) / "outbox"), "stock": StockFiles(stock)}
