"""The keys that a connection of any type has: how many calls it takes, when it is left alone, and what doubt means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from orderloom.world.connection_types import Key, Unfit, reader
from orderloom.world.guard import Breaker, Guard, Rate

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_RATE = re.compile(r"([1-9][0-9]{0,5})/([smhd])")
_PAUSE = re.compile(r"([1-9][0-9]{0,3})([smh])")
_LONGEST_PAUSE_S = 86_400
_MOST_FAILURES = 1000
IN_DOUBT = ("retry", "query", "ask", "fail")


@reader(type="string", pattern=f"^{_RATE.pattern}$")
def _rate(value: Any) -> Rate | Unfit:
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        mend = "write 10/s, 600/m, 5000/h or 20000/d"
        return Unfit("is so many calls in a second, minute, hour or day", mend, "C008")
    return Rate(int(found[1]), _UNITS[found[2]], value)


@reader(
    type="object",
    required=["after", "pause"],
    additionalProperties=False,
    properties={
        "after": {"type": "integer", "minimum": 1, "maximum": _MOST_FAILURES, "description": "failures in a row"},
        "pause": {"type": "string", "pattern": f"^{_PAUSE.pattern}$", "description": "such as 30s, 5m or 1h"},
    },
)
def _breaker(value: Any) -> Breaker | Unfit:
    mend = "write {after: 5, pause: 30s}"
    if not isinstance(value, Mapping) or set(value) != {"after", "pause"}:
        return Unfit("says after how many failures, and for how long, nothing is asked", mend, "C009")
    after, pause = value["after"], value["pause"]
    found = _PAUSE.fullmatch(pause) if isinstance(pause, str) else None
    if not isinstance(after, int) or isinstance(after, bool) or not 1 <= after <= _MOST_FAILURES:
        return Unfit(f"has in `after` how many failures in a row, from 1 to {_MOST_FAILURES}", mend, "C009")
    if found is None or int(found[1]) * _UNITS[found[2]] > _LONGEST_PAUSE_S:
        return Unfit("has in `pause` how long, such as 30s, 5m or 1h, at most a day", mend, "C009")
    return Breaker(after, float(int(found[1]) * _UNITS[found[2]]))


@reader(enum=list(IN_DOUBT))
def _in_doubt(value: Any) -> str | Unfit:
    if value in IN_DOUBT:
        return str(value)
    return Unfit("says what is done about a call of which nobody knows", f"one of {', '.join(IN_DOUBT)}", "C010")


COMMON_KEYS: Mapping[str, Key] = {
    "rate": Key(_rate, "10/s"),
    "breaker": Key(_breaker, "{after: 5, pause: 30s}"),
    "in_doubt": Key(_in_doubt, "ask"),
}


def guard_of(name: str, values: Mapping[str, Any]) -> Guard | None:
    """The guard that a connection's values ask for; None where they ask for none."""
    rate, breaker = values.get("rate"), values.get("breaker")
    return Guard(name, rate, breaker) if rate or breaker else None
