"""How long an order that is short waits for stock, and when it is looked at again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from orderloom import Later, World

LOOK_AGAIN = timedelta(hours=1)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([1-9]\d{0,4})([smhd])", str(value))
    if not found:
        raise ValueError("a time such as 30m, 12h or 30d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


Duration = Annotated[timedelta, BeforeValidator(_duration, json_schema_input_type=str)]


def look_again_at(world: World, limit: timedelta | None, pause: timedelta) -> Later | None:
    """When to look again; None where no waiting is wanted, in a dry run, or where it has waited long enough."""
    if limit is None or world.rehearsal:
        return None
    kept = (world.state or {}).get("since")
    since = datetime.fromisoformat(kept) if kept else world.now()
    left = since + limit - world.now()
    if left <= timedelta(0):
        return None
    return Later(world.now() + min(pause, left), {"since": since.isoformat()})
