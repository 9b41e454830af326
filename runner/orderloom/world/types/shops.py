"""Connections to the shops that orders come from."""

from __future__ import annotations

from orderloom.world.connection_types import ConnectionType

TYPES: tuple[ConnectionType, ...] = ()
