"""Which connections a command has: those that are named, else such as work on this machine alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orderloom.project import Project, shipped
from orderloom.world.connections import Connections, Definition, read_connections
from orderloom.world.types import CONNECTION_TYPES

LOCAL: Mapping[str, tuple[str, str | None]] = {  # name → type, folder
    "mail": ("outbox", "outbox"),
    "stock": ("stock-files", "stock"),
    "orders": ("order-book", "orders"),
    "payments": ("test-gateway", "orders"),
    "gift-cards": ("gift-cards", None),
    "labels": ("test-labels", "documents"),
    "documents": ("folder", "documents"),
    "numbers": ("counter", None),
}
_SHIPPED = ("stock", "orders")  # what comes with orderloom, where a project has none of its own


def connections_of(project: Project | None, file: Path) -> Mapping[str, object]:
    """The connections for a flow or an input file. Raises `ProblemsError` where `connections.yaml` is wrong."""
    base = project.root if project else file.parent
    if (base / "connections.yaml").is_file():
        return read_connections(base / "connections.yaml", base)
    at = project.root if project else Path.cwd()
    return Connections({name: _local(name, project) for name in LOCAL}, at)


def _local(name: str, project: Project | None) -> Definition:
    kind, folder = LOCAL[name]
    if folder is not None and folder in _SHIPPED and not (project is not None and (project.root / folder).is_dir()):
        folder = str(shipped() / folder)  # joined to the base, an absolute path stands for itself
    return Definition(CONNECTION_TYPES[kind], {"folder": folder} if folder is not None else {})
