"""Which connections a command has: those of the project, or, outside of one, an outbox here and the shipped stock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orderloom.project import Project, shipped
from orderloom.world.connections import read_connections
from orderloom.world.mail import Outbox


def connections_of(project: Project | None, file: Path) -> Mapping[str, object]:
    """The connections for a flow or an input file. Raises `ProblemsError` where `connections.yaml` is wrong."""
    if project is not None:
        return read_connections(project.connections, project.root)
    beside = file.parent / "connections.yaml"
    if beside.is_file():
        return read_connections(beside, file.parent)
    from orderloom.world.stock import StockFiles  # noqa: PLC0415 (only who has no project pays for it)

    return {"mail": Outbox(Path.cwd() / "outbox"), "stock": StockFiles(shipped() / "stock")}
