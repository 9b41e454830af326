"""Connections that speak HTTP."""

from __future__ import annotations

from orderloom.world.connection_types import ConnectionType

TYPES: tuple[ConnectionType, ...] = ()
