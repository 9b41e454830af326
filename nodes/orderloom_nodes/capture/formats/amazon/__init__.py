"""Amazon's documents in, canonical orders and returns out: Orders v0 and 2026-01-01, vendor orders, returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from orderloom import PassedOver
from orderloom.model import Order, Return

from ...problems import Findings
from ...translate import translate
from . import returns, v0, v2026, vendor


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | PassedOver | None:
    """The order by whichever shape it has, or None after findings."""
    shapes = (("purchaseOrderNumber", vendor.read_order), ("orderId", v2026.read_order))
    read = next((read for sign, read in shapes if sign in data), v0.read_order)
    try:
        return read(data, account, findings)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Order, findings)
        return None


def read_return(data: Mapping[str, Any], account: str, findings: Findings) -> Return | None:
    """The return, or None after findings."""
    try:
        return returns.read_return(data, account, findings)
    except ValidationError as error:
        translate(error, Return, findings)
        return None
