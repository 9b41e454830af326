"""Plain data in, YAML on one line out, which the strict reader reads back to the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orderloom.source.strict_yaml import scalar

# Letters and digits, inside also blanks and signs that mean nothing in YAML where no blank precedes or follows them;
# moments, whose colons have a digit behind them.
_PLAIN = re.compile(r"[^\W_][\w.+/()*%$;-]*(?: +[\w.+/()*<>=%$;-]+)*|[\w.]+|[\d-]+T\d\d:[\d:.]+(?:Z|[+-]\d\d:\d\d)?")
_UNSEEN = re.compile("[\x7f-\xa0\xad\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]")


def flow(value: Any) -> str:
    """`{given: {total: 900, country: US}, then: {outcome: express}}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key(str(name))}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | Decimal):
        return _number(value)
    return _text(str(value))


def key(name: str) -> str:
    """A key: every name is text, but some look like something else to people and other programs."""
    return _text(name)


def _text(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and isinstance(scalar(text), str) else quoted(text)


def quoted(text: str) -> str:
    """In double quotes; what cannot be seen is written as an escape."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _number(value: int | Decimal) -> str:
    text = str(value) if isinstance(value, int) else f"{value:f}"
    return text if not isinstance(scalar(text), str) else quoted(text)
