"""The types of connection there are. A new one is an entry in the `TYPES` of a module here."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.world.connection_types import ConnectionType
from orderloom.world.types import http, links, mail, numbers, orders, payments, shipping, shops, stock

CONNECTION_TYPES: Mapping[str, ConnectionType] = {
    kind.name: kind
    for module in (mail, stock, orders, payments, shipping, numbers, shops, http, links)
    for kind in module.TYPES
}
