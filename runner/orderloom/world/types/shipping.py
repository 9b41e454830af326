"""Connections that make labels and keep papers: `test-labels` and `folder`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import ConnectionType, Key, folder, shelf_file
from orderloom.world.labels import TestLabels
from orderloom.world.papers import Folder
from orderloom.world.shelf import shelf_at


def _open_labels(values: Mapping[str, Any], base: Path) -> object:
    return TestLabels(shelf_at(base, values), Folder(base / values.get("folder", "documents")))


def _open_folder(values: Mapping[str, Any], base: Path) -> object:
    return Folder(base / values.get("folder", "documents"))


TYPES = (
    ConnectionType(
        "test-labels",
        {"folder": Key(folder, "documents"), "file": Key(shelf_file, ".orderloom/world.sqlite")},
        _open_labels,
    ),
    ConnectionType("folder", {"folder": Key(folder, "documents")}, _open_folder),
)
