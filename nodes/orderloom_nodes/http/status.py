"""Which statuses of a reply are accepted."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_PATTERN = re.compile(r"[1-5](?:[0-9][0-9]|xx)")


def _statuses(given: tuple[int | str, ...]) -> tuple[str, ...]:
    told = tuple(str(one) for one in given)
    if not told or not all(_PATTERN.fullmatch(one) for one in told):
        raise ValueError("statuses such as [200, 404], or all of a kind, [2xx]")
    return told


Accept = Annotated[tuple[int | str, ...], AfterValidator(_statuses)]


def is_accepted(status: int, accept: tuple[int | str, ...]) -> bool:
    return any(str(one) in {str(status), f"{status // 100}xx"} for one in accept)
