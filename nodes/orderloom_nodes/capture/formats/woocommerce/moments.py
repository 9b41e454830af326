"""WooCommerce's dates in, moments out: `date_x_gmt` is UTC without saying so, `date_x` the shop's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

from ...problems import shown
from ...reading import Reading


def moment(read: Reading, name: str) -> datetime | None:
    """The moment by its `_gmt` field; the local one counts only where it bears an offset."""
    field = f"{name}_gmt" if read.has(f"{name}_gmt") else name
    told = read.text(field)
    if told is None:
        return None
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        read.find("V017", field, f"`{{}}` is {shown(told)}, which is no moment", "such as 2026-01-31T14:00:00")
        return None
    if found.tzinfo is None and field == name:
        read.find(
            "V017", field, f"`{{}}` is {shown(told)}, by a clock that nothing names", f"send `{name}_gmt` beside it"
        )
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
