"""Connections that count numbers: `counter`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import ConnectionType, Key, shelf_file
from orderloom.world.numbers import Counter
from orderloom.world.shelf import shelf_at


def _open(values: Mapping[str, Any], base: Path) -> object:
    return Counter(shelf_at(base, values))


TYPES = (ConnectionType("counter", {"file": Key(shelf_file, ".orderloom/world.sqlite")}, _open),)
